// [data-seen-talk]: a conversation that is looked at for a moment is read; without this module there is the button.
// [data-talk]: Ctrl or Cmd with Enter sends; the box begins at the newest words.
import { csrfHeaders } from "./csrf.js";

const STAYS_MS = 1200;
let timer = 0;

function watch() {
  clearTimeout(timer);
  const form = document.querySelector("form[data-seen-talk]");
  if (!form) return;
  form.hidden = true;
  if (document.visibilityState !== "visible") return;
  timer = setTimeout(() => {
    const body = new URLSearchParams(new FormData(form));
    fetch(form.action, { method: "POST", headers: { ...csrfHeaders(), "X-Quiet": "yes" }, body, keepalive: true })
      .then((answer) => { if (answer.ok) form.remove(); })
      .catch(() => { form.hidden = false; });
  }, STAYS_MS);
}

watch();
document.addEventListener("htmx:after:swap", watch);
document.addEventListener("kring:thread", watch);
document.addEventListener("visibilitychange", watch);

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form[data-talk]");
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});
