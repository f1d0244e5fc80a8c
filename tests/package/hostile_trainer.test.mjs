// Wrong values in every place of every call of a trainer: each call works or rejects with one LanegradError that is
// the caller's fault, none hangs, and the trainer is as good afterwards. Which are tried where is decided by a seed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load, Trainer } from "../../dist/index.js";
import { circle, idx } from "./support.mjs";
import { mine, hostile, places, put, judge, label } from "./hostile.mjs";

let state = 20261128;
const random = (below) => (state = (state * 48271) % 0x7fffffff) % below;

const settings = () => ({
  net: "dense 2, batchnorm, relu, dense classes",
  optimizer: { name: "sgd", learningRate: 0.1, weightDecay: 0, momentum: 0.5, nesterov: true },
  schedule: { name: "one-cycle", warmUp: 0.1, start: 0.1, end: 0 },
  epochs: 2,
  batchSize: 16,
  seed: 1,
  labelSmoothing: 0.1,
  clipNorm: 1,
  averaging: 0.9,
  validation: 8,
  patience: 1,
  augment: { shift: 0, rotation: 0, scale: 0, shear: 0 },
  normalize: false,
  weights: undefined,
  checkpoint: undefined,
});

test("Trainer", async () => {
  const uncaught = [];
  const note = (error) => uncaught.push(String(error?.stack ?? error));
  process.on("unhandledRejection", note);
  process.on("uncaughtException", note);
  const data = () => ({ train: circle(32), test: circle(16) });
  const trainer = await Trainer.create({ data: data(), ...settings() });
  const all = { ...(await trainer.weights()) };
  const saved = await trainer.save();
  const input = () => Float32Array.of(0.1, 0.2);
  const asynchronous = {
    load: [(o) => load(o), () => [{ wasmUrl: undefined, variant: undefined, threads: 1 }], 0.3],
    train: [
      (o) => trainer.train(o),
      () => [{ epochs: 0, onProgress: () => {}, signal: undefined }],
      1,
    ],
    setLearningRate: [(...v) => trainer.setLearningRate(...v), () => [0.1, 3], 1],
    measure: [(...v) => trainer.measure(...v), () => ["train", 4], 1],
    predict: [(...v) => trainer.predict(...v), () => [input(), 1], 1],
    inspect: [(...v) => trainer.inspect(...v), () => [input()], 1],
    trace: [(...v) => trainer.trace(...v), () => [input(), 1], 1],
    inputGradient: [(...v) => trainer.inputGradient(...v), () => [input(), 1, 0], 1],
    nearest: [(...v) => trainer.nearest(...v), () => [input(), 2, 8], 1],
    weights: [(...v) => trainer.weights(...v), () => ["dense1.weight"], 1],
    answers: [(o) => trainer.weights(o), () => [{ of: "answers", name: "dense1.weight" }], 1],
    describe: [(...v) => trainer.describe(...v), () => ["dense 3, dense classes"], 1],
    learningRates: [(...v) => trainer.learningRates(...v), () => [settings(), 3], 0.3],
    augmented: [(...v) => trainer.augmented(...v), () => [[0, 1], { shift: 0 }, 1], 1],
    reset: [(o) => trainer.reset(o), () => [{ ...settings(), weights: { ...all } }], 0.25],
    restore: [(o) => trainer.reset(o), () => [{ checkpoint: saved }], 1],
    create: [
      (o) => Trainer.create(o),
      () => [
        {
          ...settings(),
          data: data(),
          variant: undefined,
          threads: 1,
          wasmUrl: undefined,
          worker: undefined,
          transfer: false,
        },
      ],
      0.04,
    ],
    numbers: [
      (o) => Trainer.create(o),
      () => [
        {
          data: {
            train: { kind: "numbers", inputs: [1, 2], shape: [2, 1], targets: [1, 2], outputs: 1 },
          },
          net: "dense classes",
        },
      ],
      0.1,
    ],
    images: [
      (o) => Trainer.create(o),
      () => [
        {
          data: { train: { kind: "idx", images: idx([2, 2, 2]), labels: idx([2]), classes: 2 } },
          net: "dense classes",
        },
      ],
      0.1,
    ],
  };
  const faults = [];
  let count = 0;
  for (const [name, [call, good, share]] of Object.entries(asynchronous)) {
    for (const path of places(good())) {
      for (let index = 0; index < hostile.length; index++) {
        if (random(1000) >= 1000 * share) continue;
        const what = label(name, path, index);
        const values = good();
        const value = hostile[index]();
        put(values, path, value);
        count++;
        let timer;
        const late = new Promise((_, reject) => {
          timer = setTimeout(reject, 10_000, new Error("it hangs"));
        });
        try {
          const result = await Promise.race([call(...values), late]);
          if (result instanceof Trainer) result.dispose();
        } catch (error) {
          // Files that are not there can be asked for, and a worker that is none.
          const missing = /wasmUrl|worker/.test(path.at(-1)) && error.code === "LoadFailed";
          if (!missing && error !== mine) faults.push(judge(error, what));
        } finally {
          clearTimeout(timer);
        }
      }
    }
  }
  const bad = faults.filter((fault) => fault !== undefined);
  assert.ok(count > 1000 && faults.length > 500, `${count} calls, ${faults.length} refused`);
  assert.deepEqual(bad.slice(0, 5), [], `${bad.length} of ${count}`);
  // A promise that is nobody's business was among the values.
  assert.deepEqual(uncaught, []);
  await trainer.reset({ ...settings(), weights: all });
  assert.equal((await trainer.train()).state, "finished");
  trainer.dispose();
  process.off("unhandledRejection", note);
  process.off("uncaughtException", note);
});
