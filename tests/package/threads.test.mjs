// The builds with threads in Chromium: the same bits as with one thread, and quiet when there is nothing to do.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { test } from "node:test";
import { visit, browser } from "./isolated.mjs";

const useful = Math.min(availableParallelism(), 8);
const failure = (code, message) => ({ name: "LanegradError", code, message });

// Runs in the page: made-up digits, and a net with work enough for several threads.
function digits() {
  const inputs = Float32Array.from({ length: 784 * 300 }, (_, i) => Math.sin(i * i));
  const labels = Array.from({ length: 300 }, (_, i) => i % 10);
  return { train: { kind: "labels", inputs, shape: [300, 784], labels, classes: 10 } };
}
const prepare = `window.digits = ${digits};`;

test("the same bits with any number of threads, and all of them work", async () => {
  const body = async () => {
    const { Trainer } = await import("/package/index.js");
    const runs = {};
    for (const [variant, threads] of [
      ["simd", 1],
      ["simd-threads", 1],
      ["simd-threads", 2],
      ["simd-threads", 3],
      ["relaxed", 1],
      ["relaxed-threads", 2],
      ["relaxed-threads", 3],
    ]) {
      const trainer = await Trainer.create({
        data: window.digits(),
        net: "dense 256, relu, dense 100, relu, dense classes",
        variant,
        threads,
      });
      await trainer.train({ epochs: 4 });
      const bits = Object.entries(await trainer.weights()).map(([name, weights]) => [
        name,
        new Uint32Array(weights.buffer).reduce((sum, word) => (Math.imul(sum, 31) + word) | 0, 7),
      ]);
      const { info } = trainer;
      // On a busy machine a helper may not get a core in so short a time.
      for (let epochs = 5; epochs <= 100 && threads > 1; epochs++) {
        if ((await trainer.helpedTiles()) > 0) break;
        await trainer.train({ epochs });
      }
      runs[`${variant} ${threads}`] = {
        ran: `${info.variant} ${info.threads}`,
        helped: await trainer.helpedTiles(),
        bits: JSON.stringify(bits),
      };
      trainer.dispose();
    }
    return runs;
  };
  const { result, complaints } = await visit(body, { prepare });
  for (const [name, { ran, helped, bits }] of Object.entries(result)) {
    assert.equal(ran, name);
    const [variant, threads] = name.split(" ");
    assert.equal(helped > 0, threads > 1, `${name}: ${helped} tiles by other threads`);
    assert.equal(bits, result[`${variant.replace("-threads", "")} 1`].bits, name);
  }
  assert.notEqual(result["simd 1"].bits, result["relaxed 1"].bits, "the comparison can fail");
  assert.deepEqual(complaints, []);
});

test("a trainer takes all threads that pay, load() one, and more in a worker if asked", async () => {
  const body = async () => {
    const { load, Trainer } = await import("/package/index.js");
    const trainer = await Trainer.create({ data: window.data });
    const worker = new Worker("/worker.js", { type: "module" });
    const inWorker = await new Promise((resolve) => (worker.onmessage = resolve));
    const { variant, threads } = await load({ threads: 4 });
    const { info } = trainer;
    return {
      trainer: [info.variant, info.threads],
      window: [variant, threads],
      inWorker: inWorker.data,
    };
  };
  const change = (path, answer) => {
    if (path !== "/worker.js") return;
    const body = `
      import { load } from "/package/index.js";
      const engines = [await load(), await load({ threads: 3 }), await load({ variant: "simd-threads" })];
      postMessage(engines.map(({ variant, threads }) => [variant, threads]));`;
    Object.assign(answer, { status: 200, body });
  };
  const { result } = await visit(body, { change });
  assert.deepEqual(result.trainer, useful > 1 ? ["relaxed-threads", useful] : ["relaxed", 1]);
  assert.deepEqual(result.window, ["relaxed", 1]);
  assert.deepEqual(result.inWorker, [
    ["relaxed", 1],
    ["relaxed-threads", 3],
    ["simd-threads", useful],
  ]);
});

