// Wrong values in every place of every call of the synchronous API: each call works or throws one LanegradError that
// is the caller's fault, none hangs, and the engine is as good afterwards.
import assert from "node:assert/strict";
import { test } from "node:test";
import { idx } from "./support.mjs";
import { lg, other, mine, hostile, arrays, places, put, judge, label } from "./hostile.mjs";

const parts = () => {
  const net = new lg.Net({ dense1: new lg.Dense(1, 2) });
  return { net, optimizer: new lg.SGD(net), train: new lg.ArrayLoader(arrays()) };
};
const leaf = () => lg.tensor([1, 2], { requiresGrad: true });
const rates = { learningRate: 0.1, weightDecay: 0, momentum: 0.5, nesterov: false };
const image = () => lg.ones([1, 1, 4, 4]);

/** Name → a call and arguments with which it works. */
const calls = {
  tensor: [lg.tensor.bind(lg), () => [[1, 2, 3, 4], [2, 2], { requiresGrad: true }]],
  nested: [lg.tensor.bind(lg), () => [[[1], [2]], { requiresGrad: true }]],
  zeros: [lg.zeros.bind(lg), () => [[2], { requiresGrad: true }]],
  full: [lg.full.bind(lg), () => [[2], 1, { requiresGrad: true }]],
  arange: [lg.arange.bind(lg), () => [2, {}]],
  uniform: [lg.uniform.bind(lg), () => [[2], { low: 0, high: 1, seed: 1, random: undefined }]],
  normal: [lg.normal.bind(lg), () => [[2], { mean: 0, deviation: 1, seed: 1 }]],
  net: [lg.net.bind(lg), () => ["mlp", { inputs: 2, outputs: 2, seed: 1, random: undefined }]],
  describe: [lg.describe.bind(lg), () => ["mlp", { inputs: [2], outputs: 2 }]],
  optimizer: [lg.optimizer.bind(lg), () => ["sgd", [leaf()], { ...rates }]],
  learningRateFactor: [
    lg.learningRateFactor.bind(lg),
    () => [{ name: "step", drops: 2, factor: 0.1, warmUp: 0.1, start: 0.1, end: 0 }, 0, 2],
  ],
  scope: [lg.scope.bind(lg), () => [() => 1]],
  noGrad: [lg.noGrad.bind(lg), () => [() => 1]],
  memory: [lg.memory.bind(lg), () => []],
  conv2d: [lg.conv2d, () => [image(), lg.ones([1, 1, 2, 2]), { stride: 1, padding: 0, bias: [1] }]],
  maxPool2d: [lg.maxPool2d, () => [image(), 2, 1]],
  avgPool2d: [lg.avgPool2d, () => [image(), 2, 1]],
  setData: [(values) => lg.ones([2]).setData(values), () => [[1, 2]]],
  backward: [(grad) => leaf().mul(2).backward(grad), () => [[1, 1]]],
  requiresGrad: [(value) => (leaf().requiresGrad = value), () => [true]],
  is: [(t) => leaf().is(t), () => [leaf()]],
  reshape: [lg.reshape, () => [leaf(), [2, 1]]],
  transpose: [lg.transpose, () => [image(), 0, 1]],
  argmax: [lg.argmax, () => [leaf(), 0]],
  leakyRelu: [lg.leakyRelu, () => [leaf(), 0.1]],
  Random: [(...v) => new lg.Random(...v), () => [1, 2]],
  Dense: [(...v) => new lg.Dense(...v), () => [1, 2, { init: "kaimingNormal", seed: 1 }]],
  Conv2D: [
    (...v) => new lg.Conv2D(...v),
    () => [1, 2, 2, { stride: 1, padding: 1, init: "xavierNormal" }],
  ],
  Bias: [(...v) => new lg.Bias(...v), () => [2]],
  BatchNorm: [(...v) => new lg.BatchNorm(...v), () => [2, { momentum: 0.1, epsilon: 1 }]],
  MaxPool2D: [(...v) => new lg.MaxPool2D(...v), () => [2, 1]],
  Dropout: [(...v) => new lg.Dropout(...v), () => [0.5, { seed: 1 }]],
  LeakyReLU: [(...v) => new lg.LeakyReLU(...v), () => [0.5]],
  ReLU: [(...v) => new lg.ReLU(...v), () => [undefined]],
  Sequential: [(...v) => new lg.Sequential(...v), () => [{ relu: new lg.ReLU() }]],
  Net: [(...v) => new lg.Net(...v), () => [{ relu: new lg.ReLU() }]],
  "Net.describe": [(sample) => new lg.Net({ d: new lg.Dense(1, 2) }).describe(sample), () => [[1]]],
  "Net.setTraining": [(on) => new lg.Net({ r: new lg.ReLU() }).setTraining(on), () => [true]],
  "Net.forward": [(x) => new lg.Net({ d: new lg.Dense(1, 2) }).forward(x), () => [[[1]]]],
  "Layer.forward": [(x) => new lg.Dense(1, 2).forward(x), () => [[[1]]]],
  "Layer.backward": [
    (dy) => {
      const layer = new lg.Dense(1, 2);
      layer.forward([[1]]);
      layer.backward(dy);
    },
    () => [[[1, 2]]],
  ],
  "Layer.training": [(on) => (new lg.ReLU().training = on), () => [false]],
  MSE: [
    (...v) => new lg.MSE().forward(...v),
    () => [
      [1, 2],
      [1, 2],
    ],
  ],
  SoftmaxCrossEntropy: [
    (...v) => new lg.SoftmaxCrossEntropy().forward(...v),
    () => [[[1, 2]], [0]],
  ],
  SGD: [(...v) => new lg.SGD(...v), () => [[leaf()], { ...rates }]],
  Adam: [
    (...v) => new lg.Adam(...v),
    () => [{ a: leaf() }, { learningRate: 1, beta1: 0.1, beta2: 0.2, epsilon: 1 }],
  ],
  "Optimizer.learningRate": [(rate) => (new lg.SGD([leaf()]).learningRate = rate), () => [1]],
  ArrayLoader: [(...v) => new lg.ArrayLoader(...v), () => [arrays(), { batchSize: 1, seed: 1 }]],
  ArrayLoader2: [(...v) => new lg.ArrayLoader(...v), () => [{ inputs: [[1]], targets: [[1]] }]],
  MathFunc: [
    (...v) => new lg.MathFunc(...v),
    () => [
      (a) => a,
      { low: 0, high: 1, dimension: 1, samples: 2, noise: 0, batchSize: 1, seed: 1 },
    ],
  ],
  ImageSet: [
    (...v) => new lg.ImageSet(...v),
    () => [idx([1, 1, 1]), idx([1]), { classes: 2, name: "x" }],
  ],
  ImageLoader: [
    (...v) => new lg.ImageLoader(...v),
    () => [new lg.ImageSet(idx([1, 1, 1]), idx([1])), { batchSize: 1, seed: 2 }],
  ],
  SyncTrainer: [(...v) => new lg.SyncTrainer(...v), () => [parts()]],
  "SyncTrainer.predict": [(x) => new lg.SyncTrainer(parts()).predict(x), () => [[[1]]]],
};
for (const name of ["add", "sub", "mul", "div", "pow", "maximum"]) {
  calls[name] = [lg[name], () => [[1, 2], [3, 4]]]; // prettier-ignore
}
calls.matmul = [lg.matmul, () => [[[1]], [[2]]]];
for (const name of ["sum", "mean", "max"]) calls[name] = [lg[name], () => [[1, 2], 0, true]]; // prettier-ignore
for (const name of ["neg", "exp", "relu", "gelu", "softmax", "logSoftmax"]) {
  calls[name] = [lg[name], () => [[1, 2]]]; // prettier-ignore
}

test("the synchronous API", () => {
  const faults = [];
  let count = 0;
  for (const [name, [call, good]] of Object.entries(calls)) {
    lg.scope(() => void call(...good())); // it works with these
    for (const path of places(lg.scope(() => good()))) {
      for (let index = 0; index < hostile.length; index++) {
        const run = () => {
          const values = good();
          put(values, path, hostile[index]());
          return call(...values);
        };
        count++;
        try {
          lg.scope(() => void other.scope(() => void run()));
        } catch (error) {
          if (error === mine) continue; // what a callback throws comes out as it is
          faults.push(judge(error, label(name, path, index)));
        }
      }
    }
  }
  const bad = faults.filter((fault) => fault !== undefined);
  assert.ok(count > 10_000 && faults.length > 5_000, `${count} calls, ${faults.length} refused`);
  assert.deepEqual(bad.slice(0, 5), [], `${bad.length} of ${count}`);
  assert.deepEqual(lg.add([1], [2]).toArray(), [3]);
});
