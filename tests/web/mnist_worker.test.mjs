// Digits that the browser has stored, where its storage or the host fails: the worker that fetches them, without a browser.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { runnerImport } from "vite";
import { root } from "./support.mjs";

const base = "https://host.example/page/";
const parts = ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"];
const urls = parts.map((part) => `${base}mnist/small-${part}-ubyte.gz`);
const labels = urls[3];
const packed = new Map();
for (const url of urls)
  packed.set(url, await readFile(`${root}build/public/mnist/${url.split("/").at(-1)}`));

// What the browser has stored, as functions that make a response or throw; what was done with it; and what the host answers.
let kept;
let done;
let host;
globalThis.caches = {
  open: async () => ({
    async match(url) {
      done.push(`read ${name(url)}`);
      return kept.get(url)?.();
    },
    async put(url, response) {
      done.push(`put ${name(url)}`);
      const bytes = await response.arrayBuffer();
      kept.set(url, () => new Response(bytes));
    },
    async delete(url) {
      done.push(`delete ${name(url)}`);
      return kept.delete(url);
    },
  }),
};
globalThis.fetch = async (url) => {
  done.push(`fetch ${name(url)}`);
  return host(url);
};
const name = (url) => /small-(.*)-ubyte/.exec(url)[1];
const unreachable = () => Promise.reject(new TypeError("Failed to fetch"));
const whole = (url) => () => new Response(packed.get(url));
/** A response that breaks off after its first bytes, as where a browser cannot read its own file. */
const cut = (url) => () =>
  new Response(
    new ReadableStream({
      start: (controller) => controller.enqueue(packed.get(url).subarray(0, 100)),
      pull: (controller) => controller.error(new TypeError("network error")),
    }),
  );
/** The responses one after the other, the last of them again and again. */
const inTurn =
  (...makers) =>
  () =>
    (makers.length > 1 ? makers.shift() : makers[0])();

const answers = new Map();
globalThis.self = { postMessage: ({ id, ...answer }) => answers.get(id)?.(answer) };
// With the small digits in the place of all, which are seven times as long.
await runnerImport(`${root}web/data/mnist_worker.ts`, {
  configFile: false,
  logLevel: "error",
  resolve: { alias: { "./mnist_files.mjs": `${root}web/data/small_mnist_files.mjs` } },
});

let id = 0;
/** What the worker answers with these files stored and this host, and what was done for it with the file of test labels. */
async function fetchMnist(stored, answer) {
  kept = new Map(stored);
  host = answer;
  done = [];
  const data = { id: ++id, name: "fetchMnist", values: [base, false, () => {}], listens: false };
  const { value, error } = await new Promise((resolve) => {
    answers.set(id, resolve);
    globalThis.self.onmessage({ data });
  });
  const ofLabels = done.filter((each) => each.endsWith(name(labels)));
  return { value, error, done: ofLabels.map((each) => each.split(" ")[0]) };
}
const all = urls.map((url) => [url, whole(url)]);
const others = all.slice(0, 3);

test("stored digits need no host, and stay as they are", async () => {
  const { value, done: of } = await fetchMnist(all, unreachable);
  assert.deepEqual([value.trainLabels.length, value.testLabels.length], [9008, 1008]);
  assert.deepEqual(of, ["read"]);
});

test("stored digits that cannot be read are read once more where the host cannot be reached", async () => {
  const fail = () => {
    throw new DOMException("Failed to read", "UnknownError");
  };
  for (const first of [fail, cut(labels), () => undefined]) {
    const stored = [...others, [labels, inTurn(first, whole(labels))]];
    const { value, error, done: of } = await fetchMnist(stored, unreachable);
    assert.equal(error, undefined);
    assert.equal(value.testLabels.length, 1008);
    assert.deepEqual(of, ["read", "fetch", "read"], "nothing is deleted");
  }
});

test("digits that can be read neither time stay stored, and the problem is the host's", async () => {
  const stored = [...others, [labels, cut(labels)]];
  const { error, done: of } = await fetchMnist(stored, unreachable);
  assert.equal(error.code, "LoadFailed");
  assert.equal(
    error.message,
    "MNIST: small-t10k-labels-idx1-ubyte.gz could not be fetched (Failed to fetch).",
  );
  assert.deepEqual(of, ["read", "fetch", "read"]);
  assert.equal(kept.size, 4);
});

test("stored digits with other contents are deleted, and fetched anew", async () => {
  const wrong = [gzipSync(Buffer.alloc(1008)), packed.get(labels).subarray(0, 100)];
  for (const bytes of wrong) {
    const stored = [...others, [labels, () => new Response(bytes)]];
    const fetched = await fetchMnist(stored, (url) => whole(url)());
    assert.equal(fetched.value.testLabels.length, 1008);
    assert.deepEqual(fetched.done, ["read", "delete", "fetch", "put"]);
    assert.equal(kept.size, 4);

    const { error, done: of } = await fetchMnist(stored, unreachable);
    assert.equal(error.code, "LoadFailed");
    assert.deepEqual(of, ["read", "delete", "fetch", "read"]);
    assert.deepEqual([...kept.keys()], urls.slice(0, 3), "the others stay");
  }
});
