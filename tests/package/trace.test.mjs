// Trainer.trace: every number of one sample's step, against arithmetic written out here.
import assert from "node:assert/strict";
import { test } from "node:test";
import { create, close, norm, minus, byHand } from "./inspecting.mjs";

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

test("trace: after the last step, its rate is the one that the schedule has come to", async () => {
  for (const [name, factor] of [
    ["constant", 1],
    ["cosine", 0.25],
    ["one-cycle", 0.25],
    ["step", 0.01],
  ]) {
    const optimizer = { name: "sgd", learningRate: 0.5 };
    const trainer = await create({ optimizer, schedule: { name, end: 0.25 }, epochs: 3 });
    await trainer.train({ epochs: 3 });
    const { optimizer: used } = await trainer.trace(Float32Array.of(0.5, 0.5), 0);
    close([used.learningRate], [0.5 * factor], name);
  }
});
