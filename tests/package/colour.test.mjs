// Images in colour: a training on IDX files of four axes, what it answers and what its files say.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { load, Trainer } from "../../dist/index.js";
import { exportNet, importNet } from "../../dist/formats.js";
import { Net } from "../../dist/predict.js";
import { create } from "./creating.mjs";
import { bestVariant, idx, refusesLater } from "./support.mjs";

const [height, width] = [8, 6];
const plane = height * width;
const size = 3 * plane;

/** Noise in which the brightest channel is the class: pixels, numbers from 0 to 1 and labels. */
function colours(count, seed) {
  let state = seed;
  const random = (below) => (state = (state * 48271) % 0x7fffffff) % below;
  const labels = Uint8Array.from({ length: count }, () => random(3));
  const pixels = Uint8Array.from({ length: count * size }, (_, i) => {
    const channel = Math.floor(i / plane) % 3;
    return 20 * channel + random(100) + (channel === labels[Math.floor(i / size)] ? 100 : 0);
  });
  const data = {
    kind: "idx",
    images: idx([count, 3, height, width], pixels),
    labels: idx([count], labels),
    classes: 3,
    classNames: ["red", "green", "blue"],
  };
  return { pixels, numbers: Float32Array.from(pixels, (pixel) => pixel / 255), labels, data };
}
const train = colours(300, 1);
const held = colours(90, 2);

const options = {
  data: { train: train.data, test: held.data },
  net: "conv 4 3x3 pad 1, relu, pool 2, dense classes",
  normalize: true,
  batchSize: 25,
  epochs: 6,
  variant: bestVariant,
};

/** The mean and deviation of each channel in a plain loop. */
function statistics({ pixels }) {
  const values = [[], [], []];
  pixels.forEach((pixel, i) => values[Math.floor(i / plane) % 3].push(pixel / 255));
  const mean = values.map((list) => list.reduce((sum, x) => sum + x, 0) / list.length);
  const deviation = values.map((list, c) =>
    Math.sqrt(list.reduce((sum, x) => sum + (x - mean[c]) ** 2, 0) / list.length),
  );
  return { mean, deviation };
}

const close = (ours, theirs, tolerance) => {
  assert.equal(ours.length, theirs.length);
  ours.forEach((x, i) => assert.ok(Math.abs(x - theirs[i]) <= tolerance, `${x}, ${theirs[i]}`));
};

test("a net learns colours, with a mean and a deviation for each channel", async () => {
  const trainer = await create({
    ...options,
    optimizer: { name: "adam", learningRate: 0.01 },
    augment: { shift: 1, rotation: 10 },
  });
  const { info } = trainer;
  assert.deepEqual(info.sampleShape, [3, height, width]);
  const { mean, deviation } = statistics(train);
  close(info.normalization.mean, mean, 1e-9);
  close(info.normalization.deviation, deviation, 1e-9);
  const { results } = await trainer.train({ epochs: 6 });
  const { testAccuracy } = results.at(-1);
  assert.ok(testAccuracy > 0.95, `${testAccuracy}`);

  // What looks into it takes and gives pictures in colour.
  const picture = held.numbers.subarray(0, size);
  const { layers } = await trainer.inspect(picture);
  assert.deepEqual(layers[0].shape, [4, height, width]);
  const { samples } = await trainer.nearest(picture, 3, 100);
  for (const { input } of samples) assert.equal(input.length, size);
  assert.equal(samples[0].label, held.labels[0]);
  const moved = await trainer.augmented([0, 5], undefined, 1);
  assert.equal(moved.length, 2 * size);
  const still = await trainer.augmented([5], { shift: 0, rotation: 0 }, 1);
  close(still, train.numbers.subarray(5 * size, 6 * size), 1e-6);
});

test("a gradient of the input is that of pixels from 0 to 1, in each channel", async () => {
  const trainer = await create({ ...options, net: "dense 6, tanh, dense classes" });
  await trainer.train({ epochs: 2 });
  const picture = held.numbers.slice(0, size);
  const { gradient } = await trainer.inputGradient(picture, 1);
  const logOf = async (pixel, by) => {
    const moved = picture.slice();
    moved[pixel] += by;
    return Math.log((await trainer.predict(moved, 1))[1]);
  };
  for (const pixel of [0, 10, plane + 3, 2 * plane + 20]) {
    const expected = ((await logOf(pixel, 0.02)) - (await logOf(pixel, -0.02))) / 0.04;
    assert.ok(Math.abs(gradient[pixel] - expected) < 2e-3, `${gradient[pixel]}, ${expected}`);
  }
});

test("files in pieces, and a reset, train as files at once", async () => {
  const whole = await create(options);
  await whole.train({ epochs: 1 });
  async function* pieces() {
    const { images } = train.data;
    for (const [begin, end] of [
      [0, 3],
      [3, 18],
      [18, 21],
      [21, images.length],
    ])
      yield images.slice(begin, end);
  }
  const streamed = { ...train.data, images: pieces() };
  const piece = await create({ ...options, data: { train: streamed, test: held.data } });
  await piece.train({ epochs: 1 });
  assert.deepEqual(await piece.weights(), await whole.weights());
  await piece.reset();
  assert.deepEqual(piece.info.sampleShape, [3, height, width]);
  await piece.train({ epochs: 1 });
  assert.deepEqual(await piece.weights(), await whole.weights());
});

