// data-photo-upload: photos go to the server one by one while the teacher types, with a bar, and once more when the
// connection drops. Without this module the same fields and buttons work by sending the form.
import { csrfHeaders } from "./csrf.js";

const PAUSES = [1000, 3000, 9000]; // milliseconds before another try after the connection was lost
const LOOK = 1500; // milliseconds between two looks at photos that are being made ready
const queues = new WeakMap();

const say = (picker, key, ...values) =>
  values.reduce((text, value, index) => text.replace(`%${index + 1}`, value), picker.dataset[key]);

function announce(picker, text) {
  picker.querySelector("[data-photo-say]").textContent = text;
}

function changed(picker) {
  picker.querySelector("[data-photo-list]").dispatchEvent(new Event("change", { bubbles: true }));
}

function refuse(picker, sentence) {
  const line = document.createElement("li");
  line.textContent = sentence;
  picker.querySelector("[data-photo-refused]").append(line);
}

// What the server sent: list items of photos, and items with data-refused.
function take(picker, html, place) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  for (const item of holder.content.querySelectorAll("li")) {
    if ("refused" in item.dataset) refuse(picker, item.textContent);
    else place.before(item);
  }
  place.remove();
  changed(picker);
}

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

function post(picker, file, bar) {
  const body = new FormData();
  body.append("photo_files", file);
  for (const field of picker.querySelectorAll("[name=photos]")) body.append("photos", field.value);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch tells nothing about bytes on their way
    request.open("POST", picker.dataset.photoUpload);
    for (const [name, value] of Object.entries({ ...csrfHeaders(), "HX-Request": "true" })) {
      request.setRequestHeader(name, value);
    }
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) bar.value = event.loaded / event.total;
    };
    request.onload = () => resolve(request);
    request.onerror = reject;
    request.ontimeout = reject;
    request.send(body);
  });
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function send(picker, file, place) {
  const bar = place.querySelector("progress");
  for (let attempt = 0; ; attempt += 1) {
    try {
      const answer = await post(picker, file, bar);
      // Who was signed out meanwhile is led to another page: that answer holds no photo.
      if (answer.status === 200 && new URL(answer.responseURL).pathname === picker.dataset.photoUpload) {
        take(picker, answer.responseText, place);
        return;
      }
      if (answer.status === 413) {
        refuse(picker, `${file.name}: ${picker.dataset.sayLarge}`);
        place.remove();
        return;
      }
      if (answer.status < 500) break; // asking again would not help: let the user decide
    } catch {
      bar.value = 0;
    }
    if (attempt >= PAUSES.length) break;
    await pause(PAUSES[attempt]);
  }
  offerAgain(picker, file, place);
}

function offerAgain(picker, file, place) {
  const text = document.createElement("p");
  text.textContent = picker.dataset.sayBroken;
  const again = document.createElement("button");
  again.type = "button";
  again.className = "button button--small";
  again.textContent = picker.dataset.sayAgain;
  const leave = document.createElement("button");
  leave.type = "button";
  leave.className = "button button--quiet button--small";
  leave.textContent = picker.dataset.sayLeave;
  const choice = document.createElement("div");
  choice.className = "photo-pick__choice";
  choice.append(text, again, leave);
  place.querySelector("progress").hidden = true;
  place.append(choice);
  again.addEventListener("click", () => {
    choice.remove();
    place.querySelector("progress").hidden = false;
    enqueue(picker, [[file, place]]);
  });
  leave.addEventListener("click", () => place.remove());
}

function enqueue(picker, work) {
  const waiting = queues.get(picker);
  if (waiting) {
    waiting.push(...work);
    return;
  }
  queues.set(picker, work);
  void run(picker, work);
}

async function run(picker, work) {
  picker.setAttribute("aria-busy", "true");
  for (let number = 0; number < work.length; number += 1) {
    announce(picker, say(picker, "saySending", number + 1, work.length));
    await send(picker, ...work[number]);
  }
  queues.delete(picker);
  picker.removeAttribute("aria-busy");
  announce(picker, picker.querySelector(".photo-pick--sending") ? "" : picker.dataset.saySent);
}

function move(picker, item, up) {
  const other = up ? item.previousElementSibling : item.nextElementSibling;
  if (!other) return;
  if (up) other.before(item);
  else other.after(item);
  const items = [...item.parentElement.children];
  announce(picker, say(picker, "sayPlace", items.indexOf(item) + 1, items.length));
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
  const answer = await fetch(address, { headers: { "HX-Request": "true", ...options?.headers }, ...options });
  if (!answer.ok) return;
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  const fresh = holder.content.firstElementChild;
  if (fresh && picture.isConnected) picture.replaceWith(fresh);
}

document.addEventListener("change", (event) => {
  const picker = event.target.closest?.("[data-photo-upload]");
  if (!picker || event.target.type !== "file") return;
  event.stopPropagation(); // the files are on their way: a draft that saves itself must not send them again
  const files = [...event.target.files];
  event.target.value = "";
  picker.querySelector("[data-photo-refused]").replaceChildren();
  enqueue(
    picker,
    files.map((file) => [file, placeholder(picker, file)]),
  );
}, true);

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
  for (const picture of document.querySelectorAll("[data-photo-waiting]")) {
    replacePicture(picture, picture.dataset.photoWaiting).catch(() => {});
  }
}, LOOK);
