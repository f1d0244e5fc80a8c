// The package from plain static files under a strict Content-Security-Policy, for a browser by its name.
import assert from "node:assert/strict";
import { after, test as nodeTest } from "node:test";
import { test } from "../support/test.mjs";
import { useBothApis } from "../package/both_apis.mjs";
import { serve, strictPolicy } from "../package/browser.mjs";
import { dist } from "../package/support.mjs";
import { launch, missing } from "./browsers.mjs";

// What runs before each case: a small problem, and what a promise rejects with.
const before = `
  const inputs = Float32Array.from({ length: 512 }, (_, i) => Math.sin(i * i));
  const inside = (_, i) => Number(Math.hypot(inputs[2 * i], inputs[2 * i + 1]) < 0.9);
  const labels = Array.from({ length: 256 }, inside);
  window.data = { train: { kind: "labels", inputs, shape: [256, 2], labels, classes: 2 } };
  window.caught = (promise) => promise.then(() => "nothing was thrown", ({ code, message }) => [code, message]);
`;

/** Defines the tests; `variant` is the build of the engine that runs there without isolation. */
export async function testPackage(name, variant) {
  const skip = missing[name]();
  if (skip) return nodeTest(`the package in ${name}`, { skip }, () => {});

  let script;
  let policy = strictPolicy;
  const html = '<!doctype html><script type="module" src="/case.js"></script>';
  const [browser, server] = await Promise.all([
    launch(name),
    serve({ "/package/": dist }, (path, answer) => {
      answer.headers["Content-Security-Policy"] = policy;
      if (path === "/index.html") Object.assign(answer, { status: 200, body: html });
      if (path === "/case.js") Object.assign(answer, { status: 200, body: script });
    }),
  ]);
  after(async () => {
    await browser.close();
    server.close();
  });

  async function visit(body, under = strictPolicy) {
    policy = under;
    script = `${before}
      window.outcome = (${body})().then((value) => ({ value }), (error) => ({ error: String(error) }));`;
    server.requests.length = 0;
    await browser.go(`${server.url}/index.html`);
    const { value, error } = await browser.until("it has run", () => window.outcome);
    assert.equal(error, undefined);
    return value;
  }

  test("both APIs work, and fetch only the package's own files", async () => {
    const result = await visit(useBothApis);
    assert.equal(result.product, 11);
    assert.ok(result.accuracy > 0.9 && result.answers[1] > 0.5, JSON.stringify(result));
    assert.ok(result.messages >= 2);
    assert.equal(result.variant, variant);
    const own = /^\/(package\/.*|index\.html|case\.js|favicon\.ico)$/;
    assert.deepEqual(
      server.requests.filter((path) => !own.test(path)),
      [],
    );
    assert.ok(server.requests.includes(`/package/engine/${variant}/engine.wasm`));
  });

  test("a saved training goes on with the same bits", async () => {
    const [whole, parts] = await visit(async () => {
      const { Trainer } = await import("/package/index.js");
      const settings = { net: "dense 16, relu, dense classes", seed: 2 };
      const weights = async (trainer) =>
        Object.values(await trainer.weights()).map((values) => [...values]);
      const first = await Trainer.create({ data: window.data, ...settings });
      await first.train({ epochs: 3 });
      const checkpoint = await first.save();
      const second = await Trainer.create({ data: window.data, checkpoint });
      for (const trainer of [first, second]) await trainer.train({ epochs: 6 });
      return [await weights(first), await weights(second)];
    });
    assert.ok(whole.flat().some((value) => value !== 0));
    assert.deepEqual(parts, whole);
  });

  test("pause, step, resume, a new rate, stop and an abort take effect", async () => {
    const result = await visit(async () => {
      const { Trainer } = await import("/package/index.js");
      const net = "dense 256, relu, dense 256, relu, dense classes";
      const trainer = await Trainer.create({ data: window.data, net, batchSize: 8 });
      let seen, last;
      const reached = new Promise((resolve) => (seen = resolve));
      const onProgress = (progress) => {
        last = progress;
        if (progress.step > 5) seen();
      };
      const training = trainer.train({ epochs: 1e6, onProgress });
      await reached;
      await trainer.setLearningRate(0.0005);
      await trainer.pause();
      const first = await trainer.step();
      const second = await trainer.step();
      const { state: whilePaused } = last;
      await trainer.resume();
      await trainer.stop();
      const { state, step } = await training;
      const controller = new AbortController();
      const aborted = trainer.train({
        epochs: 1e6,
        signal: controller.signal,
        onProgress: () => controller.abort(),
      });
      const error = await window.caught(aborted);
      return { first, second, whilePaused, state, step, error };
    });
    assert.equal(result.second.step, result.first.step + 1);
    assert.ok(Math.abs(result.second.learningRate - 0.0005) < 1e-9);
    assert.equal(result.whilePaused, "paused");
    assert.equal(result.state, "stopped");
    assert.ok(result.step >= result.second.step);
    assert.deepEqual(result.error, ["Aborted", "train: it was aborted"]);
  });

  test("a page that is busy does not keep a training waiting", async () => {
    const tries = await visit(async () => {
      const { Trainer } = await import("/package/index.js");
      const trainer = await Trainer.create({
        data: window.data,
        net: "dense 64, relu, dense classes",
      });
      let step = 0;
      const training = trainer.train({
        epochs: 1e6,
        onProgress: (progress) => (step = progress.step),
      });
      // The steps of a second, in which the page has nothing to do, or works for 60 ms at a time.
      const steps = async (work) => {
        const [before, begin] = [step, performance.now()];
        while (performance.now() < begin + 1000) {
          const end = performance.now() + work;
          while (performance.now() < end);
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        return ((step - before) / (performance.now() - begin)) * 1000;
      };
      const tries = [];
      while (tries.length < 8 && !(tries.at(-1)?.[1] > 0.25 * tries.at(-1)?.[0]))
        tries.push([await steps(0), await steps(60)]);
      await trainer.stop();
      await training;
      return tries;
    });
    // A core that is shared with others makes it half as fast; to wait for the page made it a twentieth.
    const [free, busy] = tries.at(-1);
    assert.ok(busy > 0.25 * free, `steps a second, the page free and busy: ${tries.join("; ")}`);
  });

  test("under a policy against WebAssembly it says what has to be allowed", async () => {
    const forbidden = await visit(
      async () => window.caught((await import("/package/index.js")).load()),
      strictPolicy.replace("'wasm-unsafe-eval'", ""),
    );
    const message =
      "engine: WebAssembly is forbidden here, the Content-Security-Policy has to allow 'wasm-unsafe-eval' in script-src";
    assert.deepEqual(forbidden, ["LoadFailed", message]);
  });

  test("from another origin it trains under a policy that allows just that", async () => {
    const other = await serve({ "/": dist }, (_, answer) => {
      const type = answer.headers["Content-Type"];
      answer.headers = { "Content-Type": type, "Access-Control-Allow-Origin": "*" };
    });
    try {
      const create = (what) => `async () => {
        const { Trainer } = await import("${other.url}/index.js");
        return ${what}(Trainer.create({ data: window.data, net: "dense classes" }).then((trainer) => trainer.train()));
      }`;
      const enough = `default-src 'none'; script-src 'self' ${other.url} 'wasm-unsafe-eval'; connect-src ${other.url}; worker-src blob:`;
      assert.equal((await visit(create(""), enough)).state, "finished");
      const [code, message] = await visit(
        create("window.caught"),
        enough.replace("worker-src blob:", "worker-src 'self'"),
      );
      assert.equal(code, "LoadFailed");
      assert.match(
        message,
        /did not start \(the page's Content-Security-Policy forbids it: worker-src, which has to allow blob:\)$/,
      );
    } finally {
      other.close();
    }
  });

  test("an engine whose stack has overflowed is not used again", async () => {
    const { codes, then } = await visit(async () => {
      const { load } = await import("/package/index.js");
      const lg = await load();
      const net = lg.net("dense 64, tanh, dense 64, tanh, dense 2", { inputs: [8], outputs: 2 });
      const x = lg.ones([4, 8]);
      const codes = [];
      const use = () => {
        try {
          net.forward(x);
          return "nothing was thrown";
        } catch (error) {
          if (error.code === undefined) throw error; // the stack was full before the engine was called
          codes.push(error.code);
          return error.code;
        }
      };
      // At each return from the end of the stack there is a little more of it.
      const dive = () => {
        try {
          dive();
        } catch {
          use();
        }
      };
      for (let i = 0; i < 20; i++) dive();
      return { codes, then: use() };
    });
    assert.ok(codes.includes("Crashed"), `${codes}`);
    assert.ok(!codes.includes("Internal"), `${codes}`);
    assert.equal(then, "Crashed");
  });
}
