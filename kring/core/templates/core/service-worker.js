// Keeps stylesheets, fonts, icons and one page without personal data. Pages of the app are always fetched and never kept.
const CACHE = "kring-{{ version }}";
const OFFLINE = "{{ offline|escapejs }}";
const STATIC = "{{ static_root|escapejs }}";
const KEPT = [{% for path in kept %}"{{ path|escapejs }}", {% endfor %}OFFLINE];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(KEPT)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))))
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
