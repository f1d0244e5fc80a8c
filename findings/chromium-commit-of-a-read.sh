#!/usr/bin/env bash
# Chromium: commit() on a reading transaction, and "complete" comes before the result
#
# Software: Chromium 156 of Debian 12, driven by playwright-core 1.65.1.
# Guess: commit() says that no more requests come; on a transaction that only reads it changes nothing, and
#   when "complete" fires every request has its result.
# Seen: with a profile on disk, for a value of 1 MB that the page has not read before, "complete" fires in most
#   of eight tries while request.result still throws InvalidStateError. Without commit(), or with a profile in
#   memory, never.
# It matters for what a page keeps (checkpoints of a training): tests run in memory and pass, every visitor's
#   browser fails. lanegrad commits only transactions that write.
# Documented: the contrary; in the IndexedDB standard a transaction commits after its requests are processed.
. "$(dirname "$0")/lib.sh"
chromium 156
packages playwright-core@1.65.1
javascript <<'JS'
import { browse } from "./chromium.mjs";
function write() {
  return new Promise((done) => {
    const opening = indexedDB.open("kept", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("runs");
    opening.onsuccess = () => {
      const transaction = opening.result.transaction("runs", "readwrite");
      transaction.objectStore("runs").put(new Uint8Array(1e6).map((_, i) => (i * 7919) >> 3), "weights");
      transaction.oncomplete = done;
    };
  });
}
function read(commit) {
  return new Promise((done) => {
    const opening = indexedDB.open("kept", 1);
    opening.onsuccess = () => {
      const transaction = opening.result.transaction("runs", "readonly");
      const request = transaction.objectStore("runs").get("weights");
      transaction.oncomplete = () => {
        try {
          done(`${request.result.length} bytes`);
        } catch (e) {
          done(e.name);
        }
      };
      if (commit) transaction.commit();
    };
  });
}
for (const onDisk of [false, true])
  await browse(onDisk, async (open) => {
    await (await open()).evaluate(write);
    for (const commit of [false, true]) {
      const answers = new Set();
      for (let i = 0; i < 8; i++) answers.add(await (await open()).evaluate(read, commit));
      const missing = answers.has("InvalidStateError") ? "results missing" : "all results there";
      console.log(onDisk ? "on disk" : "in memory", commit ? "with commit():" : "without:", missing);
    }
  });
JS
seen <<'SEEN'
in memory without: all results there
in memory with commit(): all results there
on disk without: all results there
on disk with commit(): results missing
SEEN
