// Every object with options is looked at: a name that is not known is refused, and the one that was meant is named.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { load, Trainer } from "../../dist/index.js";
import { meant } from "../../build/package/names.js";
import { circle, refusesLater, root } from "./support.mjs";

const lg = await load();
const x = lg.tensor([[1, 2], [3, 4]]); // prettier-ignore
const g = lg.tensor([1, 2], { requiresGrad: true });
const image = lg.ones([1, 1, 4, 4]);
const files = [
  Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 7),
  Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 0),
];
const images = new lg.ImageSet(...files);
const arrays = { inputs: [[0], [1]], labels: [0, 1], classes: 2 };
const data = { train: circle(64) };
const trainer = await Trainer.create({ data });
after(() => trainer.dispose());

const parts = (more) => {
  const net = new lg.Net({ dense1: new lg.Dense(1, 2) });
  return { net, optimizer: new lg.SGD(net), train: new lg.ArrayLoader(arrays), ...more };
};

/** What takes options: a call with these and otherwise good arguments. */
const takes = {
  tensor: (o) => lg.tensor([1], o),
  zeros: (o) => lg.zeros([1], o),
  ones: (o) => lg.ones([1], o),
  full: (o) => lg.full([1], 2, o),
  arange: (o) => lg.arange(2, o),
  uniform: (o) => lg.uniform([1], o),
  normal: (o) => lg.normal([1], o),
  net: (o) => lg.net("mlp", { inputs: 1, outputs: 1, ...o }),
  describe: (o) => lg.describe("mlp", { inputs: 1, outputs: 1, ...o }),
  optimizer: (o) => lg.optimizer("adam", [g], o),
  learningRateFactor: (o) => lg.learningRateFactor({ name: "step", ...o }, 0, 1),
  conv2d: (o) => lg.conv2d(image, lg.ones([1, 1, 3, 3]), o),
  "Tensor.conv2d": (o) => image.conv2d(lg.ones([1, 1, 3, 3]), o),
  Dense: (o) => new lg.Dense(1, 2, o),
  Conv2D: (o) => new lg.Conv2D(1, 2, 3, o),
  BatchNorm: (o) => new lg.BatchNorm(2, o),
  Dropout: (o) => new lg.Dropout(0.5, o),
  SGD: (o) => new lg.SGD([g], o),
  Adam: (o) => new lg.Adam([g], o),
  AdamW: (o) => new lg.AdamW([g], o),
  ArrayLoader: (o) => new lg.ArrayLoader(arrays, o),
  "ArrayLoader's data": (o) => new lg.ArrayLoader({ ...arrays, ...o }),
  MathFunc: (o) => new lg.MathFunc((a) => a, o),
  ImageSet: (o) => new lg.ImageSet(...files, o),
  ImageLoader: (o) => new lg.ImageLoader(images, o),
  SyncTrainer: (o) => new lg.SyncTrainer(parts(o)),
  load: (o) => load(o),
  "Trainer.create": (o) => Trainer.create({ data, ...o }),
  "Trainer.create's data": (o) => Trainer.create({ data: { ...data, ...o } }),
  "Trainer.create's training data": (o) =>
    Trainer.create({ data: { train: { ...data.train, ...o } } }),
  "Trainer.create's images": (o) =>
    Trainer.create({ data: { train: { kind: "idx", images: files[0], labels: files[1], ...o } } }),
  "Trainer.create's numbers": (o) =>
    Trainer.create({
      data: {
        train: { kind: "numbers", inputs: [1], shape: [1, 1], targets: [1], outputs: 1, ...o },
      },
    }),
  "Trainer.create's optimizer": (o) => Trainer.create({ data, optimizer: { name: "sgd", ...o } }),
  "Trainer.create's schedule": (o) => Trainer.create({ data, schedule: { name: "step", ...o } }),
  "Trainer.create's augment": (o) => Trainer.create({ data, augment: { shift: 0, ...o } }),
  "Trainer.train": (o) => trainer.train({ epochs: 0, ...o }),
  "Trainer.reset": (o) => trainer.reset(o),
  "Trainer.learningRates": (o) => trainer.learningRates(o),
  "Trainer.weights": (o) => trainer.weights(o),
  "Trainer.augmented": (o) => trainer.augmented([0], o),
};

