// [data-autosubmit] on a field or form: sends the form when a choice changes; the button beside it is .no-script.
document.addEventListener("change", (event) => {
  if (event.target.closest("[data-autosubmit]")) event.target.form?.requestSubmit();
});
