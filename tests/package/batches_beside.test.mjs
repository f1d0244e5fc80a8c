// What goes with training data that come in batches: data in memory that each epoch is validated with, which go with arrays,
// too, and the normalization of images, given, found out by a pass, or taken from a file.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Trainer } from "../../dist/index.js";
import { create, invalid } from "./creating.mjs";
import { circle, refusesLater } from "./support.mjs";

const { inputs, labels } = circle(130);
const shape = [130, 2];
const run = { net: "dense 8, relu, dense classes", batchSize: 32, seed: 3 };
const arrays = { kind: "labels", inputs, shape, labels, classes: 2 };
const validation = circle(50);
const test1 = circle(40);

const pieces = (size) =>
  function* batches() {
    for (let i = 0; i < 130; i += size) {
      yield {
        inputs: inputs.subarray(2 * i, 2 * (i + size)),
        labels: labels.subarray(i, i + size),
      };
    }
  };
const streamed = { kind: "labels", batches: pieces(11), shape, classes: 2 };
const whole = { ...streamed, shuffleBuffer: 130 };
const results = async (trainer, epochs = 4) => {
  const { results, ...rest } = await trainer.train({ epochs });
  return { ...rest, results: results.map(({ seconds, ...others }) => others) };
};

test("each epoch is validated with data of its own, beside a stream as beside arrays", async () => {
  const stored = await create({ data: { train: arrays, validation, test: test1 }, ...run });
  const trainer = await create({ data: { train: whole, validation, test: test1 }, ...run });
  const told = await results(trainer);
  assert.deepEqual(told, await results(stored));
  const last = told.results.at(-1);
  for (const one of [trainer, stored]) {
    const { trainSamples, validationSamples, testSamples } = one.info;
    assert.deepEqual([trainSamples, validationSamples, testSamples], [130, 50, 40]);
    const { loss, accuracy, samples } = await one.measure("validation");
    assert.deepEqual([loss, accuracy, samples], [last.validationLoss, last.validationAccuracy, 50]);
    assert.equal((await one.learningRates({}, 3)).length, 3);
  }
  // It is what evaluating the same data as a test gives.
  const tested = await create({ data: { train: whole, test: validation }, ...run });
  await tested.train({ epochs: 4 });
  assert.equal((await tested.evaluate()).loss, last.validationLoss);
});

test("early stopping puts the best weights back, also where a stream goes on from a file", async () => {
  const settings = { ...run, patience: 2, epochs: 60, optimizer: { name: "sgd", learningRate: 2 } };
  const data = { train: whole, validation };
  const trainer = await create({ data, ...settings });
  for (let step = 0; step < 7; step++) await trainer.step();
  const file = await trainer.save();
  const ended = await results(trainer, 60);
  assert.ok(ended.stoppedEarly && ended.bestEpoch > 0, JSON.stringify(ended));
  const resumed = await Trainer.create({ data, checkpoint: file });
  const again = await results(resumed, 60);
  assert.deepEqual([again.bestEpoch, again.step], [ended.bestEpoch, ended.step]);
  assert.deepEqual(await resumed.weights(), await trainer.weights());
  await resumed.trace([0, 0], 1);
  resumed.dispose();
});

test("its faults get one sentence each", async () => {
  const of = (validation, more) => create({ data: { train: arrays, validation }, ...run, ...more });
  await invalid(of(validation, { validation: 0.2 }), "validation: 26 beside data.validation, expected one of the two"); // prettier-ignore
  await invalid(of(0.2), "validation data: 0.2, expected a description of data"); // prettier-ignore
  await invalid(of({}), "validation data: kind nothing, expected 'idx', 'images', 'labels' or 'numbers'"); // prettier-ignore
  await refusesLater(
    of({ ...validation, labels: labels.slice(0, 49) }),
    "ShapeMismatch",
    /^validation data: .*49.*50/,
  );
  await refusesLater(
    of({ ...validation, inputs: new Float32Array(150), shape: [50, 3] }),
    "ShapeMismatch",
    /\[3\].*\[2\]|\[2\].*\[3\]/,
  );
  await refusesLater(
    create({ data: { train: arrays, validation: whole }, ...run }),
    "NotFound",
    /^validation data: unknown option 'batches'/,
  );
});

const count = 60;
const pictures = (channels) => {
  const size = channels * 64;
  const pixels = Uint8Array.from({ length: count * size }, (_, i) => (i * i * 7 + (i % 3) * 40) % 251); // prettier-ignore
  const digits = Array.from({ length: count }, (_, i) => i % 10);
  const of = channels > 1 ? [count, channels, 8, 8] : [count, 8, 8];
  const common = { kind: "images", shape: of, classes: 10 };
  const calls = { count: 0 };
  function* batches() {
    calls.count++;
    for (let i = 0; i < count; i += 7) {
      yield { images: pixels.subarray(size * i, size * (i + 7)), labels: digits.slice(i, i + 7) };
    }
  }
  const shown = Float32Array.from(pixels.subarray(0, 5 * size), (pixel) => pixel / 255);
  return {
    calls,
    shown,
    stored: { ...common, images: pixels, labels: digits },
    streamed: { ...common, batches, shuffleBuffer: count },
  };
};
const settings = { net: "conv 2 3x3, relu, dense classes", batchSize: 16, normalize: true };
const answers = async (trainer, shown) => [...(await trainer.predict(shown, 5))];