/** What takes no options; layers and losses refuse any, since other libraries have some there. */
const bare =
  "Flatten ReLU GELU SiLU Softplus Sigmoid Tanh Softmax GlobalAvgPool2D MSE SoftmaxCrossEntropy".split(
    " ",
  );
for (const name of bare) takes[name] = (o) => new lg[name](o);
for (const name of ["gelu", "silu", "softplus", "softmax", "logSoftmax"]) {
  takes[name] = (o) => lg[name](x, o);
  takes[`Tensor.${name}`] = (o) => x[name](o);
}
// Where other arguments stand, an object is none of them.
takes.LeakyReLU = (o) => new lg.LeakyReLU(o);
takes.Bias = (o) => new lg.Bias(o);
takes.Random = (o) => new lg.Random(o);
takes.MaxPool2D = (o) => new lg.MaxPool2D(2, o);
takes.AvgPool2D = (o) => new lg.AvgPool2D(2, o);
takes.Sequential = (o) => new lg.Sequential(o);
takes.Net = (o) => new lg.Net(o);
for (const name of ["maxPool2d", "avgPool2d"]) takes[name] = (o) => lg[name](image, 2, o);
for (const name of ["sum", "mean", "max", "argmax", "leakyRelu"])
  takes[name] = (o) => lg[name](x, o);
takes.reshape = (o) => lg.reshape(x, o);
takes.transpose = (o) => lg.transpose(x, o);
for (const name of ["add", "sub", "mul", "div", "pow", "maximum", "matmul"]) {
  takes[name] = (o) => lg[name](x, o);
}

/** Names of the API with nothing that options could stand in place of. */
const without = new Set(
  (
    "variant threads note nets Layer scope noGrad memory " +
    "crashForTest neg abs exp log sqrt tanh sigmoid relu globalAvgPool2d"
  ).split(" "),
);

test("the list of what takes options is complete", () => {
  const own = [...Object.keys(lg), ...Object.getOwnPropertyNames(Object.getPrototypeOf(lg))];
  const names = own.filter((name) => name !== "constructor" && !without.has(name));
  assert.deepEqual(
    names.filter((name) => !takes[name]),
    [],
  );
  // Each interface of options in the published types stands in a table that is checked.
  const source = (name) => readFileSync(join(root, "wasm/src", name), "utf8");
  const all = [
    "api/lanegrad",
    "api/layers",
    "api/loaders",
    "api/nets",
    "api/optimizers",
    "api/random",
    "api/operations",
    "api/tensor",
    "api/training",
    "api/windows",
    "module/load",
    "trainer/options",
    "protocol/settings",
    "protocol/data",
    "protocol/messages",
    "protocol/info",
    "trainer/data",
    "protocol/run_settings",
    "settings/options",
  ]
    .map((name) => source(`${name}.ts`))
    .join("\n");
  const interfaces = [
    ...all.matchAll(
      /^export interface (\w*(?:Options|Settings|Description|Descriptions|Parts|Source|Augmentation|Schedule))\b/gm,
    ),
  ].map(([, name]) => name);
  const given = new Set([
    "LayerDescription",
    "NetDescription",
    "TrainingDescription",
    "CreateOptions",
    "StreamedDescriptions", // beside DataDescriptions
  ]);
  assert.ok(interfaces.length > 15);
  for (const name of interfaces) {
    if (given.has(name)) continue; // what the package gives, or takes from itself
    assert.match(all, new RegExp(`Options<(?:[^>]*\\b)?${name}\\b`), name);
  }
});

for (const [name, call] of Object.entries(takes)) {
  test(`${name} refuses an option that it does not know`, async () => {
    const error = await Promise.resolve()
      .then(() => lg.scope(() => [call({ quux: 1 })])[0])
      .then(
        (value) => assert.fail(`it took one and gave ${value}`),
        (thrown) => thrown,
      );
    assert.equal(error.name, "LanegradError", error.stack);
    assert.ok(["InvalidArgument", "NotFound"].includes(error.code), error.message);
    assert.match(error.message, /quux|an object/);
  });
}

test("names that are undefined count as left out", async () => {
  new lg.Adam([g], { learningRate: undefined }).dispose();
  assert.throws(() => new lg.Adam([g], { lr: undefined }), { code: "NotFound" });
  await trainer.learningRates({ epochs: undefined, optimizer: undefined });
});

