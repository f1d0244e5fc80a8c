// One thread wherever threads cannot be had, in Chromium.
import assert from "node:assert/strict";
import { test } from "node:test";
import { strictPolicy } from "./browser.mjs";
import { visit, workerScript, inWorker } from "./isolated.mjs";

const failure = (code, message) => ({ name: "LanegradError", code, message });
const helper = (path) => path === "/package/helper.js";
const withoutHeaders = (path, answer) => {
  for (const name of Object.keys(answer.headers)) {
    if (name.startsWith("Cross-Origin")) delete answer.headers[name];
  }
};
const withoutWorkers = (path, answer) => {
  if (!workerScript(path)) return;
  answer.headers["Content-Security-Policy"] = strictPolicy.replace(
    "worker-src 'self'",
    "worker-src 'none'",
  );
};
const helpersGet = (answerOf) => (path, answer) => helper(path) && Object.assign(answer, answerOf);

const notLoaded =
  /^One thread runs: engine: \S+\/relaxed-threads\/engine\.wasm did not start \(the worker of a thread could not be loaded: \S+\/helper\.js\)\.$/;
const noWorkers =
  /^One thread runs: a build with threads needs workers in workers and shared memory/;

for (const [name, change, expected, note, grumbles] of [
  [
    "the page is not isolated",
    withoutHeaders,
    "relaxed",
    /^One thread runs: a build with threads needs a cross-origin isolated page, by the headers .+ require-corp\.$/,
  ],
  ["there is no relaxed SIMD", inWorker("WebAssembly.validate = () => false"), "simd-threads"],
  [
    "there is no shared memory",
    inWorker("delete globalThis.SharedArrayBuffer"),
    "relaxed",
    noWorkers,
  ],
  ["there are no workers in workers", inWorker("delete globalThis.Worker"), "relaxed", noWorkers],
  [
    "a policy forbids workers in the worker",
    withoutWorkers,
    "relaxed",
    notLoaded,
    /Content Security Policy/,
  ],
  [
    "the script of a helper lacks the headers",
    (path, answer) => helper(path) && withoutHeaders(path, answer),
    "relaxed",
    notLoaded,
    /ERR_BLOCKED_BY_RESPONSE/,
  ],
  ["the script of a helper is gone", helpersGet({ status: 404 }), "relaxed", notLoaded, /404/],
  [
    "a helper never answers",
    helpersGet({ body: "" }),
    "relaxed",
    /no sign of life of its threads within 10 seconds/,
  ],
  [
    "the build is missing",
    (path, answer) =>
      path.includes("-threads") && Object.assign(answer, { status: 404, body: "no" }),
    "relaxed",
    /^One thread runs: engine: \S+\/engine\.wasm could not be fetched \(the server answered 404\)\.$/,
    /404/,
  ],
]) {
  test(`${expected} runs, and says why where it is one thread, where ${name}`, async () => {
    const body = async () => {
      const { Trainer } = await import("/package/index.js");
      const trainer = await Trainer.create({ data: window.data, threads: 2 });
      const { results } = await trainer.train({ epochs: 2 });
      return { info: trainer.info, epochs: results.length };
    };
    const { result, complaints } = await visit(body, { change });
    assert.equal(result.info.variant, expected);
    assert.equal(result.info.threads, expected.endsWith("-threads") ? 2 : 1);
    if (note) assert.match(result.info.note, note);
    else assert.equal(result.info.note, undefined);
    assert.equal(result.epochs, 2);
    // What a browser says itself cannot be helped.
    const ours = complaints.filter((complaint) => !grumbles?.test(complaint));
    assert.deepEqual(ours, []);
  });
}

const wanting = async (variant) => {
  const { Trainer } = await import("/package/index.js");
  return window.caught(Trainer.create({ data: window.data, variant, threads: 2 }));
};

for (const [name, change, value, error] of [
  [
    "without isolation",
    withoutHeaders,
    "relaxed-threads",
    failure(
      "Unsupported",
      "engine: the variant 'relaxed-threads' needs a cross-origin isolated page, by the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp; 'relaxed' runs here",
    ),
  ],
  [
    "without shared memory",
    inWorker("delete globalThis.SharedArrayBuffer"),
    "simd-threads",
    failure(
      "Unsupported",
      "engine: the variant 'simd-threads' needs workers in workers and shared memory, which this browser does not have; 'simd' runs here",
    ),
  ],
  [
    "without relaxed SIMD",
    inWorker("WebAssembly.validate = () => false"),
    "relaxed-threads",
    failure(
      "Unsupported",
      "engine: this browser has no relaxed WebAssembly SIMD, which the variant 'relaxed-threads' needs; 'simd-threads' runs here",
    ),
  ],
  [
    "under a policy against workers",
    withoutWorkers,
    "relaxed-threads",
    failure(
      "LoadFailed",
      "engine: URL/package/engine/relaxed-threads/engine.wasm did not start (the worker of a thread could not be loaded: URL/package/helper.js)",
    ),
  ],
]) {
  test(`asking for a build with threads ${name} gets one clear sentence`, async () => {
    const { result, url } = await visit(wanting, { change, value });
    assert.deepEqual({ ...result, message: result.message.replaceAll(url, "URL") }, error);
  });
}

test("a window may not wait for threads, and a number of them that makes no sense is refused", async () => {
  const { result } = await visit(async () => {
    const { load } = await import("/package/index.js");
    return [
      await window.caught(load({ variant: "simd-threads" })),
      await window.caught(load({ threads: 0 })),
      await window.caught(load({ threads: 65 })),
      await window.caught(load({ threads: 1.5 })),
    ];
  });
  assert.deepEqual(result, [
    failure(
      "Unsupported",
      "engine: the variant 'simd-threads' runs in a browser's workers only, since a window may not wait for threads; 'simd' runs here",
    ),
    failure("InvalidArgument", "threads: 0, expected 1 to 64"),
    failure("InvalidArgument", "threads: 65, expected 1 to 64"),
    failure("InvalidArgument", "threads: 1.5, expected a whole number"),
  ]);
});
