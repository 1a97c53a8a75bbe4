// [data-dialog="id"]: opens that <dialog>. On a link, the link itself is the way without script.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (dialog?.showModal) {
      event.preventDefault();
      dialog.showModal();
    }
    return;
  }
  const closer = event.target.closest("[data-dialog-close]");
  if (closer) {
    event.preventDefault();
    closer.closest("dialog")?.close();
  }
  // A tap beside the window closes it.
  if (event.target instanceof HTMLDialogElement && event.target.hasAttribute("data-light-dismiss")) event.target.close();
});
