// Trainer.inspect and Trainer.trace: against arithmetic written out here, and that they change nothing.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { load, Trainer } from "../../dist/index.js";
import { Inspector } from "../../build/package/worker/inspection.js";
import { DataSets, Job } from "../../build/package/worker/job.js";
import { circle, idx, refusesLater } from "./support.mjs";

const trainers = [];
after(() => trainers.forEach((trainer) => trainer.dispose()));

async function create(options = {}) {
  const trainer = await Trainer.create({
    data: { train: circle(100) },
    net: "dense 5, relu, dense classes",
    optimizer: { name: "adam", learningRate: 0.02 },
    batchSize: 100, // all of them: a step's gradient does not depend on their order
    ...options,
  });
  trainers.push(trainer);
  return trainer;
}

const close = (actual, expected, what, tolerance = 2e-6) => {
  assert.equal(actual.length, expected.length, what);
  const scale = Math.max(...Array.from(expected, Math.abs), 1e-12);
  for (let i = 0; i < expected.length; i++) {
    const off = Math.abs(actual[i] - expected[i]) / scale;
    assert.ok(off <= tolerance, `${what}[${i}] is ${actual[i]}, expected ${expected[i]}`);
  }
};
const norm = (values) => Math.hypot(...values);
const minus = (a, b) => a.map((value, i) => value - b[i]);
const byName = (list) => Object.fromEntries(list.map((item) => [item.name, item]));

/** Forward and backward of 2 → 5 → relu → 2 → softmax cross-entropy, sample by sample, in double. */
function byHand(weights, inputs, labels) {
  const [w1, b1] = [weights["dense1.weight"], weights["bias1.bias"]];
  const [w2, b2] = [weights["dense2.weight"], weights["bias2.bias"]];
  const [I, H, O, N] = [2, 5, 2, labels.length];
  const gradient = {
    "dense1.weight": new Float64Array(I * H),
    "bias1.bias": new Float64Array(H),
    "dense2.weight": new Float64Array(H * O),
    "bias2.bias": new Float64Array(O),
  };
  let loss = 0;
  const samples = [];
  for (let n = 0; n < N; n++) {
    const x = inputs.subarray(I * n, I * n + I);
    const dense1 = Array.from({ length: H }, (_, h) => x[0] * w1[h] + x[1] * w1[H + h]);
    const bias1 = dense1.map((value, h) => value + b1[h]);
    const relu1 = bias1.map((value) => Math.max(value, 0));
    const dense2 = Array.from({ length: O }, (_, o) =>
      relu1.reduce((sum, value, h) => sum + value * w2[O * h + o], 0),
    );
    const bias2 = dense2.map((value, o) => value + b2[o]);
    const total = bias2.reduce((sum, value) => sum + Math.exp(value), 0);
    const probabilities = bias2.map((value) => Math.exp(value) / total);
    loss -= Math.log(probabilities[labels[n]]) / N;
    const d2 = probabilities.map((p, o) => (p - (o === labels[n])) / N);
    const dRelu = Array.from({ length: H }, (_, h) => d2[0] * w2[O * h] + d2[1] * w2[O * h + 1]);
    const d1 = dRelu.map((value, h) => (bias1[h] > 0 ? value : 0));
    for (let h = 0; h < H; h++) {
      for (let i = 0; i < I; i++) gradient["dense1.weight"][H * i + h] += x[i] * d1[h];
      gradient["bias1.bias"][h] += d1[h];
      for (let o = 0; o < O; o++) gradient["dense2.weight"][O * h + o] += relu1[h] * d2[o];
    }
    for (let o = 0; o < O; o++) gradient["bias2.bias"][o] += d2[o];
    const dx = [0, 1].map((i) => d1.reduce((sum, d, h) => sum + d * w1[H * i + h], 0));
    samples.push({ dense1, bias1, relu1, dense2, bias2, probabilities, d1, d2, dRelu, dx });
  }
  return { loss, gradient, samples };
}

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

