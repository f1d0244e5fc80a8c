// The explanation's sentences as functions of numbers, and its numbers against a net that has learned.
import assert from "node:assert/strict";
import { after } from "node:test";
import { test } from "../support/test.mjs";
import { runnerImport } from "vite";
import { Trainer } from "../../dist/index.js";
import { images, labels } from "./mnist.mjs";
import { root } from "./support.mjs";

const load = async (name) =>
  (await runnerImport(`${root}web/labs/digits/why/${name}.ts`, { configFile: false, logLevel: "error" })).module; // prettier-ignore
const words = await load("sentences");
const { evidenceOf, places, without } = await load("evidence");
const { findChange } = await load("change");
const { firstLayer } = await load("first_layer/sums");

const digits = { noun: "digit", names: Array.from({ length: 10 }, (_, i) => String(i)) };
const named = { noun: "picture", names: ["cat", "dog", "2"] };

test("answers are called as the pictures are", () => {
  assert.equal(words.quoted(digits, 3), "3");
  assert.equal(words.quoted(named, 0), "“cat”");
  assert.equal(words.quoted(named, 2), "class 2");
  const state = { called: "test digit 1, a 7", best: 7, sure: 0.9821, step: 600, epoch: undefined };
  assert.equal(
    words.stateSentence(digits, state),
    "Test digit 1, a 7: it reads 7, 98.2 % sure, after 600 steps.",
  );
  assert.equal(
    words.stateSentence(named, { ...state, called: "the picture you drew", best: 1, step: 1, epoch: 3 }),
    "The picture you drew: it sees “dog”, 98.2 % sure, after 1 step, with the weights of epoch 3.",
  ); // prettier-ignore
  assert.match(
    words.stateSentence(digits, { ...state, step: 0 }),
    /before it has learned anything/,
  );
});

test("which ink speaks for and against", () => {
  const { inkSentence, emptySentence } = words;
  assert.equal(
    inkSentence("3", "7", { for: 0, against: 7 }),
    "Ink at the top left speaks most for 3; ink at the bottom speaks most against it, for 7.",
  );
  assert.equal(
    inkSentence("3", "7", { for: 4, against: undefined }),
    "Ink in the middle speaks most for 3; no place as a whole speaks for 7.",
  );
  assert.equal(
    inkSentence("3", "7", { for: undefined, against: 5 }),
    "Ink on the right speaks most for 7; no place as a whole speaks for 3.",
  );
  const neither = { for: undefined, against: undefined };
  assert.equal(inkSentence("3", "7", neither), "No ink speaks for 3 or for 7.");
  assert.equal(
    emptySentence("3", "7", { for: 2, against: 3 }),
    "Where there is no ink, some at the top right would speak most for 3, and some on the left would speak most for 7.",
  );
  assert.equal(
    emptySentence("3", "7", neither),
    "Where there is no ink, none would speak for either.",
  );
});

test("how much more likely one answer is than the other, also where the other is ahead or nearly none", () => {
  const { odds, rubbedOut } = words;
  assert.equal(odds("3", "7", 0.9, 0.05), "3 is 18 times as likely as 7");
  assert.equal(odds("3", "7", 0.1, 0.25), "7 is 2.5 times as likely as 3");
  assert.equal(odds("3", "7", 0.5, 0.5001), "7 is about as likely as 3");
  assert.equal(odds("3", "7", 0.9, 0.00007), "3 is 13,000 times as likely as 7");
  assert.equal(odds("3", "7", 1, 2.5e-10), "3 is 4·10⁹ times as likely as 7");
  assert.equal(odds("3", "7", 1, 1e-30), "3 is over 10²⁹ times as likely as 7");
  assert.equal(odds("3", "7", 1, 0), "3 is over 10²⁹ times as likely as 7");
  const whole = { p: 0.9, q: 0.05 };
  const neither = { for: undefined, against: undefined };
  const rubbed = [
    { place: 1, pair: { p: 0.5, q: 0.4 } },
    { place: 3, pair: { p: 0.9, q: 0.02 } },
    { place: 7, pair: { p: 0.3, q: 0.6 } },
  ];
  // The foot does most, also where the colours name the top.
  assert.equal(
    rubbedOut("3", "7", whole, rubbed, { for: 1, against: 3 }),
    "Asked to be sure: as it stands, 3 is 18 times as likely as 7. Without all ink at the bottom, 7 is 2 times as likely as 3: no other place does as much for 3 (the colours promise something else: they hold for small changes). Without all ink on the left, 3 is 45 times as likely as 7: no other place does as much for 7.",
  );
  const now = "Asked to be sure: as it stands, 3 is 18 times as likely as 7.";
  assert.equal(
    rubbedOut("3", "7", whole, [{ place: 4, pair: { p: 0.9, q: 0.051 } }], neither),
    `${now} That hardly changes without all ink of any one place.`,
  );
  assert.equal(rubbedOut("3", "7", whole, [], neither), `${now} There is no ink to rub out.`);
});