test("a checkpoint goes on, and answers to bytes and numbers without its data", async () => {
  const trainer = await create(options);
  await trainer.train({ epochs: 2 });
  const checkpoint = await trainer.save();
  const rest = await Trainer.create({ data: options.data, variant: bestVariant, checkpoint });
  after(() => rest.dispose());
  assert.deepEqual(rest.info.normalization, trainer.info.normalization);
  await trainer.train({ epochs: 3 });
  const { results } = await rest.train({ epochs: 3 });
  assert.deepEqual(await rest.weights(), await trainer.weights());
  assert.deepEqual(await rest.save(), await trainer.save());

  const net = await Net.load(await trainer.save());
  assert.deepEqual(net.sampleShape, [3, height, width]);
  assert.deepEqual(net.classNames, ["red", "green", "blue"]);
  const expected = await trainer.predict(held.numbers, 90);
  assert.deepEqual(net.predict(held.numbers).probabilities, expected);
  const fromBytes = net.predict(held.pixels);
  close(fromBytes.probabilities, expected, 1e-5);
  const right = fromBytes.labels.filter((label, i) => label === held.labels[i]).length;
  assert.equal(right / 90, results.at(-1).testAccuracy);
  const small = await Net.load(await Net.compact(await trainer.save()));
  close(small.predict(held.pixels).probabilities, expected, 1e-2);
});

test("files of other programs have three means", async () => {
  const trainer = await create(options);
  await trainer.train({ epochs: 1 });
  const { mean, deviation } = trainer.info.normalization;
  const expected = await trainer.predict(held.numbers, 90);

  const { "net.onnx": onnx } = await trainer.export("onnx");
  const { net, file, weights } = await importNet(onnx);
  assert.equal(net, "conv 4 3x3 pad 1, relu, pool 2, dense classes");
  close((await Net.load(file)).predict(held.numbers).probabilities, expected, 1e-5);

  // A net that is described says the same, channel by channel.
  const described = { net, inputs: [3, height, width], weights, mean, deviation };
  const named = { ...described, classNames: train.data.classNames };
  assert.deepEqual((await exportNet(named, "onnx"))["net.onnx"], onnx);
  assert.deepEqual(
    (await exportNet(described, "npz"))["net.npz"],
    (await trainer.export("npz"))["net.npz"],
  );
  await refusesLater(
    () => exportNet({ ...described, mean: [0.5, 0.5] }, "npz"),
    "CorruptData",
    "checkpoint: tensor 'normalization.mean' of F64 [2], expected F64 [] or [3]",
  );
  await refusesLater(
    () => exportNet({ ...described, mean: [0.5, "a", 0.5] }, "npz"),
    "InvalidArgument",
    "export: mean 'a', expected a number",
  );
  const { "net.py": program } = await trainer.export("safetensors");
  assert.match(
    new TextDecoder().decode(program),
    /^MEAN = torch\.tensor\(\[0\.\d+, 0\.\d+, 0\.\d+\]\)/m,
  );
});

test("loaders give batches in colour; other channels are refused", async () => {
  const lg = await load();
  const images = new lg.ImageSet(train.data.images, train.data.labels, { classes: 3 });
  const loader = new lg.ImageLoader(images, { batchSize: 100 });
  assert.deepEqual(loader.sampleShape, [3, height, width]);
  const [{ inputs }] = loader;
  assert.ok(inputs);
  for (const { inputs } of loader) assert.deepEqual(inputs.shape, [100, 3, height, width]);
  for (const channels of [0, 2, 4]) {
    const data = { ...train.data, images: idx([300, channels, height, width]) };
    await refusesLater(
      () => create({ ...options, data: { train: data } }),
      "CorruptData",
      `image set: training images of ${channels} channels, expected 1 or 3`,
    );
  }
  await refusesLater(
    () => create({ ...options, data: { train: { ...train.data, images: idx([300, 3, 0, 6]) } } }),
    "CorruptData",
    "image set: 300 training images of 0 x 6 pixels, expected at least one image of at least one pixel",
  );
  // One channel is grey, whichever way the file says it.
  const grey = (extents) => ({
    ...train.data,
    images: idx(extents, train.pixels.slice(0, 300 * plane)),
  });
  const results = [];
  for (const extents of [
    [300, height, width],
    [300, 1, height, width],
  ]) {
    const trainer = await create({ ...options, data: { train: grey(extents) } });
    await trainer.train({ epochs: 1 });
    assert.equal(typeof trainer.info.normalization.mean, "number");
    results.push(await trainer.save());
  }
  assert.deepEqual(results[0], results[1]);
});
