// [data-live="posts conversation:abc"]: what changes when the server says so. It says only that something changed; the
// element fetches it by its own hx-get with hx-trigger="live". Without this module the page is as it was when it opened.
//
// One tab listens for all tabs of this browser (a browser keeps six connections to a server), and tells the others.
const PAUSES = [1000, 3000, 9000, 30_000, 60_000]; // milliseconds before asking again
const AWAY = 30_000; // milliseconds without the server after which something may have been missed
const address = document.querySelector("[data-live-at]")?.dataset.liveAt;
const others = "BroadcastChannel" in window ? new BroadcastChannel("kring-live") : null;
let heardAt = Date.now();

function tell(hint) {
  const [topic] = hint.split(":");
  for (const element of document.querySelectorAll("[data-live]")) {
    const wanted = element.dataset.live.split(" ");
    if (hint === "*" || wanted.includes(topic) || wanted.includes(hint)) element.dispatchEvent(new CustomEvent("live"));
  }
}

function hear(hint) {
  tell(hint);
  others?.postMessage(hint);
}

async function listen(signal) {
  // The page asks, not somebody who touched it: a session does not live longer by it.
  const headers = { Accept: "text/event-stream", "HX-Request": "true", "X-Kring-By-Itself": "yes" };
  const answer = await fetch(address, { headers, signal, cache: "no-store" });
  if (answer.status === 401 || answer.status === 204 || answer.redirected) return false;
  if (!answer.ok) throw new Error(`The server answered ${answer.status}`);
  if (!answer.headers.get("Content-Type")?.startsWith("text/event-stream")) return false;
  if (Date.now() - heardAt > AWAY) hear("*");
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return true;
    heardAt = Date.now();
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) if (line.startsWith("data: ")) hear(line.slice(6));
  }
}

async function keepListening(signal) {
  let failures = 0;
  while (!signal.aborted) {
    try {
      const began = Date.now();
      if (!(await listen(signal))) return;
      failures = Date.now() - began > AWAY ? 0 : failures + 1; // let go at once, again and again: ask less often
    } catch {
      failures += 1;
    }
    if (signal.aborted) return;
    const pause = failures ? PAUSES[Math.min(failures, PAUSES.length) - 1] : 0;
    await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random())));
  }
}

function start() {
  const stop = new AbortController();
  addEventListener("pagehide", () => stop.abort(), { once: true });
  const turn = () => keepListening(stop.signal);
  if (navigator.locks) navigator.locks.request("kring-live", { signal: stop.signal }, turn).catch(() => {});
  else void turn();
}

others?.addEventListener("message", ({ data }) => {
  heardAt = Date.now();
  tell(data);
});

// What comes of a hint is asked by the page itself too.
document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  if (ctx.sourceEvent?.type === "live") ctx.request.headers["X-Kring-By-Itself"] = "yes";
});

if (address && document.querySelector("[data-live]")) {
  start();
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    tell("*");
    start();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && Date.now() - heardAt > AWAY) tell("*");
  });
}
