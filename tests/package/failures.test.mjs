// What the package says in Chromium where something is wrong: files that are missing or broken, browsers that lack
// something, workers that die.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { isolate, launch, strictPolicy, visitPackage } from "./browser.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());
const visit = (body, options) => visitPackage(browser, body, options);

const failure = (code, message) => ({ name: "LanegradError", code, message });

const loading = async () => window.caught((await import("/package/index.js")).load());
const creating = async (options) => {
  const { Trainer } = await import("/package/index.js");
  return window.caught(Trainer.create({ data: window.data, ...options }));
};
const wasm = (path) => path.endsWith(".wasm");
const workerIs = (change) => (path, answer) => path === "/package/worker.js" && change(answer);

for (const [name, body, change, code, message] of [
  [
    "a missing module",
    loading,
    (path, answer) => wasm(path) && Object.assign(answer, { status: 404 }),
    "LoadFailed",
    "engine: URL/package/engine/relaxed/engine.wasm could not be fetched (the server answered 404)",
  ],
  [
    "a page in the place of the module",
    loading,
    (path, answer) =>
      wasm(path) &&
      Object.assign(answer, { body: "<!doctype html>", headers: { "Content-Type": "text/html" } }),
    "LoadFailed",
    "engine: URL/package/engine/relaxed/engine.wasm is text/html, expected application/wasm",
  ],
  [
    "a truncated module",
    loading,
    (path, answer) => wasm(path) && (answer.body = answer.body.subarray(0, 5000)),
    "LoadFailed",
    /^engine: URL\/package\/engine\/relaxed\/engine\.wasm is damaged or incomplete \(.+\)$/,
  ],
  [
    "a policy against WebAssembly",
    loading,
    (path, answer) =>
      (answer.headers["Content-Security-Policy"] = strictPolicy.replace("'wasm-unsafe-eval'", "")),
    "LoadFailed",
    "engine: WebAssembly is forbidden here, the Content-Security-Policy has to allow 'wasm-unsafe-eval' in script-src",
  ],
  [
    "a missing module, in the worker",
    creating,
    (path, answer) => wasm(path) && Object.assign(answer, { status: 404 }),
    "LoadFailed",
    "engine: URL/package/engine/relaxed/engine.wasm could not be fetched (the server answered 404)",
  ],
  [
    "a missing worker script",
    creating,
    (path, answer) => path === "/package/worker.js" && Object.assign(answer, { status: 404 }),
    "LoadFailed",
    "trainer: the worker URL/package/worker.js did not start (the server answered 404)",
  ],
  [
    "a worker script that is something else",
    creating,
    workerIs((answer) => (answer.headers["Content-Type"] = "text/html")),
    "LoadFailed",
    "trainer: the worker URL/package/worker.js did not start (it is text/html, expected text/javascript)",
  ],
  [
    "a worker script without the headers of its isolated page",
    creating,
    (path, answer) => {
      isolate(path, answer);
      if (path.endsWith("worker.js")) delete answer.headers["Cross-Origin-Embedder-Policy"];
    },
    "LoadFailed",
    "trainer: the worker URL/package/worker.js did not start (it comes without Cross-Origin-Embedder-Policy: require-corp, which an isolated page's workers need, too)",
  ],
  [
    "a worker given by an address where there is none",
    async () => {
      const { Trainer } = await import("/package/index.js");
      return window.caught(Trainer.create({ data: window.data, worker: "elsewhere/worker.js" }));
    },
    () => {},
    "LoadFailed",
    "trainer: the worker URL/elsewhere/worker.js did not start (the server answered 404)",
  ],
  [
    "a policy against workers",
    creating,
    (path, answer) =>
      (answer.headers["Content-Security-Policy"] = strictPolicy.replace(
        "worker-src 'self'",
        "worker-src 'none'",
      )),
    "LoadFailed",
    "trainer: the worker URL/package/worker.js did not start (the page's Content-Security-Policy forbids it: worker-src)",
  ],
  [
    "a policy against what is fetched",
    loading,
    (path, answer) =>
      (answer.headers["Content-Security-Policy"] = strictPolicy.replace(
        "connect-src 'self'",
        "connect-src 'none'",
      )),
    "LoadFailed",
    /^engine: URL\/package\/engine\/\w+\/engine\.wasm could not be fetched \(the page's Content-Security-Policy forbids it: connect-src\)$/,
  ],
]) {
  test(`${name} gets one clear sentence`, async () => {
    const { result, url } = await visit(body, { change });
    result.message = result.message?.replaceAll(url, "URL");
    if (message instanceof RegExp) {
      assert.match(result.message, message);
      assert.equal(result.code, code);
    } else {
      assert.deepEqual(result, failure(code, message));
    }
  });
}

test("a browser without SIMD, or with a wrong one, is told apart", async () => {
  const prepare = () => {
    const { Instance } = WebAssembly;
    WebAssembly.Instance = function (module) {
      const { exports } = new Instance(module);
      return { exports: { f: (x) => exports.f(x) + 1 } };
    };
  };
  const { result } = await visit(loading, { prepare });
  const text =
    "engine: this browser has no WebAssembly SIMD, which lanegrad needs; Chrome 91, Firefox 89, Safari 16.4 and newer have it";
  assert.deepEqual(result, failure("Unsupported", text));
});

test("without relaxed SIMD the plain build runs, without a word; it can be asked for, too", async () => {
  const prepare = () => {
    WebAssembly.validate = () => false; // what a browser without it answers to the probe
  };
  const body = async () => {
    const { load } = await import("/package/index.js");
    const refused = await window.caught(load({ variant: "relaxed" }));
    return { variant: (await load()).variant, refused };
  };
  const { result, requests, complaints } = await visit(body, { prepare });
  assert.deepEqual(complaints, []);
  assert.equal(result.variant, "simd");
  assert.deepEqual(requests.filter(wasm), ["/package/engine/simd/engine.wasm"]);
  const text =
    "engine: this browser has no relaxed WebAssembly SIMD, which the variant 'relaxed' needs; 'simd' runs here";
  assert.deepEqual(result.refused, failure("Unsupported", text));

  const asked = await visit(async () => {
    const { load, Trainer } = await import("/package/index.js");
    const trainer = await Trainer.create({ data: window.data, variant: "simd" });
    const unknown = await window.caught(load({ variant: "scalar" }));
    return { variants: [(await load({ variant: "simd" })).variant, trainer.variant], unknown };
  });
  assert.deepEqual(asked.result.variants, ["simd", "simd"]);
  assert.equal(
    asked.result.unknown.message,
    "variant: 'scalar', expected 'simd', 'relaxed', 'simd-threads' or 'relaxed-threads'",
  );
});

// How a worker can die, and what it says then.
for (const [name, kill, message] of [
  [
    "its engine traps",
    (worker) =>
      worker.evaluate(() =>
        self.dispatchEvent(
          new MessageEvent("message", { data: { id: 0, method: "crashForTest", values: [] } }),
        ),
      ),
    /^engine: it has crashed \(unreachable\) and has to be loaded again$/,
  ],
  [
    "an error escapes",
    (worker) =>
      worker.evaluate(
        () =>
          void setTimeout(() => {
            throw new Error("out");
          }),
      ),
    /^trainer: the worker has crashed \(.*out\)$/,
  ],
  [
    "a rejection is not handled",
    (worker) => worker.evaluate(() => void Promise.reject(new Error("lost"))),
    /^trainer: the worker has crashed \(.*lost\)$/,
  ],
  [
    "it is just gone",
    (worker) => worker.evaluate(() => self.close()),
    /^trainer: the worker has crashed \(it is gone\)$/,
  ],
]) {
  test(`a worker that dies in mid-training, because ${name}, is noticed`, async () => {
    const { result } = await visit(
      async () => {
        const { Trainer } = await import("/package/index.js");
        const trainer = await Trainer.create({ data: window.data });
        const crash = new Promise((resolve) => (trainer.onCrash = resolve));
        const onProgress = () => (window.training = true);
        const training = window.caught(trainer.train({ epochs: 1e9, onProgress }));
        const { code } = await crash;
        const again = await Trainer.create({ data: window.data });
        const { state } = await again.train({ epochs: 1 });
        return {
          code,
          training: await training,
          later: await window.caught(trainer.step()),
          state,
        };
      },
      {
        async during(tab) {
          await tab.waitForFunction(() => window.training);
          await kill(tab.workers()[0]).catch(() => {});
        },
      },
    );
    assert.equal(result.code, "Crashed");
    assert.equal(result.training.code, "Crashed");
    assert.match(result.training.message, message);
    assert.deepEqual(result.later, result.training);
    assert.equal(result.state, "finished", "a new trainer works");
  });
}
