// What people expect of a trainer who know others: a share for validation, a fraction for a progress bar, signals,
// images in arrays.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Trainer } from "../../dist/index.js";
import { Parcel } from "../../build/package/trainer/parcel.js";
import { circle, idx, refusesLater } from "./support.mjs";

const net = "dense 8, relu, dense classes";
const made = [];
after(() => made.forEach((trainer) => trainer.dispose()));
async function create(options) {
  const trainer = await Trainer.create({ data: { train: circle(200) }, net, ...options });
  made.push(trainer);
  return trainer;
}
async function weightsAfter(options) {
  const trainer = await create(options);
  await trainer.train();
  return trainer.weights();
}

test("a validation below 1 is a share of the samples, in each class", async () => {
  const labels = Int32Array.from({ length: 60 }, (_, i) => Number(i % 3 === 0));
  const inputs = Float32Array.from(labels, (label, i) => label + i / 100);
  const train = { kind: "labels", inputs, shape: [60, 1], labels, classes: 2 };
  const trainer = await create({ data: { train }, validation: 0.25 });
  const { trainSamples, validationSamples, settings } = trainer.info;
  assert.deepEqual([trainSamples, validationSamples, settings.validation], [45, 15, 15]);
  await trainer.reset({ validation: 0.001 });
  assert.equal(trainer.info.validationSamples, 1);
  await trainer.reset({ validation: 1 });
  assert.equal(trainer.info.validationSamples, 1);
  const share = await weightsAfter({ validation: 0.2, epochs: 2 });
  assert.deepEqual(share, await weightsAfter({ validation: 40, epochs: 2 }));
  const files = { kind: "idx", images: idx([20, 2, 2]), labels: idx([20]), classes: 1 };
  const ofFiles = await create({ data: { train: files }, net: "dense classes", validation: 0.3 });
  assert.equal(ofFiles.info.validationSamples, 6);
  await refusesLater(
    create({ validation: 1.5 }),
    "InvalidArgument",
    "recipe: validation '1.5', expected a whole number of at least 0",
  );
});

test("progress tells the share of all steps that is done", async () => {
  const trainer = await create({ epochs: 40 });
  const told = [];
  await trainer.train({ epochs: 20, onProgress: ({ fraction }) => told.push(fraction) });
  assert.ok(told.every((fraction, i) => fraction >= (told[i - 1] ?? 0) && fraction <= 1));
  assert.equal(told.at(-1), 1);
  await trainer.train({ onProgress: ({ fraction }) => told.push(fraction) });
  assert.equal(told.at(-1), 1);
  const stopped = [];
  const early = await create({ epochs: 500, validation: 0.5, patience: 1, optimizer: { name: "sgd", learningRate: 0 } }); // prettier-ignore
  await early.train({ onProgress: ({ fraction }) => stopped.push(fraction) });
  assert.equal(stopped.at(-1), 1);
});

const aborts = (promise, what, cause) =>
  assert.rejects(promise, (error) => {
    assert.deepEqual([error.code, error.message], ["Aborted", `${what}: it was aborted`]);
    assert.equal(error.cause, cause);
    return true;
  });

test("a signal ends the start of a trainer, at once", async () => {
  const cause = new Error("enough");
  await aborts(create({ signal: AbortSignal.abort(cause) }), "trainer", cause);
  const abort = new AbortController();
  const starting = create({ signal: abort.signal });
  abort.abort(cause);
  await aborts(starting, "trainer", cause);

  // Images of which only the beginning ever comes.
  let asked;
  const beginning = new Promise((resolve) => (asked = resolve));
  async function* never() {
    yield idx([20, 2, 2]).subarray(0, 30);
    asked();
    await new Promise(() => {});
  }
  const other = new AbortController();
  const train = { kind: "idx", images: never(), labels: idx([20]), classes: 1 };
  const waiting = create({ data: { train }, signal: other.signal });
  await beginning;
  other.abort(cause);
  await aborts(waiting, "trainer", cause);
  assert.ok(await create({ signal: new AbortController().signal }));
});

