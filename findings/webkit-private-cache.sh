#!/usr/bin/env bash
# WebKit, private window: a cache that no page holds is empty for ever, though put() goes on succeeding
#
# Software: WebKitGTK 2.50.6 of Debian 12, driven by its own WebKitWebDriver, which opens private windows.
# Guess: in a private window the Cache API keeps what was put until the window is closed, or refuses to.
# Seen: once the page that opened the cache is left, caches.has() still says true and keys() says that nothing is in it.
#   In the next page put() of the same address resolves, and keys() stays empty. After caches.delete() all is well, until that
#   page is left.
# It matters for pages that store models or data and look into caches.keys() to say whether they work without a
#   connection. Tests that drive WebKitGTK meet it at random, since WebKitWebDriver's windows are private and whatever
#   calls caches.match(), say a service worker, holds every cache. lanegrad's page fetches its digits again where the cache gives none.
# Documented: no. In WebKit's source a cache that nobody refers to any more forgets its records and, opened again, gives
#   those of a store in memory new numbers, by which they are not found.
. "$(dirname "$0")/lib.sh"
webkit 2.50.6
cp "$findings/webkit.mjs" .
javascript <<'JS'
import { browse } from "./webkit.mjs";
async function put() {
  const cache = await caches.open("weights");
  await cache.put("/weights.bin", new Response(new Uint8Array(1000)));
  return `there: ${await caches.has("weights")}, entries after put(): ${(await cache.keys()).length}`;
}
async function look() {
  const cache = await caches.open("weights");
  return `there: ${await caches.has("weights")}, entries: ${(await cache.keys()).length}`;
}
async function renew() {
  await caches.delete("weights");
  const cache = await caches.open("weights");
  await cache.put("/weights.bin", new Response(new Uint8Array(1000)));
  return `entries after delete() and put(): ${(await cache.keys()).length}`;
}
await browse(async (open, call) => {
  await open();
  console.log("first page, ", await call(put));
  await open();
  console.log("second page,", await call(look));
  console.log("second page,", await call(put));
  console.log("second page,", await call(renew));
  await open();
  console.log("third page, ", await call(look));
});
JS
seen <<'SEEN'
first page,  there: true, entries after put(): 1
second page, there: true, entries: 0
second page, there: true, entries after put(): 0
second page, entries after delete() and put(): 1
third page,  there: true, entries: 0
SEEN
