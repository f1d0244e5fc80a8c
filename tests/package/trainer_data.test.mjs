// What trainers learn from, and the nets of the catalog.
import assert from "node:assert/strict";
import { test } from "node:test";
import { circle, idx, refusesLater } from "./support.mjs";
import { create, soon, watch, within } from "./training.mjs";

test("numbers can be learned instead of labels", async () => {
  const samples = 200;
  const inputs = Float32Array.from({ length: samples }, (_, i) => i / 100 - 1);
  const targets = inputs.map((x) => x * x);
  const data = { kind: "numbers", inputs, shape: [samples, 1], targets, outputs: 1 };
  const trainer = await create({ data: { train: data } });
  assert.equal(trainer.info.testSamples, 0);
  const { results } = await trainer.train({ epochs: 60 });
  const { trainLoss, trainAccuracy, testLoss, testAccuracy } = results.at(-1);
  assert.ok(trainLoss < 0.005, `loss ${trainLoss}`);
  assert.deepEqual([trainAccuracy, testLoss, testAccuracy], [NaN, NaN, NaN]);
  const [at0, at1] = await trainer.predict(Float32Array.of(0, 0.9), 2);
  assert.ok(Math.abs(at0) < 0.15 && Math.abs(at1 - 0.81) < 0.2, `${at0} ${at1}`);
  await refusesLater(
    trainer.evaluate(),
    "InvalidState",
    "training: evaluation without test data, expected a test set",
  );
});

test("images come from IDX files, copied or handed over", async () => {
  const pixels = Uint8Array.from({ length: 40 * 4 }, (_, i) => (i % 8 < 4 ? 255 : 0));
  const labels = Uint8Array.from({ length: 40 }, (_, i) => i % 2);
  const files = () => ({ kind: "idx", images: idx([40, 2, 2], pixels), labels: idx([40], labels) });
  const [kept, given] = [files(), files()];
  const trainer = await create({ data: { train: kept, test: kept }, batchSize: 8 });
  assert.ok(kept.images.length > 0);
  const other = await create({ data: { train: given }, batchSize: 8, transfer: true });
  assert.equal(given.images.length, 0, "handed over");
  const { results } = await trainer.train({ epochs: 10 });
  assert.equal(results.at(-1).testAccuracy, 1);
  await other.train({ epochs: 10 });
  assert.deepEqual(await other.weights(), await trainer.weights());
});

test("batches of one sample are refused for BatchNorm, and a single one left over joins others", async () => {
  const net = "dense 16, batchnorm, relu, dense classes";
  for (const [samples, batchSize, batches] of [
    [65, 64, 1],
    [129, 64, 2],
    [200, 199, 1],
  ]) {
    const trainer = await create({ data: { train: circle(samples) }, net, batchSize });
    assert.equal(trainer.info.batchesPerEpoch, batches);
    assert.equal((await trainer.learningRates({}, 5)).length, 5);
    const { step } = await trainer.train({ epochs: 2 });
    assert.equal(step, 2 * batches);
  }
  await refusesLater(
    create({ net, batchSize: 1 }),
    "InvalidArgument",
    "training: a batch size of 1 and 256 training samples give batchnorm1 batches of one sample, expected at least 2, which BatchNorm needs",
  );
  await refusesLater(
    create({ data: { train: circle(3) }, net, validation: 2 }),
    "InvalidArgument",
    "training: a batch size of 32 and 1 training sample give batchnorm1 batches of one sample, expected at least 2, which BatchNorm needs",
  );
});

test("the catalog comes with recommended settings, nets with their shapes and costs", async () => {
  const trainer = await create();
  const recipes = await trainer.recipes();
  const names = recipes.map(({ name }) => name);
  for (const name of ["mlp", "lenet", "convnet", "fast", "best"]) assert.ok(names.includes(name));
  for (const { name, description, text, settings } of recipes) {
    assert.ok(description.length > 10 && text.includes("dense classes"));
    assert.equal(settings.net, name);
    assert.ok(settings.batchSize >= 1 && settings.optimizer.name && settings.schedule.name);
  }
  // What is recommended for images alone does not matter here.
  await trainer.reset({ net: "mlp", optimizer: undefined, batchSize: undefined });
  const { settings } = trainer.info;
  assert.deepEqual([settings.normalize, settings.augment.shift], [false, 0]);
  assert.equal(settings.batchSize, recipes.find(({ name }) => name === "mlp").settings.batchSize);
  await refusesLater(
    trainer.reset({ normalize: true }),
    "InvalidArgument",
    "recipe: normalize of data that are no images, expected none",
  );
  const { layers, parameters } = await trainer.describe("dense 7, tanh, dense classes");
  assert.deepEqual(
    layers.map(({ name, text, shape }) => [name, text, shape]),
    [
      ["dense1", "dense 7", [7]],
      ["bias1", "", [7]],
      ["tanh1", "tanh", [7]],
      ["dense2", "dense classes", [2]],
      ["bias2", "", [2]],
    ],
  );
  assert.equal(parameters, 2 * 7 + 7 + 7 * 2 + 2);
});

