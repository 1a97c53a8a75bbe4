// data-photo-upload: photos go to the server one by one while the teacher types, with a bar, and once more when the
// connection drops (photo-sending.js). Without this module the same fields and buttons work by sending the form.
import { csrfHeaders } from "./csrf.js";
import { announce, changed, enqueue, refuse } from "./photo-sending.js";

const LOOK = 1500; // milliseconds between two looks at photos that are being made ready
const AT_ONCE = 4; // photos that are looked at in one go: forty at once would keep the worker's own server busy
const looking = new WeakSet();
let turn = 0;

function placeholder(picker, file) {
  const place = document.createElement("li");
  place.className = "photo-pick photo-pick--sending";
  const name = document.createElement("span");
  name.className = "photo-pick__name";
  name.textContent = file.name;
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  place.append(name, bar);
  picker.querySelector("[data-photo-list]").append(place);
  return place;
}

function move(picker, item, up) {
  const other = up ? item.previousElementSibling : item.nextElementSibling;
  if (!other) return;
  if (up) other.before(item);
  else other.after(item);
  const items = [...item.parentElement.children];
  announce(picker, "sayPlace", items.indexOf(item) + 1, items.length);
  changed(picker);
}

function drop(picker, item) {
  const body = new URLSearchParams({ only: "unused" });
  const headers = { ...csrfHeaders(), "HX-Request": "true" };
  // A photo that a message already shows stays until the message is saved without it: then the server says 404.
  fetch(item.dataset.remove, { method: "POST", headers, body }).catch(() => {});
  const next = item.nextElementSibling ?? item.previousElementSibling;
  item.remove();
  (next?.querySelector("button") ?? picker.querySelector("input[type=file]")).focus();
  changed(picker);
}

async function replacePicture(picture, address, options) {
  const answer = await fetch(address, { headers: { "HX-Request": "true" }, ...options });
  if (answer.status === 404) gone(picture);
  if (!answer.ok) return;
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  const fresh = holder.content.firstElementChild;
  if (fresh && picture.isConnected) picture.replaceWith(fresh);
}

// A colleague removed it meanwhile.
function gone(picture) {
  const picker = picture.closest("[data-photo-upload]");
  const item = picture.closest("[data-photo]");
  if (!picker || !item) return;
  refuse(picker, picker.dataset.sayGone);
  item.remove();
  changed(picker);
}

function take(picker, input) {
  const files = [...input.files];
  input.value = "";
  picker.querySelector("[data-photo-refused]").replaceChildren();
  enqueue(
    picker,
    files.map((file) => [file, placeholder(picker, file)]),
  );
}

document.addEventListener("change", (event) => {
  const picker = event.target.closest?.("[data-photo-upload]");
  if (!picker || event.target.type !== "file") return;
  event.stopPropagation(); // the files are on their way: a draft that saves itself must not send them again
  take(picker, event.target);
}, true);

// On a slow connection somebody chooses photos before this module is there.
for (const input of document.querySelectorAll("[data-photo-upload] input[type=file]")) {
  if (input.files.length) take(input.closest("[data-photo-upload]"), input);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-photo-move], [data-photo-drop], [data-photo-again]");
  const picker = button?.closest("[data-photo-upload]");
  if (!picker) return;
  event.preventDefault();
  const item = button.closest("[data-photo]");
  if (button.dataset.photoMove) {
    move(picker, item, button.dataset.photoMove === "up");
    button.focus();
  } else if (button.dataset.photoAgain) {
    const headers = { ...csrfHeaders(), "HX-Request": "true" };
    void replacePicture(button.closest(".photo-pick__picture"), button.dataset.photoAgain, { method: "POST", headers });
  } else {
    drop(picker, item);
  }
});

setInterval(() => {
  if (document.visibilityState !== "visible") return;
  const waiting = [...document.querySelectorAll("[data-photo-waiting]")];
  for (let n = 0; n < Math.min(AT_ONCE, waiting.length); n += 1) {
    const picture = waiting[(turn + n) % waiting.length];
    if (looking.has(picture)) continue;
    looking.add(picture);
    replacePicture(picture, picture.dataset.photoWaiting)
      .catch(() => {})
      .finally(() => looking.delete(picture));
  }
  turn += AT_ONCE;
}, LOOK);
