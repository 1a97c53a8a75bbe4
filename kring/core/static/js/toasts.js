// [data-toasts]: messages that may be closed; they go by themselves after a while, unless they hold a link or the pointer.
const STAYS_MS = 9000;

export function word(name) {
  const words = document.querySelector("template[data-words]");
  return words?.content.querySelector(`[data-word="${name}"]`)?.textContent ?? "";
}

export function toast(text) {
  const place = document.querySelector("[data-toasts]");
  const template = document.querySelector("template[data-toast-template]");
  if (!place || !template || !text) return;
  for (const shown of place.querySelectorAll("[data-toast]")) {
    if (shown.querySelector("span")?.textContent === text) return;
  }
  const copy = template.content.cloneNode(true);
  copy.querySelector("[data-toast-text]").textContent = text;
  place.append(copy);
  leaveLater(place.lastElementChild);
}

function leaveLater(item) {
  if (item.querySelector("a, form, [data-undo]")) return;
  setTimeout(() => {
    if (item.matches(":hover, :focus-within")) leaveLater(item);
    else item.remove();
  }, STAYS_MS);
}

document.addEventListener("click", (event) => {
  event.target.closest("[data-toast-close]")?.closest("[data-toast]")?.remove();
});

for (const item of document.querySelectorAll("[data-toasts] > [data-toast]")) leaveLater(item);
