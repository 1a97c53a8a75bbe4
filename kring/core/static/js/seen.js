// [data-post] with a form [data-unseen] inside: a card that has been in view for a moment is read. Sent in one go, and
// when the page is left; without this module there is the button "seen".
import { csrfHeaders } from "./csrf.js";

const STAYS_MS = 1200;
const waiting = new Set();
const timers = new WeakMap();
let sender = 0;

function send() {
  clearTimeout(sender);
  sender = 0;
  if (!waiting.size) return;
  const body = new URLSearchParams();
  for (const name of waiting) body.append("posts", name);
  waiting.clear();
  fetch("/posts/seen/", { method: "POST", headers: { ...csrfHeaders(), "X-Quiet": "yes" }, body, keepalive: true }).catch(() => {});
}

const watcher = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting, intersectionRatio, intersectionRect } of entries) {
      const inView = isIntersecting && (intersectionRatio > 0.5 || intersectionRect.height > innerHeight * 0.4);
      clearTimeout(timers.get(target));
      if (!inView) continue;
      timers.set(
        target,
        setTimeout(() => {
          watcher.unobserve(target);
          if (!target.querySelector("[data-unseen]")) return;
          waiting.add(target.dataset.post);
          sender ||= setTimeout(send, 2000);
        }, STAYS_MS),
      );
    }
  },
  { threshold: [0, 0.25, 0.5, 0.75, 1] },
);

function watch() {
  for (const form of document.querySelectorAll("[data-post] [data-unseen]")) watcher.observe(form.closest("[data-post]"));
}

watch();
document.addEventListener("htmx:after:swap", watch);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") send();
});