test("the nearest training pictures, counted", () => {
  const { nearestSentence, comparedSentence } = words;
  const said = (labels, answer = 3) => nearestSentence(digits, labels, answer);
  assert.equal(said([3, 3, 3, 3, 3]), "All five nearest are 3s.");
  assert.equal(said([3, 8, 3, 3, 3]), "Four of the five nearest are 3s, one is an 8.");
  assert.equal(said([3, 8, 5, 8, 8]), "One of the five nearest is a 3, three are 8s, one is a 5.");
  assert.equal(said([8, 8, 5, 8, 8]), "None of the five nearest is a 3: four are 8s, one is a 5.");
  assert.equal(said([8]), "The nearest is an 8.");
  assert.equal(
    nearestSentence(named, [0, 0, 1], 0),
    "Two of the three nearest are “cat”, one is “dog”.",
  );
  assert.equal(
    comparedSentence(digits, { compared: 60_000, trained: 60_000, numbers: 128, layer: "relu1" }),
    "It was compared with all 60,000 training digits by the 128 numbers that its last layer is given. The number below each is the cosine between both lists: 1 means the same direction.",
  );
  assert.match(
    comparedSentence(named, { compared: 2000, trained: 3000, numbers: 64, layer: "x" }),
    /^It was compared with 2,000 of the 3,000 training pictures, drawn by the seed, by their 64 pixels, since this net has no hidden layer\./,
  );
});

test("the change, and the first layer's sum", () => {
  const change = { from: "3", to: "7", share: 0.0312, sure: 0.512 };
  const found = "Found by following the gradient; other small changes may do it as well.";
  assert.equal(
    words.changeSentence(digits, change),
    `With a change of about 3 % of the digit’s ink the net reads 7 (51.2 % sure) instead of 3. ${found}`,
  );
  assert.match(words.changeSentence(named, { ...change, share: 0.0052 }), /^With a change of about 0\.5 % of the picture’s ink the net sees/); // prettier-ignore
  assert.match(words.changeSentence(digits, { ...change, share: 0.0004 }), /less than 0\.1 %/);
  assert.match(words.noChangeSentence(digits, "3", "7"), /no change was found with which the net reads 7 instead of 3\.$/); // prettier-ignore
  const sum = { products: new Float32Array(25), bias: -0.1, value: 1.1 };
  assert.equal(
    words.sumSentence(sum, true),
    "The 25 products add up to 1.2; with the bias −0.1 that is 1.1.",
  );
  assert.equal(words.sumSentence({ ...sum, bias: 0 }, false), "The 25 products add up to 1.1.");
});

// ---- With a net that has learned --------------------------------------------

const size = { width: 28, height: 28 };
const learned = 6000;
const trainers = [];
after(() => trainers.forEach((trainer) => trainer.dispose()));

async function learn(net, steps, others) {
  const header = images.slice(0, 16);
  new DataView(header.buffer).setUint32(4, learned);
  const count = labels.slice(0, 8);
  new DataView(count.buffer).setUint32(4, learned);
  const data = {
    kind: "idx",
    images: new Uint8Array([...header, ...images.subarray(16, 16 + 784 * learned)]),
    labels: new Uint8Array([...count, ...labels.subarray(8, 8 + learned)]),
  };
  const optimizer = { name: "adam", learningRate: 0.002 };
  const trainer = await Trainer.create({
    data: { train: data },
    net,
    optimizer,
    seed: 1,
    ...others,
  });
  trainers.push(trainer);
  for (let step = 0; step < steps; step++) await trainer.step();
  return trainer;
}
// Pictures that it has not seen.
const picture = (index) =>
  Float32Array.from(images.subarray(16 + 784 * index, 16 + 784 * (index + 1)), (v) => v / 255);
const best = (answers) => answers.indexOf(Math.max(...answers));
const mlp = await learn("dense 64, relu, dense classes", 200, { normalize: true, averaging: 0.9 });

async function pairOf(pixels) {
  const answers = await mlp.predict(pixels, 1);
  const answer = best(answers);
  const other = best(answers.map((p, i) => (i === answer ? -1 : p)));
  return { answer, other, margin: Math.log(answers[answer] / answers[other]) };
}

