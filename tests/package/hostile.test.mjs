// Wrong values in every place of every call of the API: each call works or throws one LanegradError that is the
// caller's fault, none hangs, and the engine is as good afterwards. Which are tried where is decided by a seed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load, Trainer } from "../../dist/index.js";
import { circle, idx } from "./support.mjs";

const lg = await load();
const other = await load();

let state = 20261128;
const random = (below) => (state = (state * 48271) % 0x7fffffff) % below;

function detached(view) {
  structuredClone(view.buffer, { transfer: [view.buffer] });
  return view;
}
const mine = new TypeError("mine");
const throwing = () => {
  throw new TypeError("a trap");
};
const traps = { get: throwing, has: throwing, ownKeys: throwing, getPrototypeOf: throwing };
const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();
const cycle = {};
cycle.self = cycle;
const deep = [];
for (let level = deep, i = 0; i < 9; i++) level.push((level = []));
const shrunk = () => {
  const buffer = new ArrayBuffer(16, { maxByteLength: 16 });
  const view = new Float32Array(buffer, 8);
  buffer.resize(4);
  return view;
};
const gone = lg.ones([2]);
gone.dispose();

/** Values that fit nowhere. They are made anew for each call, as some calls spoil them. */
const hostile = [
  ...[
    undefined,
    null,
    true,
    NaN,
    -1,
    0,
    3,
    1.5,
    Infinity,
    2 ** 53,
    1e308,
    "",
    "text",
    "9".repeat(50),
  ],
  ...[
    5n,
    -(2n ** 70n),
    Symbol("s"),
    Symbol.iterator,
    /x/,
    new Date(NaN),
    cycle,
    deep,
    revoked,
    gone,
  ],
].map((value) => () => value);
hostile.push(
  () => () => 1,
  () => () => {
    throw mine;
  },
  () => async () => 1,
  () => [],
  () => [1],
  () => [1, 2, 3],
  () => [NaN],
  () => ["a", null],
  () => [[1], [2, 3]],
  () => [1n, 2n],
  () => [Symbol()],
  () => new Array(3),
  () => ({}),
  () => ({ length: 3 }),
  () => ({ length: -1, 0: 1 }),
  () => ({ then: (go) => go(1) }),
  () => ({ toString: throwing, valueOf: throwing, [Symbol.toPrimitive]: throwing }),
  () => ({ get constructor() { return throwing(); } }), // prettier-ignore
  () => ({ name: Symbol() }),
  () => ({ data: [1], shape: [1] }),
  () => Object.create(null),
  () => Object.create({ get seed() { return throwing(); } }), // prettier-ignore
  () => new Proxy({}, traps),
  () => new Proxy([], traps),
  () => new Proxy(() => {}, traps),
  () => new Map([[1, 2]]),
  () => new Set([1]),
  () => new WeakMap(),
  () => Promise.resolve(1),
  () => new Error("mine"),
  () => Object(5),
  () => Object("text"),
  () => new URL("file:///nowhere"),
  () => AbortSignal.abort(),
  () => new AbortController().signal,
  () => new ArrayBuffer(8),
  () => new SharedArrayBuffer(8),
  () => new DataView(new ArrayBuffer(8)),
  () => new Uint8Array(8),
  () => new Uint8Array(new SharedArrayBuffer(8)),
  () => Buffer.from("lanegrad"),
  () => new Float64Array(4).fill(NaN),
  () => new BigInt64Array(2),
  () => new Float32Array(),
  () => detached(new Float32Array(4)),
  () => detached(new Uint8Array(8)),
  () => shrunk(),
  () => lg.ones([2]),
  () => other.ones([2]),
  () => new other.Random(1),
  () => new lg.Random(1),
  () => new lg.ReLU(),
  () => new other.ReLU(),
  () => new lg.Net({ relu: new lg.ReLU() }),
  () => new other.Net({ dense1: new other.Dense(1, 2) }),
  () => new other.ArrayLoader(arrays()),
  () => new other.SGD([other.ones([1])]),
  () => new other.ImageSet(idx([1, 1, 1]), idx([1])),
);

const arrays = () => ({ inputs: [[0], [1]], labels: [0, 1], classes: 2 });
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
  "Optimizer.state": [(names) => new lg.Adam([leaf()]).state(names), () => [["a"]]],
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
  Mnist: [
    (...v) => new lg.Mnist(...v),
    () => [new lg.ImageSet(idx([1, 1, 1]), idx([1])), { batchSize: 1, seed: 2 }],
  ],
  SyncTrainer: [(...v) => new lg.Trainer(...v), () => [parts()]],
  "SyncTrainer.predict": [(x) => new lg.Trainer(parts()).predict(x), () => [[[1]]]],
};
for (const name of ["add", "sub", "mul", "div", "pow", "maximum"]) {
  calls[name] = [lg[name], () => [[1, 2], [3, 4]]]; // prettier-ignore
}
calls.matmul = [lg.matmul, () => [[[1]], [[2]]]];
for (const name of ["sum", "mean", "max"]) calls[name] = [lg[name], () => [[1, 2], 0, true]]; // prettier-ignore
for (const name of ["neg", "exp", "relu", "gelu", "softmax", "logSoftmax"]) {
  calls[name] = [lg[name], () => [[1, 2]]]; // prettier-ignore
}

/** Where something can be put: the arguments, and what is inside of them down to this depth. */
function places(values, depth = 4, path = []) {
  return Object.keys(values).flatMap((key) => {
    const value = values[key];
    const plain = Array.isArray(value) || Object.getPrototypeOf(Object(value)) === Object.prototype;
    const inner =
      depth > 0 && plain && typeof value === "object"
        ? places(value, depth - 1, [...path, key])
        : [];
    return [[...path, key], ...inner];
  });
}

