// [data-thread="address"][data-version]: a conversation that stands open. When live.js says that it changed, only what
// was said since that version is fetched, and each piece put in its place: by its id when it stands there already, else
// by data-at, the moment it belongs to. What is older than the page stays away. When more than words changed, the
// answer is the whole thread.
let fetching = false;
let again = false;

function merge(thread, pieces) {
  const standing = [...thread.querySelectorAll(":scope > [data-at]")];
  const last = thread.querySelector("#newest");
  for (const piece of pieces) {
    const known = piece.id && document.getElementById(piece.id);
    if (known) {
      if (known.dataset.at) standing.splice(standing.indexOf(known), 1, piece);
      known.replaceWith(piece);
    } else if (!piece.dataset.at) {
      last.before(piece);
    } else {
      const at = Number(piece.dataset.at);
      const first = standing.find((other) => other.matches(".message"));
      if (first && at < Number(first.dataset.at)) continue;
      const place = standing.findIndex((other) => Number(other.dataset.at) > at);
      const next = standing[place] ?? standing.at(-1)?.nextElementSibling ?? last;
      next.before(piece);
      standing.splice(place < 0 ? standing.length : place, 0, piece);
      thread.querySelector(":scope > .empty")?.remove();
    }
  }
}

async function ask(thread) {
  const headers = { "HX-Request": "true", "X-Kring-By-Itself": "yes" };
  const answer = await fetch(`${thread.dataset.thread}?since=${thread.dataset.version}`, { headers, cache: "no-store" });
  if (!answer.ok || answer.redirected) return;
  const version = answer.headers.get("X-Kring-Version");
  const box = document.createElement("template");
  box.innerHTML = answer.status === 204 ? "" : await answer.text();
  const whole = box.content.querySelector("#thread");
  if (whole) {
    thread.replaceWith(whole);
    window.htmx?.process(whole);
  } else if (version) {
    merge(thread, [...box.content.children]);
    thread.dataset.version = version;
  }
  document.dispatchEvent(new CustomEvent("kring:thread"));
}

async function fetchNews() {
  again = true;
  if (fetching) return; // what comes in meanwhile is fetched in one go after it
  fetching = true;
  try {
    while (again) {
      again = false;
      const thread = document.querySelector("[data-thread]");
      if (thread) await ask(thread);
    }
  } catch {
    // the server is away: live.js says "*" when it is back
  } finally {
    fetching = false;
  }
}

document.addEventListener("live", ({ target }) => { if (target.matches("[data-thread]")) void fetchNews(); }, true);