test("trace: every value and gradient, and Adam's step, number by number", async () => {
  const trainer = await create({
    schedule: { name: "one-cycle", warmUp: 0.5, start: 0.1, end: 0 },
    epochs: 9,
  });
  for (let i = 0; i < 3; i++) await trainer.step();
  const weights = await trainer.weights();
  const x = Float32Array.of(0.3, -0.6);
  const trace = await trainer.trace(x, 1);
  const { samples, gradient, loss } = byHand(weights, x, [1]);
  const [hand] = samples;
  close(trace.probabilities, hand.probabilities, "probabilities");
  close([trace.loss], [loss], "loss");
  assert.deepEqual([trace.step, trace.label], [3, 1]);

  const expected = [
    ["", "x", [], x, hand.dx],
    ["", "dense1.weight", [], weights["dense1.weight"], gradient["dense1.weight"]],
    ["matmul", "dense1", [0, 1], hand.dense1, hand.d1],
    ["", "bias1.bias", [], weights["bias1.bias"], gradient["bias1.bias"]],
    ["add", "bias1", [2, 3], hand.bias1, hand.d1],
    ["relu", "relu1", [4], hand.relu1, hand.dRelu],
    ["", "dense2.weight", [], weights["dense2.weight"], gradient["dense2.weight"]],
    ["matmul", "dense2", [5, 6], hand.dense2, hand.d2],
    ["", "bias2.bias", [], weights["bias2.bias"], gradient["bias2.bias"]],
    ["add", "bias2", [7, 8], hand.bias2, hand.d2],
    ["softmax_cross_entropy", undefined, [9], [loss], [1]],
  ];
  assert.equal(trace.nodes.length, expected.length);
  trace.nodes.forEach((node, i) => {
    const [op, name, sources, values, grad] = expected[i];
    assert.deepEqual([node.op, node.name ?? node.layer, node.sources], [op, name, sources]);
    assert.equal(node.shape.reduce((a, b) => a * b, 1), values.length); // prettier-ignore
    close(node.values, values, `${name} values`);
    close(node.grad, grad, `${name} gradient`);
  });

  // Step 4 of 9: half of the 8 intervals is the climb from 0.1 to 1 along half a cosine, 3 / 4 of it.
  const rate = 0.02 * (1 + ((0.1 - 1) * (1 + Math.cos(Math.PI * 0.75))) / 2);
  const { kind, learningRate, ...rest } = trace.optimizer;
  close([learningRate], [rate], "rate");
  assert.equal(kind, "Adam");
  assert.deepEqual(rest, { steps: 3, weightDecay: 0, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
  for (const { name, shape, before, gradient: g, after, state } of trace.updates) {
    assert.deepEqual(shape, trainer.info.tensors[name]);
    assert.deepEqual(before, weights[name]);
    close(g, gradient[name], `${name} gradient`);
    const { first_moment: first, second_moment: second } = state;
    assert.ok(norm(first.before) > 0 && norm(second.before) > 0);
    const m = Array.from(g, (value, i) => 0.9 * first.before[i] + 0.1 * value);
    const v = Array.from(g, (value, i) => 0.999 * second.before[i] + 0.001 * value * value);
    close(first.after, m, `${name} m`, 1e-5);
    close(second.after, v, `${name} v`, 1e-4); // 1 − 0.999 in float
    const moves = m.map(
      (value, i) =>
      v[i] === 0 ? 0 : (rate * (value / (1 - 0.9 ** 4))) / (Math.sqrt(v[i] / (1 - 0.999 ** 4)) + 1e-8), // prettier-ignore
    );
    close(minus(before, after), moves, `${name} update`, 1e-4);
  }
  assert.deepEqual(await trainer.weights(), weights, "the training's own weights stay");
});

test("trace: SGD with Nesterov's momentum and weight decay; settings of the kind alone", async () => {
  const optimizer = {
    name: "sgd",
    learningRate: 0.1,
    momentum: 0.9,
    nesterov: true,
    weightDecay: 0.01,
  };
  const trainer = await create({ optimizer });
  await trainer.step();
  const { optimizer: used, updates } = await trainer.trace(Float32Array.of(0.5, 0.5), 0);
  assert.deepEqual(used, {
    kind: "SGD",
    learningRate: 0.1,
    steps: 1,
    weightDecay: 0.01,
    momentum: 0.9,
    nesterov: true,
  });
  for (const { name, before, gradient, after, state } of updates) {
    assert.deepEqual(Object.keys(state), ["velocity"]);
    const g = gradient.map((value, i) => value + 0.01 * before[i]);
    const v = g.map((value, i) => 0.9 * state.velocity.before[i] + value);
    close(state.velocity.after, v, `${name} velocity`);
    const moves = g.map((value, i) => 0.1 * (value + 0.9 * v[i]));
    close(minus(before, after), moves, `${name} update`, 2e-5);
  }
  assert.equal((await trainer.inspect()).tensors[0].moments, undefined);

  const plain = await create({ optimizer: { name: "adamw", beta1: 0.5 } });
  const { optimizer: adamw } = await plain.trace(Float32Array.of(0, 0), 0);
  assert.equal(adamw.kind, "AdamW");
  assert.deepEqual([adamw.weightDecay, adamw.beta1, adamw.momentum], [0.01, 0.5, undefined]);
});

/** Small pictures of two kinds: a bright left or right half, with some noise. */
function pictures(samples = 200) {
  const pixels = new Uint8Array(64 * samples);
  const labels = new Uint8Array(samples);
  let state = 1;
  const random = () => (state = (state * 48271) % 0x7fffffff) / 0x7fffffff;
  for (let i = 0; i < samples; i++) {
    labels[i] = i % 2;
    for (let p = 0; p < 64; p++) {
      pixels[64 * i + p] = p % 8 >= 4 === (labels[i] === 1) ? 155 + 100 * random() : 60 * random();
    }
  }
  const classes = 2;
  return { kind: "idx", images: idx([samples, 8, 8], pixels), labels: idx([samples], labels), classes }; // prettier-ignore
}

/** All that makes it hard: averages, statistics, chance, a schedule, clipping, samples set apart. */
const everything = {
  data: { train: pictures(), test: pictures(60) },
  net: "conv 4 3x3 pad 1, pool 2, batchnorm, relu, conv 6 3x3, relu, dropout 0.3, dense 12, tanh, dense classes",
  optimizer: { name: "adamw", learningRate: 0.01 },
  schedule: { name: "cosine" },
  averaging: 0.9,
  clipNorm: 1,
  labelSmoothing: 0.1,
  validation: 20,
  patience: 30,
  augment: { shift: 1 },
  normalize: true,
  batchSize: 16,
  epochs: 40,
};
const picture = Float32Array.from({ length: 64 }, (_, i) => (i % 8) / 8);

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
  const lg = await load();
  const { data, ...settings } = everything;
  const sets = new DataSets(lg, data);
  const job = new Job(lg, sets, settings);
  const inspector = new Inspector(lg, sets, job);
  const look = () => {
    inspector.step();
    inspector.inspect(picture);
    inspector.trace(picture, 1);
  };
  for (let i = 0; i < 3; i++) look();
  const { handles, liveBytes } = lg.memory();
  for (let i = 0; i < 20; i++) look();
  assert.deepEqual([lg.memory().handles, lg.memory().liveBytes], [handles, liveBytes]);
  assert.throws(() => inspector.trace(picture, 9), /label 9/);
  assert.throws(() => inspector.inspect(new Float32Array(3)), /3 numbers/);
  assert.deepEqual([lg.memory().handles, lg.memory().liveBytes], [handles, liveBytes]);
});
