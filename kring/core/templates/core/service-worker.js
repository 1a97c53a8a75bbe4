// Keeps stylesheets, fonts, icons and one page without personal data. Pages of the app are always fetched and never kept.
const CACHE = "kring-{{ version }}";
const OFFLINE = "{{ offline|escapejs }}";
const STATIC = "{{ static_root|escapejs }}";
const DEVICE = "kring-device"; // how the server knows this device; written by push.js
const RENEW = "{% url 'notifications:device_renew' %}";
const KEPT = [{% for path in kept %}"{{ path|escapejs }}", {% endfor %}OFFLINE];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(KEPT)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== CACHE && name !== DEVICE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

// A push message says from where, never what: the page behind it is asked for when somebody opens it.
self.addEventListener("push", (event) => {
  let told = {};
  try {
    told = event.data.json();
  } catch {
    // Something came, so something must be shown: a browser that shows nothing takes the permission away.
  }
  event.waitUntil(
    self.registration.showNotification(told.title || "Kring", {
      body: told.body || "",
      tag: told.tag || "kring",
      lang: told.lang || "nl",
      icon: "{{ icon|escapejs }}",
      badge: "{{ badge|escapejs }}",
      data: { url: told.url || "/" },
    }),
  );
});

// The browser gave this device another address: the server must know it, or the device falls silent. What only the
// server and this browser know of the old one (`auth`) proves whose device it is: no session and no page are needed.
async function known(event) {
  const old = event.oldSubscription;
  if (old) return { ...old.toJSON(), key: old.options?.applicationServerKey };
  const kept = await (await caches.open(DEVICE)).match(RENEW);
  return kept ? kept.json() : null;
}

async function renew(event) {
  const old = await known(event);
  if (!old) return;
  const { pushManager } = self.registration;
  const subscribe = () => pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: old.key });
  const fresh = event.newSubscription || (await subscribe());
  const { endpoint, keys } = fresh.toJSON();
  const body = new URLSearchParams({ old: old.endpoint, old_auth: old.keys.auth, endpoint, ...keys });
  const answer = await fetch(RENEW, { method: "POST", body });
  if (answer.ok) {
    const kept = JSON.stringify({ endpoint, keys, key: typeof old.key === "string" ? old.key : undefined });
    await (await caches.open(DEVICE)).put(RENEW, new Response(kept));
  } else if (answer.status === 410) {
    await fresh.unsubscribe();
  }
}

self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));

async function open(path) {
  const address = new URL(path, self.location.origin);
  if (address.origin !== self.location.origin) return;
  for (const page of await self.clients.matchAll({ type: "window" })) {
    if (new URL(page.url).pathname === address.pathname) {
      await page.focus();
      return;
    }
  }
  await self.clients.openWindow(address.href);
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.url || "/"));
});

async function fromStatic(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) (await caches.open(CACHE)).put(request, answer.clone());
  return answer;
}

self.addEventListener("fetch", (event) => {
  const request = event.request;
  if (request.method !== "GET") return;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin) return;
  if (address.pathname.startsWith(STATIC)) {
    event.respondWith(fromStatic(request));
  } else if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
  }
});
