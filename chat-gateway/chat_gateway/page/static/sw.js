// @ts-nocheck: the types of a service worker and of a page cannot be told apart in one project
// Keeps the shell of the page for when there is no network, or one that does not answer. Never a task, never an answer of /v1.
const SHELL = "todotasks-shell";
const FILES = ["/", "/static/app.js", "/static/style.css", "/static/icon.svg", "/static/app.webmanifest"];
const PATIENCE = 3000; // milliseconds that a network which is there may be silent

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

/** Of the addresses that one can go to only those of the page are its shell: not the contract, not a metric. */
const ours = (path) => /^\/($|(today|upcoming|overdue|all|completed|repeating|mail|audit|search)$|(project|tag|rule|task)\/)/.test(path);

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  const shell = request.mode === "navigate" && ours(url.pathname) ? "/" : url.pathname;
  if (!FILES.includes(shell)) return;
  const fresh = fetch(request).then(async (answer) => {
    if (answer.ok && !answer.redirected) await (await caches.open(SHELL)).put(shell, answer.clone());
    return answer;
  });
  event.waitUntil(fresh.catch(() => null));
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const kept = async (other) => (await caches.match(shell)) ?? other;
  event.respondWith(
    Promise.race([fresh, late.then(() => kept(fresh))])
      .then((answer) => (answer.status >= 500 ? kept(answer) : answer)) // what is in front of a gateway that is away
      .catch(() => kept(Response.error())),
  );
});

// A reminder that was clicked: its task, in a window that is there, else in a new one.
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(
    self.clients.matchAll({ type: "window", includeUncontrolled: true }).then(async ([there]) => {
      if (!there) return self.clients.openWindow(event.notification.data);
      there.postMessage({ open: event.notification.data });
      return there.focus();
    }),
  );
});
