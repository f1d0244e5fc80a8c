// The memory that a run is estimated to need in the engine, against what it really needs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load, Trainer } from "../../dist/index.js";
import { loadModule } from "../../build/package/module/load.js";
import { needed } from "../../build/package/worker/build_choice.js";
import { DataSets } from "../../build/package/worker/data_sets.js";
import { Training } from "../../build/package/worker/training.js";
import { dataSizes, whyTooLarge } from "../../build/package/worker/memory.js";
import { idx, mlp } from "./support.mjs";

const megabyte = 2 ** 20;
const samples = 2000;
const inputs = new Float32Array(samples * 784);
const shape = [samples, 784];
const data = {
  images: { kind: "idx", images: idx([samples, 28, 28]), labels: idx([samples]) },
  labels: { kind: "labels", inputs, shape, labels: new Int32Array(samples), classes: 10 },
  numbers: { kind: "numbers", inputs, shape, targets: inputs.slice(0, 10 * samples), outputs: 10 },
};

for (const [kind, hidden, { activation, ...settings }] of [
  ["images", [128], {}],
  ["images", [512, 512], { batchSize: 128 }],
  ["images", [1500, 700], {}],
  ["images", "lenet", {}],
  ["images", "convnet", { batchSize: 250 }],
  ["images", "best", { batchSize: 128, averaging: 0.99 }],
  ["labels", [600], { batchSize: 2000 }],
  ["labels", [300, 300, 300], { batchSize: 1000, activation: "sigmoid" }],
  ["labels", [1000], { optimizer: { name: "sgd", momentum: 0.9 }, batchSize: 1 }],
  ["numbers", [400, 400], { batchSize: 500, activation: "tanh" }],
  ["numbers", [], { batchSize: 7 }],
]) {
  test(`${kind}, ${hidden}, ${JSON.stringify(settings)}`, async () => {
    const engine = await loadModule();
    const given = { train: data[kind], test: data[kind] };
    const net = typeof hidden === "string" ? hidden : mlp(hidden, activation);
    const wanted = { net, ...settings };
    const sizes = dataSizes(given);
    const estimated = needed(engine, sizes, wanted);

    const training = new Training(engine, new DataSets(engine, given), wanted);
    for (let step = 0; step < 3; step++) {
      training.trainer.step();
      training.trainer.beginEvaluation("test", Number.MAX_SAFE_INTEGER);
      while (!training.trainer.evaluateSome());
    }
    const bytesOfImages = kind === "images" ? sizes.bytes : 0; // those are no arrays
    const used = engine.raw.peakBytes() + bytesOfImages;
    const text = `${(used / megabyte).toFixed(1)} MB, ${(estimated / megabyte).toFixed(1)} estimated`;
    assert.ok(used <= estimated, text);
    // Where convolution and pooling run as one operation, what is between them is never there.
    const most = typeof hidden === "string" ? 4 : 2;
    assert.ok(estimated <= most * used + 4 * megabyte, text);
  });
}

test("what is too large for threads gets one sentence", () => {
  assert.equal(whyTooLarge(200 * megabyte), undefined);
  assert.equal(
    whyTooLarge(300.5 * megabyte),
    "One thread runs: the net and its data need about 325 MB of memory, and threads can share 256 MB.",
  );
});

test("many answers at once are the answers to each", async () => {
  const lg = await load();
  const net = "dense 5, relu, dense classes";
  const train = { ...data.labels, inputs: inputs.map((_, i) => Math.sin(i)) };
  const trainer = await Trainer.create({ data: { train }, net });
  const many = await trainer.predict(train.inputs.subarray(0, 784 * 700), 700);
  assert.equal(many.length, 7000);
  for (const sample of [0, 255, 256, 511, 512, 699]) {
    const one = await trainer.predict(train.inputs.slice(784 * sample, 784 * (sample + 1)), 1);
    const difference = lg.tensor(one).sub(many.slice(10 * sample, 10 * (sample + 1)));
    assert.ok(difference.abs().max().item() < 1e-6, `sample ${sample}`);
  }
  await assert.rejects(trainer.predict(new Float32Array(784 * 699), 700), {
    message: "tensor: 548016 numbers were given, the shape [700, 784] takes 548800",
  });
  trainer.dispose();
});
