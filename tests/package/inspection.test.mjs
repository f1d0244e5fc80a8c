// Trainer.inspect: against arithmetic written out here, and that it changes nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadModule } from "../../build/package/module/load.js";
import { Inspector } from "../../build/package/worker/inspection.js";
import { Look } from "../../build/package/worker/look.js";
import { DataSets } from "../../build/package/worker/data_sets.js";
import { inputGradient, nearest, trace } from "../../build/package/worker/explanation.js";
import { Training } from "../../build/package/worker/training.js";
import { countHandles } from "./handles.mjs";
import { circle, refusesLater } from "./support.mjs";
import {
  create,
  close,
  norm,
  minus,
  byName,
  byHand,
  pictures,
  everything,
  picture,
} from "./inspecting.mjs";

test("inspect: activations, norms, moments and dead units are what loops in JavaScript find", async () => {
  const { inputs, labels } = circle(100);
  const trainer = await create();
  const start = await trainer.weights();
  // Two of five units never answer: points lie in [-1, 1]², and weights are below 3.
  start["bias1.bias"].set([0, -10, 0.1, 0, -10]);
  await trainer.reset({ weights: start });
  const x = Float32Array.of(0.3, -0.6);
  const before = await trainer.inspect(x);
  assert.equal(before.step, 0);
  assert.ok(before.milliseconds > 0);
  for (const { finite, gradientNorm, updateNorm, moments } of before.tensors) {
    assert.deepEqual([finite, gradientNorm, updateNorm, moments], [true, NaN, NaN, { first: 0, second: 0 }]); // prettier-ignore
  }
  const { samples } = byHand(start, x, [0]);
  assert.deepEqual(
    before.layers.map(({ name, kind, shape, finite }) => [name, kind, shape, finite]),
    [
      ["dense1", "Dense", [5], true],
      ["bias1", "Bias", [5], true],
      ["relu1", "ReLU", [5], true],
      ["dense2", "Dense", [2], true],
      ["bias2", "Bias", [2], true],
    ],
  );
  for (const { name, activations } of before.layers) close(activations, samples[0][name], name);
  const answers = byHand(start, inputs, labels).samples;
  const dead = [0, 1, 2, 3, 4].filter((h) => answers.every(({ relu1 }) => relu1[h] === 0));
  assert.deepEqual(dead, [1, 4]);
  assert.deepEqual(
    before.layers.map((layer) => layer.dead),
    [undefined, undefined, 2 / 5, undefined, undefined],
  );

  // One step of Adam from zero moments: m = 0.1 g, v = 0.001 g².
  await trainer.step();
  const now = await trainer.inspect();
  const weights = await trainer.weights();
  const { gradient } = byHand(start, inputs, labels);
  assert.equal(now.step, 1);
  assert.deepEqual(now.tensors.map(({ name }) => name), Object.keys(weights)); // prettier-ignore
  for (const { name, shape, ...tensor } of now.tensors) {
    assert.deepEqual(shape, trainer.info.tensors[name]);
    close([tensor.weightNorm], [norm(weights[name])], `${name}: weights`);
    close([tensor.gradientNorm], [norm(gradient[name])], `${name}: gradient`);
    close([tensor.updateNorm], [norm(minus(weights[name], start[name]))], `${name}: update`);
    close([tensor.moments.first], [0.1 * norm(gradient[name])], `${name}: m`);
    close([tensor.moments.second], [Math.sqrt(0.001) * norm(gradient[name])], `${name}: √v`, 1e-5);
  }
  for (const { activations } of now.layers) assert.equal(activations.length, 0);
});

