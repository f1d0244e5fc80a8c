// The package outside browsers, installed as a stranger would: what each runtime of a list makes of the same scripts.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { installPackage, root } from "../package/support.mjs";

const textOf = (path) => readFileSync(join(root, path), "utf8");
// The example of this page that has this text in it.
const example = (path, part) =>
  [...textOf(path).matchAll(/^```js\n(.*?)^```$/gms)]
    .map(([, code]) => code)
    .find((code) => code.includes(part));

const data = `
  const inputs = Float32Array.from({ length: 400 }, (_, i) => Math.sin(i * i));
  const labels = Array.from({ length: 200 }, (_, i) => Number(inputs[2 * i] > inputs[2 * i + 1]));
  const data = { train: { kind: "labels", inputs, shape: [200, 2], labels, classes: 2 } };
  const net = "dense 16, relu, dense classes";`;

const kept = `
  import { Trainer } from "lanegrad";
  import { Net } from "lanegrad/predict";
  ${data}
  const first = await Trainer.create({ data, net, seed: 2 });
  await first.train({ epochs: 3 });
  const checkpoint = await first.save();
  const second = await Trainer.create({ data, checkpoint });
  for (const trainer of [first, second]) await trainer.train({ epochs: 6 });
  const weights = async (trainer) =>
    JSON.stringify(Object.values(await trainer.weights()).map((values) => [...values]));
  console.log((await weights(first)) === (await weights(second)));
  const points = Float32Array.of(0.9, -0.9, -0.9, 0.9);
  const file = await Net.load(await second.save());
  const [there, here] = [await second.predict(points, 2), file.predict(points).probabilities];
  console.log(there.every((value, i) => value === here[i]), there[0] < 0.5, there[2] > 0.5);
  for (const trainer of [first, second]) trainer.dispose();`;

const stopped = `
  import { Trainer } from "lanegrad";
  ${data}
  const trainer = await Trainer.create({ data, net });
  const controller = new AbortController();
  const { signal } = controller;
  const onProgress = () => controller.abort();
  await trainer.train({ epochs: 1e6, signal, onProgress }).catch((error) => console.log(error.code));
  const training = trainer.train({ epochs: 1e6 });
  await trainer.pause();
  const { step } = await trainer.step();
  console.log((await trainer.step()).step - step);
  await trainer.stop();
  console.log((await training).state);
  trainer.dispose();`;

const refused = `
  import { load } from "lanegrad";
  delete globalThis.SharedArrayBuffer;
  await load({ variant: "simd-threads" }).catch(({ message }) => console.log(message));
  console.log((await load({ threads: 2 })).note);`;

// Both APIs with one thread and with more; then a thread that dies, which the trainer's worker waits for.
const threaded = (entry) => `
  import { load, Trainer } from "${entry}";
  const inputs = Float32Array.from({ length: 784 * 300 }, (_, i) => Math.sin(i * i));
  const labels = Array.from({ length: 300 }, (_, i) => i % 10);
  const data = { train: { kind: "labels", inputs, shape: [300, 784], labels, classes: 10 } };
  const net = "dense 256, relu, dense classes";
  const bits = (weights) => JSON.stringify(Object.values(weights).map((values) => [...new Uint32Array(values.buffer)]));
  const alone = await Trainer.create({ data, net, seed: 2, threads: 1 });
  await alone.train({ epochs: 3 });
  const right = bits(await alone.weights());
  for (const threads of [2, 3]) {
    const trainer = await Trainer.create({ data, net, seed: 2, threads });
    await trainer.train({ epochs: 3 });
    const { info } = trainer;
    console.log(info.threads, info.variant.endsWith("-threads"), info.note, bits(await trainer.weights()) === right);
    // On a busy machine a helper may not get a core in so short a time.
    for (let epochs = 4; (await trainer.helpedTiles()) === 0; epochs++) await trainer.train({ epochs });
    if (threads === 3) trainer.dispose();
    else globalThis.left = trainer;
  }
  const train = async (lg) => {
    const net = lg.net("dense 64, relu, dense classes", { inputs: [784], outputs: 10 });
    const set = new lg.ArrayLoader({ inputs: lg.tensor(inputs, [300, 784]), labels, classes: 10 }, { seed: 1 });
    const trainer = new lg.SyncTrainer({ net, optimizer: new lg.Adam(net), train: set });
    for (let step = 0; step < 20; step++) trainer.step();
    return lg;
  };
  const [one, two] = [await train(await load()), await train(await load({ threads: 2 }))];
  console.log(one.threads, two.threads, two.note);
  const dying = left.crashHelperForTest().catch(({ code }) => code);
  console.log(await dying, await left.step().catch(({ code }) => code));`;

