// Keeps the pages of its scope on the phone: the network first, and where there is none, the copy that was seen last.
"use strict";

const PAGES = `offline-pages ${new URL(registration.scope).pathname}`;
const FILES = "offline-files";

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== location.origin) return;
  if (mode === "navigate") event.respondWith(page(event.request));
  else if (pathname.startsWith("/static/") || pathname.startsWith("/fonts/")) event.respondWith(file(event.request));
});

async function page(request) {
  let response;
  try {
    response = await fetch(request);
  } catch (error) {
    const kept = await (await caches.open(PAGES)).match(request, { ignoreSearch: true, ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
  if (response.ok) await (await caches.open(PAGES)).put(request, response.clone());
  else if (response.type === "opaqueredirect" || response.status === 403) await caches.delete(PAGES); // signed out
  return response;
}

// A file's address changes with its content: one version of each is kept.
async function file(request) {
  const cache = await caches.open(FILES);
  const kept = await cache.match(request, { ignoreVary: true });
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) {
    await cache.delete(request, { ignoreSearch: true, ignoreVary: true });
    await cache.put(request, response.clone());
  }
  return response;
}