test("a little more ink where it speaks for the answer raises it, a little less lowers it: asked of the net", async () => {
  let held = 0;
  for (let index = 50_000; index < 50_020; index++) {
    const pixels = picture(index);
    const { answer, other, margin } = await pairOf(pixels);
    const { gradient } = await mlp.inputGradient(pixels, answer, other);
    const evidence = evidenceOf(pixels, gradient, size);
    // A fiftieth of the ink is taken from the place that speaks most for, and from the one most against.
    for (const [kind, sign] of [
      ["for", -1],
      ["against", 1],
    ]) {
      const place = evidence.ink[kind];
      if (place === undefined) continue;
      const bare = without(pixels, place, size);
      const paler = pixels.map((value, p) => value - 0.02 * (value - bare[p]));
      const answers = await mlp.predict(paler, 1);
      const moved = Math.log(answers[answer] / answers[other]) - margin;
      assert.ok(sign * moved > 0, `digit ${index}: ${kind} ${places[place]} ${moved}`);
      held++;
      // What the pixels' ink says adds up to that, a fiftieth of it.
      const expected = evidence.ofInk.reduce(
        (sum, value, p) => (bare[p] === pixels[p] ? sum : sum - 0.02 * value),
        0,
      );
      assert.ok(Math.abs(moved - expected) < 0.3 * Math.abs(expected) + 0.01, `${moved} ${expected}`); // prettier-ignore
    }
    // A little ink in the empty place that would speak most for it.
    for (const p of [best(evidence.ofEmpty), best(evidence.ofEmpty.map((v) => -v))]) {
      const more = pixels.slice();
      more[p] += 0.02;
      const answers = await mlp.predict(more, 1);
      const moved = Math.log(answers[answer] / answers[other]) - margin;
      assert.ok(pixels[p] < 0.1 && moved * evidence.ofEmpty[p] > 0, `digit ${index}, pixel ${p}`);
    }
  }
  assert.ok(held > 30, `${held}`);
});

test("places are ninths of the rectangle around the ink", () => {
  const pixels = new Float32Array(784);
  for (let y = 6; y < 21; y++) for (let x = 9; x < 15; x++) pixels[28 * y + x] = 1;
  const gradient = pixels.map((_, p) => (p === 28 * 6 + 9 ? 1 : p === 28 * 20 + 12 ? -1 : 0));
  const { ink, empty } = evidenceOf(pixels, gradient, size);
  assert.deepEqual(ink, { for: 0, against: 7 });
  assert.deepEqual(empty, { for: undefined, against: undefined });
  const bare = without(pixels, 0, size);
  assert.equal(bare.filter((value, p) => value !== pixels[p]).length, 10);
});

test("the change that is found flips the answer, stays within black and white, and is small", async () => {
  const shares = [];
  for (let index = 50_000; index < 50_020; index++) {
    const pixels = picture(index);
    const { answer, other } = await pairOf(pixels);
    const found = await findChange(pixels, other, mlp);
    assert.ok(found, `digit ${index}`);
    const answers = await mlp.predict(found.pixels, 1);
    assert.equal(best(answers), other);
    assert.ok(found.pixels.every((value) => value >= 0 && value <= 1));
    assert.ok(Math.abs(answers[other] - found.probabilities[other]) < 1e-4);
    // Half of it is not enough.
    const half = pixels.map((value, p) => (value + found.pixels[p]) / 2);
    assert.equal(best(await mlp.predict(half, 1)), answer);
    const ink = pixels.reduce((sum, value) => sum + value, 0);
    const moved = pixels.reduce((sum, value, p) => sum + Math.abs(value - found.pixels[p]), 0);
    assert.ok(Math.abs(moved / ink - found.share) < 1e-3);
    shares.push(found.share);
  }
  shares.sort((a, b) => a - b);
  assert.ok(shares[10] < 0.2, `${shares}`);
  const pixels = picture(50_000);
  const { answer } = await pairOf(pixels);
  assert.equal(await findChange(pixels, answer, mlp), undefined, "it reads that already");
});

test("the first layer's sums are the numbers that the net computes", async () => {
  const pixels = picture(50_001);
  for (const net of [
    "conv 6 5x5, relu, pool 2, dense classes",
    "conv 4 3x3 stride 2 pad 1, batchnorm, relu, dense classes",
    "Conv2D 3 5 padding same, ReLU, Linear 10",
    "dense 16, relu, dense classes",
    "dense classes no bias",
  ]) {
    const trainer = await learn(net, 5, { normalize: true });
    const layer = firstLayer(trainer.info, await trainer.weights(), pixels);
    const { nodes } = await trainer.trace(pixels, 0);
    const close = (value, expected) =>
      assert.ok(Math.abs(value - expected) < 2e-4 * (1 + Math.abs(expected)), `${net}: ${value}, expected ${expected}`); // prettier-ignore
    if (layer.kind === "convolution") {
      const { values } = nodes.find((node) => node.layer === "conv1");
      const size = layer.map.height * layer.map.width;
      assert.equal(values.length, layer.filters * size, net);
      for (let filter = 0; filter < layer.filters; filter++)
        layer.values(filter).forEach((value, place) => close(value, values[filter * size + place]));
      const { products, bias, value } = layer.sum(1, size - 1);
      close(products.reduce((sum, product) => sum + product, bias), value); // prettier-ignore
      assert.equal(layer.hasBias, !net.includes("batchnorm"));
    } else {
      const name = layer.hasBias ? "bias1" : "dense1";
      const { values } = nodes.find((node) => node.layer === name);
      assert.equal(values.length, layer.count);
      values.forEach((value, neuron) => close(layer.sum(neuron).value, value));
      assert.equal(layer.strongest, best(values));
    }
  }
  const { info } = mlp;
  const others = info.layers.slice(1).filter(({ kind }) => kind !== "Flatten");
  assert.equal(firstLayer({ ...info, layers: others.slice(1) }, {}, pixels), undefined);
});
