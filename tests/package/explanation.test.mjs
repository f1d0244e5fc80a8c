// Trainer.inputGradient and Trainer.nearest: against arithmetic written out here, and against the net's own answers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { byHand, close, create, pictures } from "./inspecting.mjs";
import { circle } from "./support.mjs";

const input = Float32Array.of(0.3, -0.6);

test("inputGradient: of one answer, and of one rather than another, with the weights that answer", async () => {
  const trainer = await create({ averaging: 0.9 });
  for (let i = 0; i < 4; i++) await trainer.step();
  const weights = await trainer.weights();
  assert.notDeepEqual(weights, await trainer.weights({ of: "training" }));
  const [d0, d1] = [0, 1].map((label) => byHand(weights, input, [label]).samples[0]);
  const { step, probabilities, gradient } = await trainer.inputGradient(input, 1);
  assert.equal(step, 4);
  close(probabilities, d1.probabilities, "probabilities");
  close(gradient, d1.dx.map((value) => -value), "log p(1)"); // prettier-ignore
  const pair = await trainer.inputGradient(input, 1, 0);
  close(pair.gradient, d0.dx.map((value, i) => value - d1.dx[i]), "log p(1) − log p(0)"); // prettier-ignore
  assert.deepEqual(await trainer.weights(), weights);
});

test("inputGradient: pixels that are nudged move the answer as it says, normalized or not, with averages and BatchNorm", async () => {
  for (const normalize of [true, false]) {
    const trainer = await create({
      data: { train: pictures() },
      net: "conv 4 3x3, batchnorm, tanh, avgpool 2, dropout 0.5, dense classes",
      normalize,
      averaging: 0.5,
      batchSize: 50,
    });
    await trainer.train({ epochs: 2 });
    const x = Float32Array.from({ length: 64 }, (_, p) => (p % 8 < 4 ? 0.9 : 0.1) - (p % 3) / 20);
    const { gradient } = await trainer.inputGradient(x, 1, 0);
    const h = 0.01;
    const nudged = new Float32Array(2 * 64 * 64);
    for (let p = 0; p < 64; p++) {
      for (const [side, by] of [h, -h].entries()) {
        nudged.set(x, 64 * (2 * p + side));
        nudged[64 * (2 * p + side) + p] += by;
      }
    }
    const answers = await trainer.predict(nudged, 128);
    const margin = (i) => Math.log(answers[2 * i + 1] / answers[2 * i]);
    const moved = Array.from({ length: 64 }, (_, p) => (margin(2 * p) - margin(2 * p + 1)) / (2 * h)); // prettier-ignore
    const largest = Math.max(...moved.map(Math.abs));
    assert.ok(largest > 0.01, `${largest}`);
    moved.forEach((value, p) =>
      assert.ok(
        Math.abs(value - gradient[p]) < 0.02 * largest,
        `pixel ${p}: ${gradient[p]}, expected ${value}`,
      ),
    );
  }
});

/** The cosine of what two samples give to the last layer. */
function cosine(a, b) {
  const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

test("nearest: compares what the last layer is given, with the samples that it learns from and no other", async () => {
  const all = circle(100);
  const trainer = await create({ validation: 20, averaging: 0.9, seed: 3, batchSize: 80 });
  for (let i = 0; i < 5; i++) await trainer.step();
  const weights = await trainer.weights();
  const hidden = (x) => byHand(weights, x, [0]).samples[0].relu1;
  const found = await trainer.nearest(input, 100, 1000);
  assert.deepEqual([found.step, found.layer, found.numbers, found.compared], [5, "relu1", 5, 80]);
  assert.equal(found.samples.length, 80);

  const places = found.samples.map(({ input: [x, y], label }, i) => {
    const place = all.labels.findIndex((_, n) => all.inputs[2 * n] === x && all.inputs[2 * n + 1] === y); // prettier-ignore
    assert.equal(label, all.labels[place]);
    const expected = cosine(hidden(input), hidden(found.samples[i].input));
    assert.ok(Math.abs(found.samples[i].similarity - expected) < 1e-5, `sample ${i}`);
    assert.ok(i === 0 || found.samples[i - 1].similarity >= found.samples[i].similarity);
    return place;
  });
  assert.equal(new Set(places).size, 80);
  // None of those held back is among them.
  const learned = places.map((place) => all.inputs.subarray(2 * place, 2 * place + 2));
  const { loss } = byHand(weights, Float32Array.from(learned.flatMap((x) => [...x])), places.map((place) => all.labels[place])); // prettier-ignore
  close([loss], [(await trainer.measure("train")).loss], "loss", 1e-5);

  const few = await trainer.nearest(input);
  assert.deepEqual(few.samples, found.samples.slice(0, 5));
  const some = await trainer.nearest(input, 3, 30);
  assert.deepEqual([some.compared, some.samples.length], [30, 3]);
  assert.deepEqual(await trainer.nearest(input, 3, 30), some, "the seed draws the same");
  assert.deepEqual((await trainer.nearest(input, 0, 9)).samples, []);
  assert.deepEqual(await trainer.weights(), weights);
});

test("nearest: pictures as they are stored; a picture of the training set is nearest to itself", async () => {
  const data = pictures();
  const trainer = await create({
    data: { train: data },
    net: "conv 4 3x3, relu, pool 2, dropout 0.5, dense classes",
    normalize: true,
    augment: { shift: 2 },
  });
  await trainer.step();
  const [picture] = [await trainer.augmented([7], { shift: 0, rotation: 0, scale: 0, shear: 0 })];
  const { layer, numbers, samples } = await trainer.nearest(picture, 2, 200);
  assert.deepEqual([layer, numbers], ["pool1", 36]);
  assert.deepEqual(samples[0].input, picture);
  assert.equal(samples[0].label, data.labels[8 + 7]);
  assert.ok(Math.abs(samples[0].similarity - 1) < 1e-5);
});

test("nearest: a net without a hidden layer compares the input itself", async () => {
  const trainer = await create({ net: "dense classes" });
  const { layer, numbers, samples } = await trainer.nearest(input, 1, 100);
  assert.deepEqual([layer, numbers], ["x", 2]);
  close([samples[0].similarity], [cosine(input, samples[0].input)], "cosine");
});

test("both want labels, and inputs that fit", async () => {
  const numbers = await create({
    data: { train: { kind: "numbers", inputs: [1, 2], shape: [2, 1], targets: [1, 2], outputs: 1 } },
    net: "dense classes",
    batchSize: 2,
  }); // prettier-ignore
  const refused = (message) => ({ code: "InvalidState", message });
  await assert.rejects(
    numbers.inputGradient([1], 0),
    refused("input gradient: these data have numbers to predict, expected class labels"),
  );
  await assert.rejects(
    numbers.nearest([1]),
    refused("nearest: these data have numbers to predict, expected class labels"),
  );
  const trainer = await create();
  for (const call of [
    () => trainer.inputGradient([1], 0),
    () => trainer.nearest([1]),
    () => trainer.nearest([1, 2, 3]),
  ])
    await assert.rejects(call(), { code: "ShapeMismatch" });
  for (const call of [
    () => trainer.inputGradient(input, 2),
    () => trainer.inputGradient(input, 0, -1),
    () => trainer.nearest(input, 1.5),
    () => trainer.nearest([NaN, 0]),
  ])
    await assert.rejects(call(), { code: "InvalidArgument" });
});
