#!/usr/bin/env bash
# Chromium: a gzip file of two members ends in an error after the first
#
# Software: Chromium 156 of Debian 12, driven by playwright-core 1.65.1; gzip of Debian 12 and Node's zlib.
# Guess: DecompressionStream("gzip") reads what gzip reads; RFC 1952 makes a file of members one after the
#   other, and `cat a.gz b.gz` is how such files are put together.
# Seen: the first member comes out, then a TypeError about junk; gunzip and Node give both members.
# It matters for data sets packed in parts or by parallel tools: the page shows an error for a file that every
#   other program opens.
# Documented: in the Compression Streams standard (one member, more input is an error).
. "$(dirname "$0")/lib.sh"
chromium 156
packages playwright-core@1.65.1
{ printf hello | gzip; printf world | gzip; } >two.gz
echo "gunzip: $(gunzip <two.gz)"
javascript <<'JS'
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { browse } from "./chromium.mjs";
async function unpack(bytes) {
  const stream = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new DecompressionStream("gzip"));
  let text = "";
  try {
    for await (const part of stream) text += new TextDecoder().decode(part);
  } catch (e) {
    text += `, then ${e.name}`;
  }
  return text;
}
const file = readFileSync("two.gz");
console.log("Node:", gunzipSync(file).toString());
await browse(false, async (open) => console.log("Chromium:", await (await open()).evaluate(unpack, [...file])));
JS
seen <<'SEEN'
Node: helloworld
Chromium: hello, then TypeError
SEEN
