// What goes wrong on the way gets a sentence; the page stays as it was, so nothing typed is lost.
import { toast, word } from "./toasts.js";

const SENTENCES = { 401: "signedout", 404: "gone", 403: "gone", 413: "large", 429: "slow" };

document.addEventListener("htmx:response:error", (event) => {
  const status = event.detail.ctx?.response?.status ?? 500;
  if ([400, 409, 422].includes(status)) return; // these bring their own sentence, where it belongs
  toast(word(SENTENCES[status] ?? "failed"));
});
document.addEventListener("htmx:error", () => toast(word(navigator.onLine ? "failed" : "offline")));
window.addEventListener("offline", () => toast(word("offline")));

if ("serviceWorker" in navigator && window.isSecureContext) {
  navigator.serviceWorker.register("/service-worker.js").catch(() => {});
}
