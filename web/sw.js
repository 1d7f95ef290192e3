// Service worker: the application opens without a network. Data is never cached here.

const FILES = __FILES__; // every file the phone needs, put in by the build
const CACHE = "weft-__STAMP__";
const SHELL = "/start";

/** A captive portal answers 200 with its own page: what comes must be what was asked for. */
const isOurs = (path, answer) => {
  const type = answer.headers.get("Content-Type") ?? "";
  return answer.ok && !answer.redirected
    && (!path.endsWith(".js") || type.includes("javascript"))
    && (!path.endsWith(".css") || type.includes("css"))
    && answer.headers.get("Weft-Part") !== null;
};

async function bring(cache, path) {
  const answer = await fetch(path, { cache: path.includes("/assets/") ? "default" : "no-cache" });
  if (!isOurs(path, answer)) throw new Error(`${path} did not come from Weft`);
  await cache.put(path, answer);
}

addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(CACHE).then((cache) => Promise.all(FILES.map((path) => bring(cache, path)))),
  );
});

addEventListener("activate", (event) => {
  const drop = async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
    await clients.claim();
  };
  event.waitUntil(drop());
});

addEventListener("message", (event) => {
  if (event.data === "take over") skipWaiting();
});

/** Parts that are not needed on every phone are kept once they were asked for. */
async function answerPart(request, path) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(path);
  if (kept) return kept;
  const answer = await fetch(request);
  if (isOurs(path, answer)) await cache.put(path, answer.clone());
  return answer;
}

addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin) return;
  if (event.request.mode === "navigate" && pathname === SHELL) {
    event.respondWith(caches.match(SHELL).then((kept) => kept ?? fetch(event.request)));
  } else if (pathname.startsWith(`${SHELL}/`) && pathname !== `${SHELL}/sw.js`) {
    event.respondWith(answerPart(event.request, pathname));
  }
});
