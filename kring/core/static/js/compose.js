// [data-compose]: the draft that keeps itself. Chosen files wait for a button; a photo list that changes is kept too.
document.addEventListener("htmx:config:request", (event) => {
  const ctx = event.detail.ctx;
  if (!ctx.sourceElement?.matches?.("[data-compose]")) return;
  if (ctx.sourceElement.dataset.leaving) {
    event.preventDefault();
    return;
  }
  if (ctx.request.body instanceof FormData) ctx.request.body.delete("document");
});

// A button that publishes must not race with a draft that is being kept, or that would be in a moment.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-compose]")) return;
  event.target.dataset.leaving = "1";
  event.target.dispatchEvent(new CustomEvent("htmx:abort"));
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-compose]")) delete form.dataset.leaving;
});