for (const channels of [1, 3]) {
  test(`a pass finds out what images of ${channels} channels are normalized by, to the bit as in memory`, async () => {
    const { calls, shown, stored, streamed } = pictures(channels);
    const data = (train) => ({ train, test: stored, validation: stored });
    const right = await create({ data: data(stored), ...settings });
    const trainer = await create({ data: data(streamed), ...settings });
    assert.equal(calls.count, 1);
    assert.deepEqual(trainer.info.normalization, right.info.normalization);
    assert.equal([trainer.info.normalization.mean].flat().length, channels);
    assert.deepEqual(await results(trainer), await results(right));
    assert.equal(calls.count, 5);
    assert.deepEqual(await answers(trainer, shown), await answers(right, shown));
    // A file says it, so that nothing is read for it.
    await trainer.reset({});
    await trainer.step();
    calls.count = 0;
    const file = await trainer.save();
    const resumed = await Trainer.create({ data: data(streamed), checkpoint: file });
    assert.equal(calls.count, 0);
    assert.deepEqual(resumed.info.normalization, right.info.normalization);
    assert.ok((await resumed.trace(shown.subarray(0, channels * 64), 1)).loss > 0);
    await resumed.train({ epochs: 4 });
    assert.deepEqual(await answers(resumed, shown), await answers(right, shown));
    resumed.dispose();
  });

  test(`what images of ${channels} channels are normalized by can be given`, async () => {
    const { calls, shown, stored, streamed } = pictures(channels);
    const right = await create({ data: { train: stored }, ...settings });
    const { normalization } = right.info;
    const given = { ...streamed, normalization };
    const { normalize, ...others } = settings;
    const trainer = await create({ data: { train: given }, ...others });
    assert.deepEqual([calls.count, trainer.info.settings.normalize], [0, normalize]);
    assert.deepEqual(trainer.info.normalization, normalization);
    for (const one of [right, trainer]) await one.train({ epochs: 2 });
    assert.deepEqual(await answers(trainer, shown), await answers(right, shown));
    // It is a default: who wants none gets none.
    await trainer.reset({ normalize: false });
    assert.deepEqual(trainer.info.normalization, { mean: 0, deviation: 1 });
  });
}

test("a training that is under way waits while another setting reads an epoch, and goes on where that is refused", async () => {
  const { calls, streamed, stored } = pictures(1);
  const plain = { ...settings, normalize: false };
  const right = await create({ data: { train: stored }, ...plain });
  await right.train({ epochs: 40 });
  const trainer = await create({ data: { train: streamed }, ...plain });
  const training = trainer.train({ epochs: 40 });
  while (calls.count < 2) await new Promise((resolve) => setImmediate(resolve));
  await refusesLater(
    trainer.reset({ normalize: true, net: "dense 7, dens classes" }),
    "NotFound",
    /dens/,
  );
  assert.equal((await training).state, "finished");
  assert.deepEqual(await trainer.weights(), await right.weights());
  await trainer.reset({ normalize: true });
  const normalized = await create({ data: { train: stored }, ...settings });
  assert.deepEqual(trainer.info.normalization, normalized.info.normalization);
});

test("what is wrong with a normalization gets one sentence", async () => {
  const { stored, streamed } = pictures(3);
  const of = (normalization) => create({ data: { train: { ...streamed, normalization } }, ...settings }); // prettier-ignore
  const wrong = (mean, deviation) =>
    `training data: normalization by the mean ${mean} and the deviation ${deviation}, expected a finite mean and a deviation above 0 for each of the 3 channels`;
  await invalid(of({ mean: 0.5, deviation: 1 }), wrong("0.5", "1"));
  await invalid(of({ mean: [0, 0, 0], deviation: [1, 0, 1] }), wrong("[0, 0, 0]", "[1, 0, 1]"));
  await invalid(of({ mean: [0, NaN, 0], deviation: [1, 1, 1] }), wrong("[0, NaN, 0]", "[1, 1, 1]"));
  await invalid(of({ mean: [0, 0, 0] }), wrong("[0, 0, 0]", "nothing"));
  await invalid(of(7), wrong("nothing", "nothing"));
  await refusesLater(
    create({ data: { train: { ...stored, normalization: {} } } }),
    "NotFound",
    /^training data: unknown option 'normalization', expected kind, images/,
  );
  await invalid(
    create({ data: { train: { ...whole, normalization: { mean: 0, deviation: 1 } } }, ...run }),
    "training data: normalization of data that are no images, expected none",
  );
  await invalid(
    create({ data: { train: whole }, ...run, normalize: true }),
    "recipe: normalize of data that are no images, expected none",
  );
  const thrown = new Error("no more");
  const failing = {
    ...streamed,
    *batches() {
      throw thrown;
    },
  };
  await assert.rejects(create({ data: { train: failing }, ...settings }), (error) => error === thrown); // prettier-ignore
  const short = { ...streamed, batches: () => [...streamed.batches()].slice(0, 2) };
  await invalid(create({ data: { train: short }, ...settings }), "training data: the batches of an epoch end after 14 samples, expected 60"); // prettier-ignore
});