test("one thread runs, and says so, where the memory of threads is too small; a reset moves the data", async () => {
  const body = async () => {
    const { Trainer } = await import("/package/index.js");
    const trainer = await Trainer.create({ data: window.digits(), threads: 2, transfer: true });
    const seen = [];
    const look = async () => {
      const { info } = trainer;
      const { loss } = await trainer.evaluate();
      seen.push({ variant: info.variant, threads: info.threads, note: info.note, loss });
    };
    const [small, large] = [[64], [4000, 2600]].map(
      (widths) => widths.map((width) => `dense ${width}, relu, `).join("") + "dense classes",
    );
    for (const net of [
      small,
      large,
      small,
      "dense 2300, relu, dense 1800, relu, dense classes",
      "dense 2200, relu, dense 1900, relu, dense classes",
      small,
    ]) {
      await trainer.reset({ net, seed: 3 });
      const { step } = await trainer.step(); // has room to train, too
      if (step !== 1) throw new Error(`step ${step}`);
      await look();
    }
    const refused = await window.caught(
      trainer.reset({
        net: "dense 4000, relu, dense 3000, relu, dense classes",
        optimizer: { name: "x" },
      }),
    );
    await look();
    const both = await Promise.all([trainer.reset({ net: large }), trainer.reset({ net: small })]);
    await look();
    return { seen, refused, both };
  };
  const { result } = await visit(body, {
    prepare: `${prepare}
      const { digits } = window;
      window.digits = () => {
        const { train } = digits();
        const idx = (extents, values) => {
          const file = new Uint8Array(4 + 4 * extents.length + values.length);
          file.set([0, 0, 8, extents.length]);
          extents.forEach((extent, i) => new DataView(file.buffer).setUint32(4 + 4 * i, extent));
          file.set(values, 4 + 4 * extents.length);
          return file;
        };
        const images = idx([300, 28, 28], Uint8Array.from(train.inputs, (x) => 255 * Math.abs(x)));
        const both = () => ({ kind: "idx", images: images.slice(), labels: idx([300], train.labels) });
        return { train: both(), test: both() };
      };`,
  });
  const { seen } = result;
  const builds = seen.map(({ variant, threads }) => `${variant} ${threads}`);
  const [shared, alone] = ["relaxed-threads 2", "relaxed 1"];
  assert.deepEqual(builds, [shared, alone, shared, shared, shared, shared, shared, shared]);
  for (const { variant, note } of seen) {
    if (variant === "relaxed-threads") assert.equal(note, undefined);
    else
      assert.match(note, /^One thread runs: the net and its data need about \d+ MB of memory, and/);
  }
  assert.equal(seen[0].loss, seen[2].loss, "the same data, the same net, after two moves");
  assert.equal(seen[0].loss, seen[5].loss);
  assert.match(result.refused.message, /^optimizer: no optimizer is called 'x'/);
  assert.equal(seen[6].loss, seen[5].loss, "what is refused changes nothing");
});

/** The processes of the page: their processor seconds so far, and their threads that are workers. */
async function renderers() {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const found = processInfo.filter(({ type }) => type === "renderer");
  const workers = found.flatMap(({ id }) =>
    readdirSync(`/proc/${id}/task`)
      .map((task) => readFileSync(`/proc/${id}/task/${task}/comm`, "utf8"))
      .filter((name) => name.startsWith("DedicatedWorker")),
  );
  return { seconds: found.reduce((sum, { cpuTime }) => sum + cpuTime, 0), workers: workers.length };
}
const pauseFor = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test("threads that wait use no processor time, and end with their trainer", async () => {
  const body = async () => {
    const { Trainer } = await import("/package/index.js");
    const trainer = await Trainer.create({
      data: window.digits(),
      net: "dense 256, relu, dense classes",
      threads: 3,
    });
    const training = trainer.train({ epochs: 1e9 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await trainer.stop();
    await training;
    window.idle = trainer.info.threads;
    await new Promise((resolve) => (window.go = resolve));
    trainer.dispose();
    window.disposed = true;
    await new Promise((resolve) => (window.go = resolve));
  };
  let idle;
  let left;
  await visit(body, {
    prepare,
    async during(tab) {
      assert.equal(await (await tab.waitForFunction(() => window.idle)).jsonValue(), 3);
      // For a while a browser still does something after loading.
      for (let i = 0; i < 6 && !(idle?.seconds < 0.1); i++) {
        await pauseFor(500);
        const before = await renderers();
        await pauseFor(1000);
        const later = await renderers();
        idle = { seconds: later.seconds - before.seconds, workers: later.workers };
      }
      await tab.evaluate(() => window.go());
      await tab.waitForFunction(() => window.disposed);
      for (let i = 0; i < 50 && left !== 0; i++) {
        await pauseFor(100);
        left = (await renderers()).workers;
      }
      await tab.evaluate(() => window.go());
    },
  });
  assert.equal(idle.workers, 3);
  assert.ok(idle.seconds < 0.1, `${idle.seconds} s of processor time in one second`);
  assert.equal(left, 0, "workers left");
});

test("a thread that dies is noticed within seconds, though the worker waits for it", async () => {
  const body = async () => {
    const { Trainer } = await import("/package/index.js");
    const trainer = await Trainer.create({ data: window.data, threads: 2 });
    const dying = window.caught(trainer.crashHelperForTest());
    const other = window.caught(trainer.step());
    return [await dying, await other];
  };
  const { result } = await visit(body);
  const crash = "engine: it has crashed (unreachable) and has to be loaded again";
  assert.deepEqual(result, [failure("Crashed", crash), failure("Crashed", crash)]);
});
