// [data-viewer]: arrow keys and a swipe follow the links to the photos before and after; Escape closes.
const viewer = document.querySelector("[data-viewer]");
const SWIPE = 60; // pixels to the side before it counts

function follow(selector) {
  viewer.querySelector(selector)?.click();
}

if (viewer) {
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || document.querySelector("dialog[open]")) return;
    if (event.key === "ArrowLeft") follow("a[rel=prev]");
    if (event.key === "ArrowRight") follow("a[rel=next]");
    if (event.key === "Escape") follow("[data-viewer-close]");
  });

  let start = null;
  const photo = viewer.querySelector(".viewer__photo");
  photo.addEventListener(
    "touchstart",
    (event) => {
      // Two fingers enlarge the page, and in an enlarged page one finger moves it.
      const isPlain = event.touches.length === 1 && (window.visualViewport?.scale ?? 1) < 1.05;
      start = isPlain ? { x: event.touches[0].clientX, y: event.touches[0].clientY } : null;
    },
    { passive: true },
  );
  photo.addEventListener(
    "touchend",
    (event) => {
      if (!start || event.touches.length) return;
      const aside = event.changedTouches[0].clientX - start.x;
      const down = event.changedTouches[0].clientY - start.y;
      start = null;
      if (Math.abs(aside) < SWIPE || Math.abs(aside) < 2 * Math.abs(down)) return;
      follow(aside > 0 ? "a[rel=prev]" : "a[rel=next]");
    },
    { passive: true },
  );
}