test("a run keeps its bits, however often it is looked at", async () => {
  const alone = await create(everything);
  await alone.train();
  const watched = await create(everything);
  let training = true;
  const done = watched.train().finally(() => (training = false));
  let [looks, measured] = [0, false];
  const steps = new Set();
  while (training) {
    const { step, tensors } = await watched.inspect(looks % 2 ? picture : undefined);
    if (training) steps.add(step);
    measured ||= tensors[0].updateNorm > 0; // not in the evaluation after the first epoch, perhaps
    for (const { updateNorm } of tensors) assert.ok(!measured || updateNorm > 0);
    if (++looks % 5 === 0) await watched.trace(picture, looks % 2);
  }
  await done;
  assert.ok(steps.size > 10, `looked at ${steps.size} different steps`);
  assert.deepEqual(await watched.save(), await alone.save());
  await watched.reset({ epochs: 1 });
  await alone.reset({ epochs: 1 });
  for (let i = 0; i < 5; i++) {
    const one = await watched.step();
    await watched.inspect(picture);
    await watched.trace(picture, 0);
    assert.deepEqual(one, await alone.step());
  }
  assert.deepEqual(await watched.weights(), await alone.weights());
});

test("with averages, BatchNorm and dropout, activations are those behind the answers", async () => {
  const trainer = await create(everything);
  await trainer.train({ epochs: 2 });
  const { layers } = await trainer.inspect(picture);
  assert.deepEqual(layers.map(({ name, shape }) => [name, shape]), trainer.info.layers.map(({ name, shape }) => [name, shape])); // prettier-ignore
  for (const { shape, activations } of layers) {
    assert.equal(activations.length, shape.reduce((a, b) => a * b, 1)); // prettier-ignore
  }
  const softmax = (values) => {
    const total = values.reduce((sum, value) => sum + Math.exp(value), 0);
    return values.map((value) => Math.exp(value) / total);
  };
  const answer = await trainer.predict(picture, 1);
  close(answer, softmax(layers.at(-1).activations), "answers", 1e-5);
  const named = byName(layers);
  assert.deepEqual(named.dropout1.activations, named.relu2.activations);
  // The trace's weights are not averaged, and so its answers are others.
  const trace = await trainer.trace(picture, 1);
  const weights = await trainer.weights({ of: "training" });
  for (const { name, before } of trace.updates) assert.deepEqual(before, weights[name]);
  assert.ok(Math.abs(trace.probabilities[1] - answer[1]) > 1e-6);
  assert.ok(trace.nodes.some(({ op }) => op === "batch_norm"));
});

test("a feature map is one unit: it is dead where all of it is", async () => {
  const trainer = await create({
    data: { train: pictures() },
    net: "conv 3 3x3 pad 1, relu, dense classes",
  });
  const weights = await trainer.weights();
  // Sums of 9 pixels, of 4 in a corner, and pixels are at most 1: corners are always 0, bright halves never.
  weights["conv1.weight"].fill(1);
  weights["conv1.bias"].set([-5, -10, 0]);
  await trainer.reset({ weights });
  const { relu1 } = byName((await trainer.inspect(picture)).layers);
  assert.equal(relu1.dead, 1 / 3);
  assert.deepEqual([relu1.activations[0], relu1.activations[64]], [0, 0]);
});

test("after Diverged it says what is not finite", async () => {
  const trainer = await create({ optimizer: { name: "sgd", learningRate: 1e30 }, epochs: 50 });
  await assert.rejects(trainer.train(), { code: "Diverged" });
  const { layers, tensors } = await trainer.inspect(Float32Array.of(0.5, 0.5));
  const weights = await trainer.weights();
  const finite = (values) => values.every(Number.isFinite);
  assert.ok(layers.some((layer) => !layer.finite), "some layer"); // prettier-ignore
  for (const { name, ...tensor } of tensors) {
    assert.equal(tensor.finite, finite(weights[name]), name);
  }
  for (const layer of layers) if (!finite(layer.activations)) assert.ok(!layer.finite, layer.name);
  const broken = await create();
  const large = await broken.weights();
  large["dense2.weight"].fill(3e38);
  await broken.reset({ weights: large });
  const look = await broken.inspect();
  assert.deepEqual(look.layers.filter((l) => !l.finite).map((l) => l.name), ["dense2", "bias2"]); // prettier-ignore
  assert.ok(look.tensors.every((tensor) => tensor.finite));
  // A step that throws weights beyond what a float holds.
  const far = circle();
  far.inputs = far.inputs.map((value) => 1e4 * value);
  const wild = await create({
    data: { train: far },
    optimizer: { name: "sgd", learningRate: 3e38 },
  });
  await wild.step();
  const wrong = Object.entries(await wild.weights()).filter(([, values]) => !finite(values));
  assert.ok(wrong.length > 0);
  const { tensors: after } = await wild.inspect();
  assert.deepEqual(after.filter((t) => !t.finite).map((t) => t.name), wrong.map(([name]) => name)); // prettier-ignore
  await refusesLater(
    wild.trace(Float32Array.of(0, 0), 0),
    "Diverged",
    /^checkpoint: tensor 'net\.\w+\.\w+' holds -?(nan|infinity) at position \d+, expected finite numbers$/,
  );
});

