// Sends photos one by one and does not give up: a lost connection is waited for, a lost answer is asked for again.
// Used by photo-upload.js. What has not arrived keeps its place in the list, with its file, until it is sent or left out.
import { csrfHeaders } from "./csrf.js";
import { toast, word } from "./toasts.js";

const PAUSES = [1000, 3000, 9000]; // milliseconds before another try after the connection was lost
const RESUME = 20_000; // milliseconds between two looks whether the connection is back
const STALLED = 30_000; // milliseconds without a byte on its way: a train in a tunnel never says that it hung up
const ANSWER = 60_000; // milliseconds that the server may take once everything has arrived
const SENTENCES = { 401: "signedout", 403: "gone", 404: "gone", 429: "slow" };

const queues = new WeakMap(); // picker: what waits to be sent
const unsent = new Map(); // place in the list: what was lost on the way
const orders = new Map(); // picker: what to do once everything has been sent
let resuming = false;

const say = (picker, key, ...values) =>
  values.reduce((text, value, index) => text.replace(`%${index + 1}`, value), picker.dataset[key]);

export function announce(picker, key, ...values) {
  picker.querySelector("[data-photo-say]").textContent = key ? say(picker, key, ...values) : "";
}

export function changed(picker) {
  picker.querySelector("[data-photo-list]").dispatchEvent(new Event("change", { bubbles: true }));
}

export function refuse(picker, sentence) {
  const line = document.createElement("li");
  line.textContent = sentence;
  picker.querySelector("[data-photo-refused]").append(line);
}

const hasUnsent = (picker) => picker.querySelector(".photo-pick--sending") !== null;

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

function post(picker, file, place) {
  const bar = place.querySelector("progress");
  const body = new FormData();
  body.append("photo_files", file);
  for (const field of picker.querySelectorAll("[name=photos]")) body.append("photos", field.value);
  if (place.dataset.repeated) body.append("photo_repeated", "1"); // it may have arrived without our hearing of it
  place.dataset.repeated = "1";
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch tells nothing about bytes on their way
    let silence;
    const alive = (milliseconds) => {
      clearTimeout(silence);
      silence = setTimeout(() => request.abort(), milliseconds);
    };
    request.open("POST", picker.dataset.photoUpload);
    for (const [name, value] of Object.entries({ ...csrfHeaders(), "HX-Request": "true" })) {
      request.setRequestHeader(name, value);
    }
    request.upload.onprogress = (event) => {
      alive(STALLED);
      if (event.lengthComputable) bar.value = event.loaded / event.total;
    };
    request.upload.onload = () => alive(ANSWER);
    request.onload = () => resolve(request);
    request.onerror = request.onabort = reject;
    request.onloadend = () => clearTimeout(silence);
    alive(STALLED);
    request.send(body);
  });
}

// One try. True when there is nothing more to send, false when the server does not want it like this, null when the
// connection was lost.
async function attempt(picker, file, place) {
  let answer;
  try {
    answer = await post(picker, file, place);
  } catch {
    place.querySelector("progress").value = 0;
    return null;
  }
  // Who was signed out meanwhile is led to another page: that answer holds no photo.
  if (answer.status === 200 && new URL(answer.responseURL).pathname === picker.dataset.photoUpload) {
    take(picker, answer.responseText, place);
    return true;
  }
  if (answer.status === 413) {
    refuse(picker, `${file.name}: ${picker.dataset.sayLarge}`);
    place.remove();
    return true;
  }
  if (answer.status >= 500) return null;
  toast(word(SENTENCES[answer.status] ?? "failed"));
  return false; // asking again would not help: let the user decide
}

async function send(picker, file, place) {
  for (const pause of [0, ...PAUSES]) {
    if (pause) await new Promise((resolve) => setTimeout(resolve, pause));
    if (!place.isConnected) return;
    const done = await attempt(picker, file, place);
    if (done) return;
    if (done === false) {
      offerAgain(picker, file, place, picker.dataset.sayUnsent);
      return;
    }
  }
  unsent.set(place, { picker, file });
  offerAgain(picker, file, place, `${picker.dataset.sayBroken} ${picker.dataset.sayResumes}`);
}

function offerAgain(picker, file, place, sentence) {
  const text = document.createElement("p");
  text.textContent = sentence;
  const choice = document.createElement("div");
  choice.className = "photo-pick__choice";
  choice.append(text, button(picker, "sayAgain", "", () => again(picker, file, place)));
  choice.append(button(picker, "sayLeave", " button--quiet", () => leave(picker, place)));
  place.querySelector("progress").hidden = true;
  place.append(choice);
}

function button(picker, key, look, press) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `button button--small${look}`;
  made.textContent = picker.dataset[key];
  made.addEventListener("click", press);
  return made;
}

function again(picker, file, place) {
  unsent.delete(place);
  place.querySelector(".photo-pick__choice")?.remove();
  place.querySelector("progress").hidden = false;
  enqueue(picker, [[file, place]]);
}

function leave(picker, place) {
  unsent.delete(place);
  place.remove();
  settle(picker);
}

// The connection may be back: try what was lost, one by one, without a word until it worked.
async function resume() {
  if (resuming || !unsent.size || !navigator.onLine) return;
  resuming = true;
  for (const [place, { picker, file }] of [...unsent]) {
    if (!place.isConnected || !unsent.has(place)) {
      unsent.delete(place);
      continue;
    }
    const done = await attempt(picker, file, place);
    if (done === null) break;
    unsent.delete(place);
    if (done) settle(picker);
    else place.querySelector(".photo-pick__choice p").textContent = picker.dataset.sayUnsent;
  }
  resuming = false;
}

window.addEventListener("online", () => void resume());
setInterval(() => void resume(), RESUME);

export function enqueue(picker, work) {
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
    announce(picker, "saySending", number + 1, work.length);
    await send(picker, ...work[number]);
  }
  queues.delete(picker);
  picker.removeAttribute("aria-busy");
  settle(picker);
}

// Nothing is on its way any more: say so, and do what was ordered meanwhile.
function settle(picker) {
  if (queues.has(picker)) return;
  const order = orders.get(picker);
  orders.delete(picker);
  if (hasUnsent(picker)) {
    announce(picker, order ? "sayFirst" : "");
    if (order) toast(picker.dataset.sayFirst);
    return;
  }
  announce(picker, "saySent");
  order?.();
}

// Whoever presses a button while photos are on their way means them too: the form goes when they have arrived.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const picker = form.querySelector("[data-photo-upload]");
  if (!picker || !hasUnsent(picker)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const key = queues.has(picker) ? "sayWaits" : "sayFirst";
  if (queues.has(picker)) orders.set(picker, () => form.requestSubmit(event.submitter));
  announce(picker, key);
  toast(picker.dataset[key]);
}, true);

window.addEventListener("beforeunload", (event) => {
  if (document.querySelector(".photo-pick--sending")) event.preventDefault();
});