function put(values, path, value) {
  const at = path.slice(0, -1).reduce((inner, key) => inner[key], values);
  at[path.at(-1)] = value;
}

function judge(error, what) {
  const bad = !(error instanceof Error) || error.name !== "LanegradError" || ["Internal", "Crashed", "LoadFailed"].includes(error.code); // prettier-ignore
  if (bad) return `${what}: ${error?.stack ?? String(error)}`;
  if (error.message.includes("\n") || error.message.length > 400)
    return `${what}: ${error.message}`;
  return undefined;
}

const label = (name, path, index) => `${name} at ${path.join(".")}, value ${index}`;

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

const settings = () => ({
  net: "dense 2, batchnorm, relu, dense classes",
  optimizer: { name: "sgd", learningRate: 0.1, weightDecay: 0, momentum: 0.5, nesterov: true },
  schedule: { name: "one-cycle", warmUp: 0.1, start: 0.1, end: 0 },
  epochs: 2,
  batchSize: 16,
  seed: 1,
  labelSmoothing: 0.1,
  clipNorm: 1,
  averaging: 0.9,
  validation: 8,
  patience: 1,
  augment: { shift: 0, rotation: 0, scale: 0, shear: 0 },
  normalize: false,
  weights: undefined,
  checkpoint: undefined,
});

test("Trainer", async () => {
  const uncaught = [];
  const note = (error) => uncaught.push(String(error?.stack ?? error));
  process.on("unhandledRejection", note);
  process.on("uncaughtException", note);
  const data = () => ({ train: circle(32), test: circle(16) });
  const trainer = await Trainer.create({ data: data(), ...settings() });
  const all = { ...(await trainer.weights()) };
  const saved = await trainer.save();
  const input = () => Float32Array.of(0.1, 0.2);
  const asynchronous = {
    load: [(o) => load(o), () => [{ wasmUrl: undefined, variant: undefined, threads: 1 }], 0.3],
    train: [
      (o) => trainer.train(o),
      () => [{ epochs: 0, onProgress: () => {}, signal: undefined }],
      1,
    ],
    setLearningRate: [(...v) => trainer.setLearningRate(...v), () => [0.1, 3], 1],
    measure: [(...v) => trainer.measure(...v), () => ["train", 4], 1],
    predict: [(...v) => trainer.predict(...v), () => [input(), 1], 1],
    inspect: [(...v) => trainer.inspect(...v), () => [input()], 1],
    trace: [(...v) => trainer.trace(...v), () => [input(), 1], 1],
    weights: [(...v) => trainer.weights(...v), () => ["dense1.weight"], 1],
    answers: [(o) => trainer.weights(o), () => [{ of: "answers", name: "dense1.weight" }], 1],
    describe: [(...v) => trainer.describe(...v), () => ["dense 3, dense classes"], 1],
    learningRates: [(...v) => trainer.learningRates(...v), () => [settings(), 3], 0.3],
    augmented: [(...v) => trainer.augmented(...v), () => [[0, 1], { shift: 0 }, 1], 1],
    reset: [(o) => trainer.reset(o), () => [{ ...settings(), weights: { ...all } }], 0.25],
    restore: [(o) => trainer.reset(o), () => [{ checkpoint: saved }], 1],
    create: [
      (o) => Trainer.create(o),
      () => [
        {
          ...settings(),
          data: data(),
          variant: undefined,
          threads: 1,
          wasmUrl: undefined,
          worker: undefined,
          transfer: false,
        },
      ],
      0.04,
    ],
    numbers: [
      (o) => Trainer.create(o),
      () => [
        {
          data: {
            train: { kind: "numbers", inputs: [1, 2], shape: [2, 1], targets: [1, 2], outputs: 1 },
          },
          net: "dense classes",
        },
      ],
      0.1,
    ],
    images: [
      (o) => Trainer.create(o),
      () => [
        {
          data: { train: { kind: "idx", images: idx([2, 2, 2]), labels: idx([2]), classes: 2 } },
          net: "dense classes",
        },
      ],
      0.1,
    ],
  };
  const faults = [];
  let count = 0;
  for (const [name, [call, good, share]] of Object.entries(asynchronous)) {
    for (const path of places(good())) {
      for (let index = 0; index < hostile.length; index++) {
        if (random(1000) >= 1000 * share) continue;
        const what = label(name, path, index);
        const values = good();
        const value = hostile[index]();
        put(values, path, value);
        count++;
        let timer;
        const late = new Promise((_, reject) => {
          timer = setTimeout(reject, 10_000, new Error("it hangs"));
        });
        try {
          const result = await Promise.race([call(...values), late]);
          if (result instanceof Trainer) result.dispose();
        } catch (error) {
          // Files that are not there can be asked for, and a worker that is none.
          const missing = /wasmUrl|worker/.test(path.at(-1)) && error.code === "LoadFailed";
          if (!missing && error !== mine) faults.push(judge(error, what));
        } finally {
          clearTimeout(timer);
        }
      }
    }
  }
  const bad = faults.filter((fault) => fault !== undefined);
  assert.ok(count > 1000 && faults.length > 500, `${count} calls, ${faults.length} refused`);
  assert.deepEqual(bad.slice(0, 5), [], `${bad.length} of ${count}`);
  // A promise that is nobody's business was among the values.
  assert.deepEqual(uncaught, []);
  await trainer.reset({ ...settings(), weights: all });
  assert.equal((await trainer.train()).state, "finished");
  trainer.dispose();
  process.off("unhandledRejection", note);
  process.off("uncaughtException", note);
});
