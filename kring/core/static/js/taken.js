// [data-taken-at] with [data-slots="id id"] buttons: times that somebody else takes turn grey without reloading.
// The page hears that the round changed (live.js) and asks which moments are taken; what is open or typed stays.
const PAUSE = 3000; // milliseconds between two questions, and up to as much again by chance: not everybody asks at once

for (const page of document.querySelectorAll("[data-taken-at]")) {
  let waiting = null;
  let askedAt = 0;

  async function ask() {
    waiting = null;
    askedAt = Date.now();
    const headers = { Accept: "application/json", "X-Kring-By-Itself": "yes" };
    const answer = await fetch(page.dataset.takenAt, { headers, cache: "no-store" }).catch(() => null);
    if (!answer?.ok) return;
    const { taken } = await answer.json();
    const gone = new Set(taken);
    for (const button of page.querySelectorAll("button[data-slots]")) {
      if (button.dataset.slots.split(" ").some((id) => gone.has(id))) button.disabled = true;
    }
  }

  page.addEventListener("live", () => {
    if (waiting) return;
    const soon = Math.max(0, askedAt + PAUSE - Date.now());
    waiting = setTimeout(ask, soon + (soon ? Math.random() * PAUSE : 0));
  });
}
