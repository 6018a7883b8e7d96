// @ts-nocheck: the types of a service worker and of a page cannot be told apart in one project
// Keeps the shell of the page for when there is no network. Never a task, never an answer of /v1.
const SHELL = "todotasks-shell";
const FILES = ["/", "/static/app.js", "/static/style.css", "/static/icon.svg", "/static/app.webmanifest"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin || /^\/(v1|mail-link)\b/.test(url.pathname)) return;
  const shell = event.request.mode === "navigate" ? "/" : url.pathname;
  if (!FILES.includes(shell)) return;
  event.respondWith(
    fetch(event.request)
      .then(async (fresh) => {
        if (fresh.ok) (await caches.open(SHELL)).put(shell, fresh.clone());
        return fresh;
      })
      .catch(async () => (await caches.match(shell)) ?? Response.error()),
  );
});
