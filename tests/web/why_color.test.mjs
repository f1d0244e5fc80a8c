// What is said of pictures in colour: the first layer's sums are the engine's, and what pixels say is told for all channels.
import assert from "node:assert/strict";
import { after } from "node:test";
import { test } from "../support/test.mjs";
import { runnerImport } from "vite";
import { Trainer } from "../../dist/index.js";
import { random } from "./collecting.mjs";
import { root } from "./support.mjs";

const load = async (name) =>
  (await runnerImport(`${root}web/labs/digits/why/${name}.ts`, { configFile: false, logLevel: "error" })).module; // prettier-ignore
const { firstLayer } = await load("first_layer/sums");
const { evidenceOf, inkedPlaces, places, without } = await load("evidence");
const { emptySentence, inkSentence, rubbedOut } = await load("sentences");

const size = { width: 12, height: 9 };
const area = size.width * size.height;
const chance = random(2);
const count = 60;
const images = new Uint8Array(20 + count * 3 * area);
images.set([0, 0, 8, 4, 0, 0, 0, count, 0, 0, 0, 3, 0, 0, 0, size.height, 0, 0, 0, size.width]);
const labels = new Uint8Array(8 + count);
labels.set([0, 0, 8, 1, 0, 0, 0, count]);
for (let i = 0; i < count; i++) {
  labels[8 + i] = i % 2;
  for (let p = 0; p < 3 * area; p++) {
    // Pictures of the first class have their red on the left.
    const isLit = p < area && p % size.width < 4 === (i % 2 === 0);
    images[20 + i * 3 * area + p] = 60 * chance() + (isLit ? 190 : 0);
  }
}
const pixels = Float32Array.from(images.subarray(20, 20 + 3 * area), (value) => value / 255);

async function learned(net, normalize) {
  const description = () => ({ kind: "idx", images, labels, classes: 2 });
  const trainer = await Trainer.create({
    data: { train: description(), test: description() },
    net,
    normalize,
    batchSize: 10,
    seed: 1,
  });
  after(() => trainer.dispose());
  for (let i = 0; i < 100; i++) await trainer.step();
  return trainer;
}

test("the first layer's sums of a picture in colour are those that the net computes", async () => {
  for (const normalize of [true, false]) {
    for (const net of [
      "conv 4 3x3 pad 1 stride 2, relu, dense classes",
      "dense 8, relu, dense classes",
    ]) {
      const trainer = await learned(net, normalize);
      const layer = firstLayer(trainer.info, await trainer.weights(), pixels);
      assert.equal(layer.isNormalized, normalize);
      const { nodes } = await trainer.trace(pixels, 0);
      const close = (value, expected) =>
        assert.ok(Math.abs(value - expected) < 2e-4 * (1 + Math.abs(expected)), `${net}: ${value}, expected ${expected}`); // prettier-ignore
      if (layer.kind === "convolution") {
        const { values } = nodes.find((node) => node.layer === "conv1");
        const map = layer.map.height * layer.map.width;
        assert.equal(values.length, layer.filters * map);
        assert.equal(layer.sum(0, 0).products.length, 27);
        for (let filter = 0; filter < layer.filters; filter++)
          layer.values(filter).forEach((value, at) => close(value, values[filter * map + at]));
      } else {
        const { values } = nodes.find((node) => node.layer === "bias1");
        values.forEach((value, neuron) => close(layer.sum(neuron).value, value));
      }
    }
  }
});

test("what pixels in colour say is what the engine's gradient says, by ninths of the picture", async () => {
  const trainer = await learned("dense classes", true);
  const { gradient } = await trainer.inputGradient(pixels, 0, 1);
  assert.equal(gradient.length, 3 * area);
  const evidence = evidenceOf(pixels, gradient, size);
  const means = [0, 1, 2].map(
    (c) => pixels.subarray(c * area, (c + 1) * area).reduce((a, b) => a + b) / area,
  );
  for (let p = 0; p < area; p++) {
    const at = [p, area + p, 2 * area + p];
    const ofInk = at.reduce((sum, i, c) => sum + (pixels[i] - means[c]) * gradient[i], 0);
    const light = at.reduce((sum, i) => sum + gradient[i], 0);
    assert.ok(Math.abs(evidence.ofInk[p] - ofInk) < 1e-4);
    assert.ok(Math.abs(evidence.ofEmpty[p] - light) < 1e-4);
  }
  // The places are ninths of the whole picture, 4 by 3 pixels.
  for (const [values, named] of [
    [evidence.ofInk, evidence.ink],
    [evidence.ofEmpty, evidence.empty],
  ]) {
    const sums = places.map(() => 0);
    values.forEach((value, p) => {
      const [x, y] = [p % size.width, Math.floor(p / size.width)];
      sums[3 * Math.floor(y / 3) + Math.floor(x / 4)] += value;
    });
    assert.equal(named.for, sums.indexOf(Math.max(...sums)));
    if (named.against !== undefined) assert.equal(named.against, sums.indexOf(Math.min(...sums)));
  }
  assert.equal(inkedPlaces(pixels, size).length, 9);
  const middle = without(pixels, 4, size);
  const changed = [...middle.keys()].filter((p) => middle[p] !== pixels[p]);
  assert.equal(changed.length, 3 * 12, "a ninth of each channel");
  for (const p of changed) assert.ok(Math.abs(middle[p] - means[Math.floor(p / area)]) < 1e-5);
});

test("the sentences speak of pixels and light", () => {
  const found = { for: 3, against: 5 };
  assert.equal(
    inkSentence("“a”", "“b”", found, true),
    "What is on the left speaks most for “a”; what is on the right speaks most against it, for “b”.",
  );
  assert.equal(
    emptySentence("“a”", "“b”", found, true),
    "More light on the left would speak most for “a”, and more light on the right would speak most for “b”.",
  );
  const none = { for: undefined, against: undefined };
  assert.equal(
    emptySentence("“a”", "“b”", none, true),
    "More light in any one place would speak for neither.",
  );
  const pair = { p: 0.8, q: 0.2 };
  assert.match(
    rubbedOut("“a”", "“b”", pair, [{ place: 3, pair: { p: 0.2, q: 0.8 } }], found, true),
    /With its mean colour on the left, “b” is 4 times as likely as “a”: no other place/,
  );
  assert.match(
    rubbedOut("“a”", "“b”", pair, [{ place: 3, pair }], found, true),
    /That hardly changes with its mean colour in any one place\.$/,
  );
});