for (const [call, message] of [
  [() => new lg.Adam([g], { lr: 0.1 }), "adam: unknown option 'lr', expected 'learningRate'"],
  [() => new lg.Adam([g], { eps: 1 }), "adam: unknown option 'eps', expected 'epsilon'"],
  [
    () => new lg.Adam([g], { betas: [0.9, 0.99] }),
    "adam: unknown option 'betas', expected 'beta1' and 'beta2'",
  ],
  [
    () => new lg.Adam([g], { weight_decay: 1 }),
    "adam: unknown option 'weight_decay', expected 'weightDecay'",
  ],
  [() => new lg.SGD([g], { momentm: 0.9 }), "sgd: unknown option 'momentm', expected 'momentum'"],
  [() => new lg.Conv2D(1, 2, 3, { pad: 1 }), "conv2d: unknown option 'pad', expected 'padding'"],
  [
    () => lg.tensor([1], { requires_grad: true }),
    "tensor: unknown option 'requires_grad', expected 'requiresGrad'",
  ],
  [
    () => new lg.ArrayLoader(arrays, { batch: 3 }),
    "array loader: unknown option 'batch', expected 'batchSize'",
  ],
  [
    () => new lg.ArrayLoader(arrays, { shuffle: true }),
    "array loader: unknown option 'shuffle', expected 'seed'",
  ],
  [
    () => new lg.ImageLoader(images, { batch: 3 }),
    "image loader: unknown option 'batch', expected 'batchSize'",
  ],
  [
    () => new lg.ImageSet(...files, { classNames: [] }),
    "image set: unknown option 'classNames', expected classes, name",
  ],
  [
    () => new lg.Dense(1, 2, { bias: false }),
    "dense: unknown option 'bias', expected random, seed, init",
  ],
  [() => new lg.MSE({ reduction: "sum" }), "mse: an object, expected no such argument"],
  [() => lg.softmax(x, 0), "softmax: 0, expected no such argument"],
  [() => trainer.train({ epoch: 3 }), "train: unknown option 'epoch', expected 'epochs'"],
  [
    () => trainer.train({ learningRate: 3 }),
    "train: unknown option 'learningRate', expected epochs, onProgress, signal",
  ],
  [
    () => trainer.reset({ batch_size: 3 }),
    "reset: unknown option 'batch_size', expected 'batchSize'",
  ],
  [
    () => trainer.reset({ lr: 3 }),
    "reset: unknown option 'lr', expected 'learningRate' in 'optimizer'",
  ],
  [
    () => Trainer.create({ data: { ...data, validation: 5 } }),
    "validation data: 5, expected a description of data",
  ],
  [
    () => Trainer.create({ data: { ...data, epochs: 5 } }),
    "trainer: data: unknown option 'epochs', expected 'epochs' beside 'data'",
  ],
  [
    () => Trainer.create({ data, optimizer: { lr: 1 } }),
    "optimizer: unknown option 'lr', expected 'learningRate'",
  ],
  [
    () => Trainer.create({ data, optimizer: { name: "sgd", schedule: 1 } }),
    "optimizer: unknown option 'schedule', expected 'schedule' beside 'optimizer'",
  ],
  [
    () => Trainer.create({ data: { train: { ...data.train, num_classes: 2 } } }),
    "training data: unknown option 'num_classes', expected 'classes'",
  ],
]) {
  test(message, () =>
    refusesLater(
      Promise.resolve().then(call),
      message.includes("unknown") ? "NotFound" : "InvalidArgument",
      message,
    ),
  );
}

test("the name that is meant is found, and none where none is", () => {
  const names = ["learningRate", "weightDecay", "momentum", "beta1", "beta2"];
  for (const [given, found] of [
    ["LearningRate", "'learningRate'"],
    ["learning-rate", "'learningRate'"],
    ["learnigRate", "'learningRate'"],
    ["beta_1", "'beta1'"],
    ["beta3", "'beta1'"],
    ["momentun", "'momentum'"],
    ["m", undefined],
    ["", undefined],
    ["x".repeat(1e5), undefined],
    ["dampening", undefined],
  ]) {
    assert.equal(meant(given, names), found, given);
  }
});
