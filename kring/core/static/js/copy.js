// [data-copy="text"]: puts it on the clipboard. [data-print]: opens the print window.
import { toast, word } from "./toasts.js";

document.addEventListener("click", async (event) => {
  const copier = event.target.closest("[data-copy]");
  if (copier) {
    await navigator.clipboard.writeText(copier.dataset.copy);
    toast(word("copied"));
  }
  if (event.target.closest("[data-print]")) window.print();
});