test("it answers while training runs, is paused or ends, and says what is wrong with its input", async () => {
  const trainer = await create({ data: { train: circle() }, batchSize: 8 });
  const done = trainer.train({ epochs: 1_000_000 });
  const running = await Promise.all([trainer.inspect(), trainer.inspect(), trainer.inspect()]);
  for (const { tensors } of running) assert.ok(tensors[0].updateNorm > 0);
  const pausing = trainer.inspect();
  await trainer.pause();
  await pausing;
  assert.ok((await trainer.inspect()).tensors[0].updateNorm > 0);
  await trainer.resume();
  const ending = trainer.inspect();
  await trainer.stop();
  await done;
  assert.ok((await ending).step > 0);

  await refusesLater(
    trainer.inspect(Float32Array.of(1, 2, 3)),
    "ShapeMismatch",
    "inspect: 3 numbers, expected 2 for one input of shape [2]",
  );
  await refusesLater(
    trainer.trace(new Float32Array(4), 0),
    "ShapeMismatch",
    "trace: 4 numbers, expected 2 for one input of shape [2]",
  );
  await refusesLater(
    trainer.inspect("x"),
    "InvalidArgument",
    "inspect: input 'x', expected an array of numbers",
  );
  await refusesLater(
    trainer.trace(new Float32Array(2)),
    "InvalidArgument",
    "trace: label nothing, expected a whole number",
  );
  await refusesLater(
    trainer.trace(new Float32Array(2), 2),
    "InvalidArgument",
    "softmax cross-entropy: label 2 at position 0, expected 0 to 1",
  );
  const numbers = { kind: "numbers", inputs: new Float32Array(4), shape: [4, 1], targets: new Float32Array(4), outputs: 1 }; // prettier-ignore
  const regression = await create({ data: { train: numbers }, net: "dense 3, relu, dense 1", batchSize: 2 }); // prettier-ignore
  assert.equal((await regression.inspect(Float32Array.of(1))).layers.length, 5);
  await refusesLater(
    regression.trace(Float32Array.of(1), 0),
    "InvalidState",
    "trace: these data have numbers to predict, expected class labels",
  );
});

test("looking leaves no handles and no memory behind", async () => {
  const engine = await loadModule();
  const handles = countHandles(engine.raw);
  const { data, ...settings } = everything;
  const sets = new DataSets(engine, data);
  const training = new Training(engine, sets, settings);
  const inspector = new Inspector(engine, training);
  const inside = new Look(engine, sets, training, inspector);
  const look = () => {
    inspector.measured(() => training.trainer.step());
    inside.inspect(picture);
    trace(engine, sets, training, picture, 1);
    inputGradient(engine, training, picture, 1, 0);
  };
  for (let i = 0; i < 3; i++) look();
  const held = () => [handles.size, engine.raw.liveBytes()];
  const before = held();
  assert.ok(before[0] > 0);
  for (let i = 0; i < 20; i++) look();
  await nearest(engine, sets, training, picture, 3, 50, async () => {});
  assert.deepEqual(held(), before);
  assert.throws(() => trace(engine, sets, training, picture, 9), /label 9/);
  assert.throws(() => inside.inspect(new Float32Array(3)), /3 numbers/);
  assert.throws(() => training.predict(new Float32Array(3), 1), /3 numbers/);
  assert.deepEqual(held(), before);
  training.dispose();
  assert.equal(handles.size, before[0] - 2);
});
