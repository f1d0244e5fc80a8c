// Unpacking ends where a file holds more than it should: a few kilobytes may hold gigabytes.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { gzipSync } from "node:zlib";
import { runnerImport } from "vite";
import { root } from "./support.mjs";

let came = 0; // bytes
globalThis.DecompressionStream = class extends DecompressionStream {
  get readable() {
    const count = new TransformStream({
      transform(chunk, controller) {
        came += chunk.length;
        controller.enqueue(chunk);
      },
    });
    return super.readable.pipeThrough(count);
  }
};
const { gunzip } = (
  await runnerImport(`${root}web/data/gzip.ts`, { configFile: false, logLevel: "error" })
).module;

const zeros = gzipSync(Buffer.alloc(64 << 20)); // 64 kB

test("no more is unpacked than there should be, and hardly more than is looked at", async () => {
  came = 0;
  await assert.rejects(
    gunzip(zeros, () => 1_000_000),
    { message: "is broken: it unpacks to more than the 1,000,000 bytes that it should have" },
  );
  assert.ok(came > 1_000_000 && came < 2 << 20, `${came} bytes came`);

  came = 0;
  const refusal = new Error("none of mine");
  await assert.rejects(
    gunzip(zeros, (start) => {
      assert.ok(start.length >= 16);
      throw refusal;
    }),
    refusal,
  );
  assert.ok(came > 0 && came < 1 << 20, `${came} bytes came`);
});

test("what is whole comes whole, however short", async () => {
  for (const length of [0, 1, 15, 16, 17, 1_000_000]) {
    const bytes = Uint8Array.from({ length }, (_, i) => i % 251);
    const limit = () => length;
    assert.deepEqual(Buffer.from(await gunzip(gzipSync(bytes), limit)), Buffer.from(bytes));
  }
  await assert.rejects(
    gunzip(zeros.subarray(0, 900), () => Infinity),
    {
      message: "is broken: its 900 bytes are no whole gzip file",
    },
  );
});
