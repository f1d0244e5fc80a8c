// Makes the page work offline after the first visit, and gives it threads on hosts that send no headers.
// The build puts `const build = { version, files, headers }` before this text: each file of the page with its
// hash, and the headers that isolate it. A version is stored whole or not at all. It serves only once no page
// of the version before is open, so that a page never meets the other version's files.
/* global build */

const prefix = "lanegrad-page-";
const cacheName = prefix + build.version;
const scope = new URL("./", self.location.href);
const hashes = new Map(build.files.map(({ path, sha256 }) => [new URL(path, scope).href, sha256]));

self.addEventListener("install", (event) => event.waitUntil(store()));
self.addEventListener("activate", (event) => event.waitUntil(forgetOthers()));
// A page says which script it runs. Where it is the only page, and of this version, nobody needs
// the other version.
self.addEventListener("message", (event) => event.waitUntil(takeOver(event)));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = withoutQuery(request.url);
  if (request.method !== "GET" || !url.startsWith(scope.href)) return;
  if (request.mode === "navigate") event.respondWith(document(request, url));
  else if (hashes.has(url)) event.respondWith(file(request, url));
});

async function store() {
  const cache = await caches.open(cacheName);
  try {
    await Promise.all(
      [...hashes].map(async ([url, sha256]) => {
        // What the browser has of the file may be broken, and the host say that it has not changed.
        const response =
          (await fetched(url, sha256, "no-cache")) ?? (await fetched(url, sha256, "reload"));
        // The host may be in the middle of an update.
        if (!response) throw new Error(`${url}: another version`);
        await cache.put(url, response);
      }),
    );
  } catch (error) {
    await caches.delete(cacheName);
    throw error;
  }
}

// The file as the host has it; undefined where it has another hash.
async function fetched(url, sha256, cache) {
  const response = await fetch(url, { cache });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  const digest = await crypto.subtle.digest("SHA-256", await response.clone().arrayBuffer());
  return hex(digest) === sha256 ? response : undefined;
}

async function forgetOthers() {
  for (const name of await caches.keys()) {
    if (name.startsWith(prefix) && name !== cacheName) await caches.delete(name);
  }
}

async function takeOver({ data: script, source }) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const alone = pages.length === 1 && pages[0].id === source.id;
  if (alone && hashes.has(script)) await self.skipWaiting();
}

// The host's page while there is one to be had, so that nobody gets an old one.
async function document(request, url) {
  try {
    return isolated(await fetch(request));
  } catch (error) {
    const kept = await find(url.endsWith("/") ? `${url}index.html` : url);
    if (kept) return isolated(kept);
    throw error;
  }
}

// A file. A name with a hash in it has one content for ever; other files come from the host while
// it answers.
async function file(request, url) {
  const kept = await find(url);
  if (kept && url.includes("/assets/")) return isolated(kept);
  try {
    return isolated(await fetch(request));
  } catch (error) {
    if (kept) return isolated(kept);
    throw error;
  }
}

const find = (url) => caches.match(url, { cacheName, ignoreVary: true });

// The response with the headers of isolation, which the document and each worker's script need.
function isolated(response) {
  // This is a redirection.
  if (response.type !== "basic" && response.type !== "default") return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(build.headers)) headers.set(name, value);
  const { status, statusText } = response;
  return new Response(status === 304 ? null : response.body, { status, statusText, headers });
}

function withoutQuery(address) {
  const url = new URL(address);
  return url.origin + url.pathname;
}

const hex = (buffer) =>
  Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
