// [data-confirm="question"] on a form or its button: asks once before something is destroyed.
const dialog = document.querySelector("[data-confirm-window]");
let waiting = null;

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const question = event.submitter?.dataset.confirm || form.dataset.confirm;
    if (!question || !dialog?.showModal || form.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting = { form, submitter: event.submitter };
    dialog.querySelector("[data-confirm-text]").textContent = question;
    dialog.showModal();
  },
  true,
);

dialog?.querySelector("[data-confirm-yes]").addEventListener("click", () => {
  dialog.close();
  if (!waiting) return;
  const { form, submitter } = waiting;
  waiting = null;
  form.dataset.confirmed = "yes";
  form.requestSubmit(submitter);
  delete form.dataset.confirmed;
});