test("a convolutional net learns pictures, and its filters can be watched", async () => {
  const samples = 120;
  const pixels = new Uint8Array(samples * 64);
  const labels = Uint8Array.from({ length: samples }, (_, i) => i % 2);
  for (let i = 0; i < samples; i++) {
    // A line across or down.
    for (let j = 0; j < 8; j++) pixels[64 * i + (i % 2 ? 8 * j + (i % 7) : 8 * (i % 7) + j)] = 255;
  }
  const train = {
    kind: "idx",
    images: idx([samples, 8, 8], pixels),
    labels: idx([samples], labels),
  };
  const net = "conv 4 3x3, relu, pool 2, dense classes";
  const trainer = await create({ data: { train, test: train }, net });
  assert.deepEqual(trainer.info.sampleShape, [1, 8, 8]);
  assert.deepEqual(trainer.info.tensors["conv1.weight"], [4, 1, 3, 3]);
  const { done, reached } = watch(trainer);
  await reached(1);
  const filters = await within(soon, trainer.weights("conv1.weight"));
  assert.equal(filters.length, 36);
  await reached(60);
  assert.notDeepEqual(await trainer.weights("conv1.weight"), filters);
  await trainer.stop();
  await done;
  assert.ok((await trainer.evaluate()).accuracy > 0.95);
  const answers = await trainer.predict(
    Float32Array.from(pixels.subarray(0, 128), (x) => x / 255),
    2,
  );
  assert.ok(answers[0] > 0.5 && answers[11] > 0.5, `${answers}`);
});

test("pictures are augmented and normalised, and can be looked at before", async () => {
  const samples = 40;
  const pixels = Uint8Array.from({ length: samples * 64 }, (_, i) => (i % 64 === 27 ? 255 : 0));
  const train = { kind: "idx", images: idx([samples, 8, 8], pixels), labels: idx([samples]) };
  const trainer = await create({ data: { train }, augment: { shift: 2 }, normalize: true });
  assert.deepEqual(trainer.info.settings.augment, { shift: 2, rotation: 0, scale: 0, shear: 0 });
  assert.equal(trainer.info.settings.normalize, true);
  const plain = await trainer.augmented([5], {});
  assert.deepEqual(
    plain,
    Float32Array.from(pixels.subarray(0, 64), (x) => x / 255),
  );
  const shifted = await trainer.augmented([5, 6]);
  assert.equal(shifted.length, 128);
  assert.ok(Math.abs(shifted.subarray(0, 64).reduce((sum, x) => sum + x) - 1) < 1e-5);
  assert.notDeepEqual(shifted.slice(0, 64), plain);
  assert.notDeepEqual(shifted.slice(0, 64), shifted.slice(64), "each in its own way");
  assert.deepEqual(await trainer.augmented([6]), shifted.slice(64), "the same way each time");
  assert.notDeepEqual(await trainer.augmented([6], undefined, 2), shifted.slice(64));
  // Normalised, a picture of zeros is no longer one of zeros: answers differ from those of a net without.
  const zeros = new Float32Array(64);
  const answers = await trainer.predict(zeros, 1);
  await trainer.reset({ normalize: false });
  assert.notDeepEqual(await trainer.predict(zeros, 1), answers);
  await refusesLater(
    trainer.augmented([40]),
    "InvalidArgument",
    "data loader: sample 40, expected 0 to 39",
  );
  await refusesLater(
    trainer.augmented([0], { shear: 90 }),
    "InvalidArgument",
    "recipe: shear '90', expected at least 0 and below 90",
  );
});
