// [data-push]: the page that turns notifications on for this device. It shows the part that fits the device, and fills
// in the form with what the browser says. [data-push-seen]: on every page, once a day, the device says it is there.
import { csrfHeaders } from "./csrf.js";

const DAY = 86_400_000;
const SEEN = "kring-push-seen";
const root = document.querySelector("[data-push]");
const seenAt = document.querySelector("[data-push-seen]")?.dataset.pushSeen;
const can = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window && window.isSecureContext;
const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const subscribed = async () => (await navigator.serviceWorker.ready).pushManager.getSubscription();

// Says whether this device may go on: not when its owner took it away from elsewhere, or when it is somebody else's.
async function isStillWanted(subscription) {
  const body = new URLSearchParams({ endpoint: subscription.endpoint });
  const headers = { ...csrfHeaders(), "HX-Request": "true", "X-Kring-By-Itself": "yes" };
  const answer = await fetch(seenAt, { method: "POST", headers, body });
  if (answer.status === 410) await subscription.unsubscribe();
  return answer.status === 204;
}

async function sayWeAreHere() {
  const today = `${Math.floor(Date.now() / DAY)}`;
  if (sessionStorage.getItem(SEEN) === today || Notification.permission !== "granted") return;
  const subscription = await subscribed();
  sessionStorage.setItem(SEEN, today);
  if (subscription) await isStillWanted(subscription);
}

// The service worker reads this when the browser gives the device another address.
async function keep(subscription) {
  const kept = { ...subscription.toJSON(), key: toText(subscription.options.applicationServerKey ?? new ArrayBuffer(0)) };
  await (await caches.open("kring-device")).put(root.dataset.pushRenew, new Response(JSON.stringify(kept)));
}

function show(state) {
  for (const part of root.querySelectorAll("[data-push-state]")) part.hidden = part.dataset.pushState !== state;
}

// A public key that changed (a server that was set up anew) makes the old subscription useless.
const isOurs = (subscription) => toText(subscription.options.applicationServerKey ?? new ArrayBuffer(0)) === root.dataset.push;

async function stateOf() {
  if (!can) {
    const isApple = /iPhone|iPad/.test(navigator.userAgent) || (navigator.maxTouchPoints > 1 && /Mac/.test(navigator.userAgent));
    const isInstalled = navigator.standalone || matchMedia("(display-mode: standalone)").matches;
    return isApple && !isInstalled ? "install" : "unsupported";
  }
  if (Notification.permission === "denied") return "blocked";
  const subscription = await subscribed();
  if (Notification.permission !== "granted" || !subscription || !isOurs(subscription)) return "off";
  return (await isStillWanted(subscription)) ? "on" : "off";
}

async function turnOn() {
  if ((await Notification.requestPermission()) !== "granted") {
    show(Notification.permission === "denied" ? "blocked" : "off");
    return;
  }
  const { pushManager } = await navigator.serviceWorker.ready;
  const old = await pushManager.getSubscription();
  if (old && !isOurs(old)) await old.unsubscribe();
  const subscription = await pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: toBytes(root.dataset.push),
  });
  await keep(subscription);
  const form = root.querySelector("[data-push-form]");
  form.elements.endpoint.value = subscription.endpoint;
  form.elements.p256dh.value = toText(subscription.getKey("p256dh"));
  form.elements.auth.value = toText(subscription.getKey("auth"));
  form.submit();
}

async function start() {
  try {
    show(await stateOf());
  } catch {
    show("failed");
  }
  root.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-push-on]");
    if (!button) return;
    button.disabled = true;
    try {
      await turnOn();
    } catch {
      show("failed");
    }
    button.disabled = false;
  });
}

if (root) void start();
else if (seenAt && can) void sayWeAreHere().catch(() => {});