// A process that makes one trainer after the other, and counts its threads after each.
const many = `
  import { Trainer } from "lanegrad";
  import { readdirSync } from "node:fs";
  ${data}
  const tasks = () => readdirSync("/proc/self/task").length;
  const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const counts = [];
  for (let i = 0; i < 4; i++) {
    const trainer = await Trainer.create({ data, net, threads: 4 });
    await trainer.train({ epochs: 2 });
    trainer.dispose();
    // A runtime keeps some threads of its own.
    for (let wait = 0; wait < 50 && (i === 0 ? wait < 10 : tasks() > counts[0] + 1); wait++) await pause(100);
    counts.push(tasks());
  }
  console.log(counts[3] <= counts[0] + 1 ? "none left" : counts.join());`;

const forgotten = `
  import { Trainer } from "lanegrad";
  ${data}
  const trainer = await Trainer.create({ data, net });
  console.log((await trainer.train({ epochs: 1 })).state);`;

/**
 * Defines the tests for runtimes { name, says, command, all, missing }: `says` is what errors call it, `all` the words that allow a script
 * everything, `missing` why it is not here.
 */
export function testRuntimes(runtimes) {
  const { folder, remove } = installPackage();
  after(remove);
  for (const { name, says, command, all, missing } of runtimes) {
    if (missing) {
      test(`the package in ${name}`, { skip: missing }, () => {});
      continue;
    }
    const run = async (code, words = command.slice(1)) => {
      writeFileSync(join(folder, "script.mjs"), code);
      const [program] = command;
      const options = { cwd: folder, timeout: 90_000, killSignal: "SIGKILL" };
      const { stdout } = await promisify(execFile)(program, [...words, "script.mjs"], options);
      return stdout;
    };
    test(`${name} runs the examples of the README and of the package's page`, async () => {
      const code = example("docs/package.md", "await load()");
      assert.equal((await run(code)).replace(/\s+/g, " ").trim(), "Int32Array(4) [ 0, 1, 1, 0 ]");
      const output = await run(example("README.md", "Trainer.create"));
      const [outside0, inside0, outside1, inside1] = output
        .match(/Float32Array\(4\) \[([^\]]*)\]/)[1]
        .split(",")
        .map(Number);
      assert.ok(inside0 > 0.9 && outside1 > 0.9 && outside0 < 0.1 && inside1 < 0.1, output);
    });

    test(`${name} goes on with a saved training, and answers from its file, with the same bits`, async () => {
      assert.equal(await run(kept), "true\ntrue true true\n");
    });

    test(`${name} aborts, pauses, steps and stops`, async () => {
      assert.equal(await run(stopped), "Aborted\n1\nstopped\n");
    });

    test(`${name} is called by its name where it lacks something`, async () => {
      const needs = `needs workers in workers and shared memory, which ${says} does not have`;
      assert.equal(
        await run(refused),
        `engine: the variant 'simd-threads' ${needs}; 'simd' runs here\nOne thread runs: a build with threads ${needs}.\n`,
      );
    });

    for (const entry of ["lanegrad", "lanegrad/inline"]) {
      test(`${name} has the same bits with any number of threads of ${entry}, which all work and end`, async () => {
        const expected = `2 true undefined true\n3 true undefined true\n1 2 undefined\nCrashed Crashed\n`;
        assert.equal(await run(threaded(entry)), expected);
      });
    }

    const onLinux = existsSync("/proc/self/task")
      ? false
      : "it counts the threads as Linux lists them";
    test(`${name} keeps no thread of a trainer that was disposed`, { skip: onLinux }, async () => {
      assert.equal(await run(many, all), "none left\n");
    });

    test(`${name} ends by itself, even if a trainer was forgotten`, async () => {
      assert.equal(await run(forgotten), "finished\n");
    });
  }
}
