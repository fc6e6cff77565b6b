// Keeps what a reader has visited, so that the lab works without a network. Only the lab registers it (site/lab/offline.ts); its own
// large files are kept by their digest, by the lab itself.
const cacheName = 'hookpoint-pages';
const mostEntries = 400;

addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(clients.claim()));

addEventListener('fetch', (event) => {
  const { request } = event;
  const { scope } = registration;
  const isOurs = request.method === 'GET' && request.url.startsWith(scope);
  if (!isOurs || request.url.startsWith(`${scope}lab/`)) return;
  // What has its digest in its name never changes.
  const isForever = request.url.startsWith(`${scope}_astro/`);
  event.respondWith(isForever ? keptFirst(request) : networkFirst(request));
});

// The page names what it had loaded before this was there.
addEventListener('message', (event) => {
  const urls = event.data.keep.filter((url) => url.startsWith(registration.scope));
  event.waitUntil(Promise.all(urls.map((url) => keptFirst(new Request(url)).catch(() => {}))));
});

async function keptFirst(request) {
  const cache = await caches.open(cacheName);
  return (await cache.match(request, { ignoreVary: true })) ?? keep(cache, request, await fetch(request));
}

async function networkFirst(request) {
  const cache = await caches.open(cacheName);
  try {
    return await keep(cache, request, await fetch(request));
  } catch (error) {
    const kept = await cache.match(request, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}

async function keep(cache, request, response) {
  if (!response.ok || response.redirected) return response;
  // A full disk must not cost the answer.
  await cache.put(request, response.clone()).catch(() => {});
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - mostEntries)).map((old) => cache.delete(old)));
  return response;
}
