// The package in Chromium, from plain static files under a strict Content-Security-Policy: it works,
// fetches nothing but its own files, and says clearly what is wrong when something is.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, strictPolicy, visitPackage } from "./browser.mjs";
import { dist } from "./support.mjs";

const engine = (variant) => readFileSync(join(dist, `engine/${variant}/engine.wasm`));

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());
const visit = (body, options) => visitPackage(browser, body, options);

const failure = (code, message) => ({ name: "LanegradError", code, message });

test("both APIs work, quietly, and fetch only the package's own files", async () => {
  const { result, requests, complaints } = await visit(async () => {
    const { load, Trainer } = await import("/package/index.js");
    const lg = await load();
    const product = lg.tensor([[1, 2]]).matmul([[3], [4]]).item(); // prettier-ignore
    const trainer = await Trainer.create({
      data: window.data,
      net: "dense 16, relu, dense classes",
      optimizer: { name: "adam", learningRate: 0.02 },
    });
    let messages = 0;
    const { results } = await trainer.train({ epochs: 60, onProgress: () => messages++ });
    const answers = await trainer.predict(Float32Array.of(0, 0), 1);
    trainer.dispose();
    const { variant } = trainer;
    return {
      product,
      accuracy: results.at(-1).trainAccuracy,
      answers: [...answers],
      messages,
      variant,
    };
  });
  assert.equal(result.product, 11);
  assert.ok(result.accuracy > 0.9 && result.answers[1] > 0.5, JSON.stringify(result));
  assert.ok(result.messages >= 2);
  assert.equal(result.variant, "relaxed");
  assert.deepEqual(complaints, []);
  const others = requests.filter((path) => !path.startsWith("/package/") && path !== "/index.html");
  assert.deepEqual(others, []);
  assert.ok(requests.includes("/package/engine/relaxed/engine.wasm"));
});

test("a checkpoint goes on in another build, with nearly the same answers", async () => {
  const { result } = await visit(async () => {
    const { Trainer } = await import("/package/index.js");
    const first = await Trainer.create({
      data: window.data,
      net: "dense 16, relu, dense classes",
      optimizer: { name: "adam", learningRate: 0.02 },
      variant: "simd",
    });
    await first.train({ epochs: 20 });
    const second = await Trainer.create({
      data: window.data,
      checkpoint: await first.save(),
      variant: "relaxed",
    });
    const inputs = Float32Array.from({ length: 40 }, (_, i) => Math.sin(i));
    const answers = [await first.predict(inputs, 20), await second.predict(inputs, 20)];
    const { step, variant } = second.info;
    const { epochs } = await second.train({ epochs: 21 });
    return { answers: answers.map((values) => [...values]), step, variant, epochs };
  });
  const [a, b] = result.answers;
  for (const [i, answer] of a.entries()) assert.ok(Math.abs(answer - b[i]) < 1e-4, `${a} and ${b}`);
  assert.deepEqual([result.variant, result.epochs], ["relaxed", 21]);
  assert.ok(result.step > 0);
});

test("pause, step, a new rate, predict and stop take effect soon, and the page stays free", async () => {
  const { result } = await visit(async () => {
    const { Trainer } = await import("/package/index.js");
    const trainer = await Trainer.create({
      data: window.data,
      net: "dense 256, relu, dense 256, relu, dense classes",
      batchSize: 8,
    });
    let seen;
    const progress = new Promise((resolve) => (seen = resolve));
    const training = trainer.train({ epochs: 1e6, onProgress: ({ step }) => step > 5 && seen() });
    await progress;
    const times = {};
    const timed = async (name, promise) => {
      const begin = performance.now();
      await promise;
      times[name] = performance.now() - begin;
    };
    await timed("predict", trainer.predict(new Float32Array(20), 10));
    await timed("setLearningRate", trainer.setLearningRate(0.001));
    await timed("pause", trainer.pause());
    await timed("step", trainer.step());
    await timed("resume", trainer.resume());
    let frames = 0;
    const begin = performance.now();
    while (performance.now() - begin < 500) {
      await new Promise(requestAnimationFrame);
      frames++;
    }
    await timed("stop", trainer.stop());
    const { state } = await training;
    return { times, frames, state };
  });
  for (const [name, time] of Object.entries(result.times)) {
    assert.ok(time < 250, `${name} took ${time} ms`); // 50 ms are promised; a busy machine gets more
  }
  assert.ok(result.frames > 10, `${result.frames} frames in half a second`);
  assert.equal(result.state, "stopped");
});