test("a signal ends an evaluation, and the next one is right", async () => {
  const many = circle(20_000);
  const trainer = await create({ data: { train: circle(64), test: many } });
  const before = await trainer.evaluate();
  const abort = new AbortController();
  const evaluating = trainer.evaluate({ signal: abort.signal });
  const measuring = trainer.measure("train", 10, { signal: abort.signal });
  abort.abort("enough");
  await aborts(evaluating, "evaluate", "enough");
  await aborts(measuring, "measure", "enough");
  await aborts(trainer.evaluate({ signal: abort.signal }), "evaluate", "enough");
  assert.deepEqual(await trainer.evaluate(), before);
});

test("what disposal ends is aborted, and what comes later is a wrong call", async () => {
  const trainer = await create({ epochs: 100_000 });
  const training = trainer.train();
  await trainer.pause();
  trainer.dispose();
  await refusesLater(training, "Aborted", "trainer: this trainer was disposed");
  await refusesLater(trainer.evaluate(), "InvalidState", "trainer: this trainer was disposed");
});

const shape = [40, 3, 6, 6];
const bytes = Uint8Array.from({ length: 40 * 3 * 36 }, (_, i) => (i * 7919) % 256);
const labels = Uint8Array.from({ length: 40 }, (_, i) => i % 4);
const settings = {
  net: "conv 4 3x3, relu, dense classes",
  epochs: 2,
  normalize: true,
  augment: { shift: 1 },
  validation: 0.2,
};
const images = (pixels, more) => ({
  data: { train: { kind: "images", images: pixels, shape, labels, classes: 4, ...more } },
  ...settings,
});

test("images in arrays are normalized and augmented as those of files, to the bit", async () => {
  const files = { kind: "idx", images: idx(shape, bytes), labels: idx([40], labels), classes: 4 };
  const expected = await weightsAfter({ data: { train: files }, ...settings });
  assert.deepEqual(await weightsAfter(images(bytes)), expected);
  assert.deepEqual(await weightsAfter(images(Float32Array.from(bytes, (b) => b / 255))), expected);
  const clamped = new Uint8ClampedArray(bytes);
  const numbers = { labels: [...labels].map(BigInt) };
  assert.deepEqual(await weightsAfter(images(clamped, numbers)), expected);
  const given = bytes.slice();
  const starting = create(images(given, { classNames: ["a", "b", "c", "d"] }));
  given.fill(0);
  const trainer = await starting;
  assert.deepEqual(trainer.info.classNames, ["a", "b", "c", "d"]);
  assert.deepEqual(trainer.info.sampleShape, [3, 6, 6]);
  await trainer.train();
  assert.deepEqual(await trainer.weights(), expected, "they are copied at the call");
});

test("images that make no sense are refused before anything starts", async () => {
  const refused = (more, message) => refusesLater(create(images(bytes, more)), "InvalidArgument", message); // prettier-ignore
  await refused({ shape: [40, 108] }, "training data: axes 2, expected 3 or 4: [S, H, W] or [S, C, H, W]"); // prettier-ignore
  await refused(
    { shape: [41, 3, 6, 6] },
    "training data: pixels 4320, expected 4428 for the shape",
  );
  await refused({ labels: labels.map((label) => label + 1) }, "training data: label 4, expected 0 to 3"); // prettier-ignore
  await refused({ images: new Float32Array(bytes.length).fill(2) }, "training data: images: a pixel 2, expected 0 to 1"); // prettier-ignore
  await refused({ images: [...bytes] }, "training data: images an array, expected a Uint8Array or a Float32Array"); // prettier-ignore
});

test("of a view that is sent, the view alone is copied, and the caller's memory stays", () => {
  const all = new Float32Array(1_000_000);
  const parcel = new Parcel();
  const { inputs } = parcel.copied({ inputs: all.subarray(784, 1568) });
  assert.deepEqual([inputs.length, inputs.buffer.byteLength], [784, 4 * 784]);
  assert.deepEqual(parcel.buffers.map(({ byteLength }) => byteLength), [4 * 784]); // prettier-ignore
  assert.equal(all.length, 1_000_000);
});