const loading = async () => window.caught((await import("/package/index.js")).load());
const creating = async (options) => {
  const { Trainer } = await import("/package/index.js");
  return window.caught(Trainer.create({ data: window.data, ...options }));
};
const wasm = (path) => path.endsWith(".wasm");
const failSecond = (file) => {
  let requests = 0;
  return (path, answer) =>
    path === file && requests++ === 1 && Object.assign(answer, { status: 404 });
};

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
    "a missing glue",
    loading,
    (path, answer) => path.endsWith(".mjs") && Object.assign(answer, { status: 404 }),
    "LoadFailed",
    /^engine: engine\.mjs could not be loaded from beside the package \(.+\)$/,
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
    "trainer: the worker worker.js did not start (the server answered 404)",
  ],
  [
    "a worker script with a part missing",
    creating,
    failSecond("/package/shared.js"), // the page has got it before
    "LoadFailed",
    /^trainer: the worker worker\.js did not start \(.+\)$/,
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
    "trainer: the worker worker.js did not start (the page's Content-Security-Policy forbids it: worker-src)",
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

test("a host that does not know the type of the module is good enough", async () => {
  const change = (path, answer) =>
    wasm(path) && (answer.headers["Content-Type"] = "application/octet-stream");
  const { result } = await visit(
    async () => (await (await import("/package/index.js")).load()).ones([2]).shape,
    { change },
  );
  assert.deepEqual(result, [2]);
});

test("the module and the worker can come from elsewhere", async () => {
  const { result, requests } = await visit(
    async () => {
      const { load, Trainer } = await import("/package/index.js");
      await load({ wasmUrl: "/else/where.wasm" });
      await load({ wasmUrl: new URL("/else/", location.href) });
      const parameters = [];
      for (const worker of [
        "/package/worker.js",
        new URL("/package/worker.js", location.href),
        new Worker("/package/worker.js", { type: "module" }),
        () => new Worker("/package/worker.js", { type: "module" }),
      ]) {
        const trainer = await Trainer.create({ data: window.data, worker, wasmUrl: "/else/" });
        parameters.push(trainer.info.parameters);
        trainer.dispose();
      }
      return parameters;
    },
    {
      change: (path, answer) => {
        if (!path.startsWith("/else/")) return;
        const variant = path.includes("relaxed") ? "relaxed" : "simd";
        Object.assign(answer, { status: 200, body: engine(variant) });
        answer.headers["Content-Type"] = "application/wasm";
      },
    },
  );
  assert.equal(new Set(result).size, 1);
  assert.deepEqual(requests.filter(wasm).slice(0, 2), [
    "/else/where.wasm",
    "/else/relaxed/engine.wasm",
  ]);
  assert.equal(requests.filter(wasm).length, 6);
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

test("arguments are looked at as in Node, and what another window made is as good", async () => {
  const { result, complaints } = await visit(async () => {
    const { Trainer } = await import("/package/index.js");
    const frame = document.body.appendChild(document.createElement("iframe"));
    const other = frame.contentWindow;
    const data = (more) => ({ train: { ...window.data.train, ...more } });
    const gone = new Float32Array(512);
    structuredClone(gone.buffer, { transfer: [gone.buffer] });
    const inputs = other.Float32Array.from(window.data.train.inputs);
    const trainer = await Trainer.create({ data: data({ inputs }), net: "dense classes" });
    const plain = await Trainer.create({ data: data(), net: "dense classes" });
    const controller = new other.AbortController();
    const running = trainer.train({ epochs: 1e6, signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    const answers = {
      foreignSignal: await window.caught(running),
      wrongSignal: await window.caught(plain.train({ epochs: 1, signal: { aborted: false } })),
      detached: await window.caught(
        Trainer.create({ data: data({ inputs: gone }), transfer: true }),
      ),
      uncloneable: await window.caught(plain.reset({ epochs: () => 1 })),
      option: await window.caught(plain.train({ epoch: 1 })),
    };
    await trainer.reset();
    await Promise.all([trainer.train({ epochs: 1 }), plain.train({ epochs: 1 })]);
    const weights = await Promise.all([trainer.weights(), plain.weights()]);
    const [own, foreign] = weights.map((all) => Object.values(all).map((values) => [...values]));
    trainer.dispose();
    plain.dispose();
    return { ...answers, same: JSON.stringify(own) === JSON.stringify(foreign) };
  });
  const invalid = (message) => failure("InvalidArgument", message);
  assert.deepEqual(result, {
    foreignSignal: failure("Aborted", "train: it was aborted"),
    wrongSignal: invalid("train: signal an object, expected an AbortSignal"),
    detached: invalid(
      "training data: inputs a detached Float32Array, expected an array of numbers",
    ),
    uncloneable: invalid("reset: epochs a function, expected a number"),
    option: failure("NotFound", "train: unknown option 'epoch', expected 'epochs'"),
    same: true,
  });
  assert.deepEqual(complaints, []);
});
