// The synchronous API in Node: what a person does with it, from tensors to a trained net.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { inspect } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { load } from "../../dist/index.js";
import { bestVariant, circle, idx } from "./support.mjs";

const lg = await load();

const near = (actual, expected, tolerance = 1e-5) => {
  const [a, b] = [[actual].flat(9), [expected].flat(9)];
  assert.equal(a.length, b.length);
  a.forEach((value, i) => assert.ok(Math.abs(value - b[i]) <= tolerance, `${a} and ${b}`));
};

/** Runs a test in a scope and asserts that nothing of it is left. */
const clean = (name, body) =>
  void test(name, () => {
    const before = lg.memory();
    lg.scope(() => void body());
    const after = lg.memory();
    assert.equal(after.handles, before.handles, "handles");
    assert.equal(after.liveBytes, before.liveBytes, "live bytes");
  });

test("the variant is said", () => assert.equal(lg.variant, bestVariant));

clean("tensors are made of nested arrays, numbers, typed arrays, or numbers and a shape", () => {
  assert.deepEqual(lg.tensor([[1, 2], [3, 4], [5, 6]]).shape, [3, 2]); // prettier-ignore
  assert.deepEqual(lg.tensor(7).shape, []);
  assert.equal(lg.tensor(7).item(), 7);
  assert.deepEqual(lg.tensor(new Float32Array(3)).shape, [3]);
  assert.deepEqual(lg.tensor([new Float32Array([1, 2]), [3, 4]]).toArray(), [[1, 2], [3, 4]]); // prettier-ignore
  assert.deepEqual(lg.tensor([1, 2, 3, 4], [2, 2]).toArray(), [[1, 2], [3, 4]]); // prettier-ignore
  assert.deepEqual(lg.tensor([]).shape, [0]);
  assert.deepEqual(lg.zeros([2, 0]).toArray(), [[], []]);
  assert.deepEqual(lg.ones([2]).toArray(), [1, 1]);
  assert.deepEqual(lg.full([2], 1.5).toArray(), [1.5, 1.5]);
  assert.deepEqual(lg.arange(3).toArray(), [0, 1, 2]);
  assert.equal(String(lg.arange(10)), "Tensor [10] (0, 1, 2, 3, 4, 5, 6, 7, …)");
  assert.equal(lg.tensor([[1, 2]]).size, 2);
  assert.equal(
    inspect({ x: lg.tensor(1), layer: new lg.ReLU() }),
    "{ x: Tensor [] (1), layer: ReLU }",
  );
});

clean("data are copied both ways", () => {
  const values = Float32Array.of(1, 2);
  const x = lg.tensor(values);
  values[0] = 9;
  const copy = x.data;
  copy[1] = 9;
  assert.deepEqual(x.toArray(), [1, 2]);
  x.setData([3, 4]);
  assert.deepEqual(x.toArray(), [3, 4]);
});

clean("operations are methods and functions, and take numbers and nested arrays", () => {
  const x = lg.tensor([[1, -2], [3, 4]]); // prettier-ignore
  near(x.add(1).toArray(), [2, -1, 4, 5]);
  near(lg.add(1, x).toArray(), [2, -1, 4, 5]);
  near(x.sub([1, 2]).toArray(), [0, -4, 2, 2]);
  near(x.mul(x).toArray(), [1, 4, 9, 16]);
  near(lg.div(1, [2, 4]).toArray(), [0.5, 0.25]);
  near(lg.pow([2, 3], 2).toArray(), [4, 9]);
  near(x.maximum(0).toArray(), [1, 0, 3, 4]);
  near(x.matmul([[1], [1]]).toArray(), [-1, 7]);
  near(x.neg().toArray(), [-1, 2, -3, -4]);
  near(x.abs().toArray(), [1, 2, 3, 4]);
  near(lg.exp(1).item(), Math.E);
  near(lg.log(Math.E).item(), 1);
  near(lg.sqrt(9).item(), 3);
  near(lg.tanh(0.5).item(), Math.tanh(0.5));
  near(lg.sigmoid(0).item(), 0.5);
  near(x.relu().toArray(), [1, 0, 3, 4]);
  near(lg.exp(lg.logSoftmax([1, 1])).toArray(), [0.5, 0.5]);
  near(lg.softmax([0, Math.log(3)]).toArray(), [0.25, 0.75]);
  near(x.leakyRelu(0.5).toArray(), [1, -1, 3, 4]);
  near(lg.leakyRelu(-1).item(), -0.01);
  near(lg.gelu([0, 1]).toArray(), [0, 0.8413447]);
  near(x.sum().item(), 6);
  near(x.sum(0).toArray(), [4, 2]);
  near(lg.sum(x, 1, true).toArray(), [[-1], [7]]);
  near(x.mean(-1).toArray(), [-0.5, 3.5]);
  near(x.max().item(), 4);
  near(x.max(0).toArray(), [3, 4]);
  assert.deepEqual(x.argmax(), Int32Array.of(0, 1));
  assert.deepEqual(lg.argmax(x, 0), Int32Array.of(1, 1));
  assert.deepEqual(x.transpose().toArray(), [[1, 3], [-2, 4]]); // prettier-ignore
  assert.deepEqual(x.reshape([4]).shape, [4]);
});

clean("gradients flow back, and the graph can be walked", () => {
  const x = lg.tensor([1, 2], { requiresGrad: true });
  const y = x.mul(3);
  const loss = y.mul(y).sum();
  loss.backward();
  near(x.grad.toArray(), [18, 36]);
  assert.equal(loss.gradFn, "sum");
  assert.deepEqual(
    loss.sources.map((source) => source.gradFn),
    ["mul"],
  );
  const [left, right] = loss.sources[0].sources;
  assert.ok(left.is(y) && right.is(y) && !left.is(x));
  assert.ok(x.isLeaf && !y.isLeaf && x.requiresGrad);
  assert.equal(x.gradFn, "");
  loss.zeroGrad();
  x.zeroGrad();
  assert.equal(x.grad, null);
  x.mul(2).backward([1, 10]);
  near(x.grad.toArray(), [2, 20]);
  const detached = y.detach();
  assert.ok(detached.isLeaf && !detached.requiresGrad);
});

clean("noGrad remembers nothing", () => {
  const x = lg.tensor(2, { requiresGrad: true });
  assert.ok(lg.noGrad(() => x.mul(2)).isLeaf);
  assert.throws(() => lg.noGrad(() => assert.fail("out")), { message: "out" });
  assert.ok(!x.mul(2).isLeaf, "gradients are on again, even after an error");
});

test("scope keeps what is returned and disposes the rest, also when it throws", () => {
  const before = lg.memory().handles;
  const { kept, list } = lg.scope(() => {
    const lost = lg.ones([2]);
    return { kept: lost.add(1), list: [lg.ones([1]), "text"] };
  });
  assert.equal(lg.memory().handles, before + 2);
  kept.dispose();
  kept.dispose();
  assert.ok(kept.disposed);
  list[0][Symbol.dispose]();
  let inner;
  assert.throws(() => {
    lg.scope(() => {
      inner = lg.ones([2]);
      throw new Error("out");
    });
  });
  assert.ok(inner.disposed);
  const net = lg.scope(() => lg.net("mlp", { inputs: 2, outputs: 2 }));
  assert.equal(net.forward([[1, 2]]).size, 2);
  lg.scope(() => lg.scope(() => (inner = lg.ones([1]))));
  assert.equal(inner.disposed, false, "returned through both");
  lg.scope(() => {
    lg.scope(() => (inner = lg.ones([1])));
  });
  assert.equal(inner.disposed, true, "returned to the outer one, which lets go");
});

clean("a generator and a seed give the same numbers each time", () => {
  const random = new lg.Random(3);
  const first = lg.normal([4], { random }).data;
  assert.deepEqual(lg.normal([4], { seed: 3 }).data, first);
  assert.notDeepEqual(lg.normal([4], { random }).data, first);
  const uniform = lg.uniform([100], { low: 2, high: 3, seed: 1 }).data;
  assert.ok(uniform.every((value) => value >= 2 && value < 3));
  assert.ok(random.uniform() < 1 && Number.isFinite(random.normal()));
});

clean("layers can be used alone", () => {
  const dense = new lg.Dense(2, 3, { seed: 1, init: "xavierNormal" });
  assert.equal(dense.kind, "Dense");
  assert.deepEqual(dense.weight.shape, [2, 3]);
  assert.ok(dense.weight.requiresGrad);
  dense.weight.setData([1, 0, 0, 0, 1, 0]);
  near(dense.forward([[1, 2]]).toArray(), [1, 2, 0]);
  dense.backward([[1, 1, 1]]);
  near(dense.weight.grad.toArray(), [1, 1, 1, 2, 2, 2]);
  const bias = new lg.Bias(2);
  near(bias.forward([[1, 2]]).toArray(), [1, 2]);
  assert.deepEqual(Object.keys(bias.namedTensors()), ["bias"]);
  near(new lg.ReLU().forward([-1, 1]).toArray(), [0, 1]);
  near(new lg.Sigmoid().forward([0]).toArray(), [0.5]);
  near(new lg.Tanh().forward([0]).toArray(), [0]);
  near(new lg.LeakyReLU(0.1).forward([-1, 1]).toArray(), [-0.1, 1]);
  near(new lg.GELU().forward([1]).toArray(), [0.8413447]);
  near(new lg.Softmax().forward([[0, 0]]).toArray(), [0.5, 0.5]);
  assert.equal(bias.training, true);
  bias.training = false;
  assert.equal(bias.training, false);
});

clean("images are convolved and pooled", () => {
  const image = lg.arange(16).reshape([1, 1, 4, 4]);
  const filters = lg.ones([2, 1, 3, 3]);
  const y = image.conv2d(filters);
  assert.deepEqual(y.shape, [1, 2, 2, 2]);
  near(y.toArray(), [45, 54, 81, 90, 45, 54, 81, 90]);
  near(lg.conv2d(image, filters, { bias: [0, 1], stride: 2, padding: 1 }).toArray(), [
    10, 24, 51, 90, 11, 25, 52, 91,
  ]); // prettier-ignore
  near(image.maxPool2d().toArray(), [5, 7, 13, 15]);
  near(lg.maxPool2d(image, 3, 1).toArray(), [10, 11, 14, 15]);
  near(image.avgPool2d().toArray(), [2.5, 4.5, 10.5, 12.5]);
  near(image.globalAvgPool2d().toArray(), [7.5]);
  assert.deepEqual(lg.globalAvgPool2d(image).shape, [1, 1]);

  const conv = new lg.Conv2D(1, 2, 3, { seed: 1, padding: 1, stride: 2, init: "xavierNormal" });
  assert.deepEqual([conv.kind, conv.weight.shape, conv.bias.shape], ["Conv2D", [2, 1, 3, 3], [2]]);
  conv.weight.setData(new Float32Array(18).fill(1));
  near(conv.forward(image).toArray(), [10, 24, 51, 90, 10, 24, 51, 90]);
  conv.backward(lg.ones([1, 2, 2, 2]));
  near(conv.bias.grad.toArray(), [4, 4]);
  const plain = new lg.Conv2D(1, 2, 3, { bias: false });
  assert.deepEqual([plain.bias, Object.keys(plain.namedTensors())], [undefined, ["weight"]]);
  near(new lg.MaxPool2D().forward(image).toArray(), [5, 7, 13, 15]);
  near(new lg.MaxPool2D(3, 1).forward(image).toArray(), [10, 11, 14, 15]);
  near(new lg.AvgPool2D(4).forward(image).toArray(), [7.5]);
  near(new lg.GlobalAvgPool2D().forward(image).toArray(), [7.5]);
  assert.deepEqual(new lg.Flatten().forward(image).shape, [1, 16]);
});

clean("a batch is normalised while training, by running averages afterwards", () => {
  const norm = new lg.BatchNorm(2, { momentum: 0.5, epsilon: 1e-9 });
  const x = lg.tensor([[1, 10], [3, 30]]); // prettier-ignore
  near(norm.forward(x).toArray(), [-1, -1, 1, 1]);
  const { weight, bias } = norm.namedTensors();
  const { running_mean, running_var } = norm.namedBuffers();
  near(running_mean.toArray(), [1, 10]);
  near(running_var.toArray(), [1.5, 100.5]);
  near([...weight.data, ...bias.data], [1, 1, 0, 0]);
  norm.training = false;
  near(norm.forward([[1, 10]]).toArray(), [0, 0]);
  const net = new lg.Net({ norm, flatten: new lg.Flatten() });
  assert.deepEqual(Object.keys(net.namedBuffers()), ["norm.running_mean", "norm.running_var"]);
});

clean("layers in order are a layer, too, which a residual connection can go around", () => {
  const block = new lg.Sequential({
    dense1: new lg.Dense(2, 2, { seed: 1 }),
    relu1: new lg.ReLU(),
    dense2: new lg.Dense(2, 2, { seed: 2 }),
  });
  assert.equal(block.kind, "Sequential");
  assert.deepEqual(Object.keys(block.namedTensors()), ["dense1.weight", "dense2.weight"]);
  const x = [[1, 2]]; // prettier-ignore
  const { dense1, dense2 } = block.layers;
  const expected = dense2.forward(dense1.forward(x).relu());
  near(block.forward(x).toArray(), expected.toArray());
  const net = new lg.Net({ block, bias1: new lg.Bias(2) });
  assert.ok("block.dense1.weight" in net.namedTensors());
  net.setTraining(false);
  assert.equal(block.training, false);
  block.forward(x).add(x).sum().backward();
  assert.equal(dense1.weight.grad.size, 4);
});

clean("dropout leaves numbers out while training, the same ones for the same seed", () => {
  const x = lg.ones([1000]);
  const drop = (seed) => new lg.Dropout(0.25, { seed }).forward(x).data;
  const values = drop(1);
  const share = values.filter((value) => value === 0).length / 1000;
  assert.ok(Math.abs(share - 0.25) < 0.05, `${share}`);
  near(Math.max(...values), 4 / 3);
  assert.deepEqual(drop(1), values);
  assert.notDeepEqual(drop(2), values);
  const layer = new lg.Dropout();
  layer.training = false;
  assert.deepEqual(layer.forward(x).data, x.data);
});

clean("losses", () => {
  near(new lg.MSE().forward([[1, 3]], [[0, 1]]).item(), (1 + 4) / 4);
  near(new lg.SoftmaxCrossEntropy().forward([[0, 0]], [1]).item(), Math.log(2));
});

clean("optimizers take a net, a list or a dictionary, and their rate can change", () => {
  const w = lg.tensor([1], { requiresGrad: true });
  const sgd = new lg.SGD([w], { learningRate: 0.5 });
  w.mul(2).sum().backward();
  sgd.step();
  near(w.toArray(), [0]);
  sgd.learningRate = 0.25;
  assert.equal(sgd.learningRate, 0.25);
  sgd.zeroGrad();
  w.mul(2).sum().backward();
  sgd.step();
  near(w.toArray(), [-0.5]);
  const nesterov = new lg.SGD([w], { learningRate: 1, momentum: 0.5, nesterov: true });
  nesterov.step(); // gradient 2, so 2 + 0.5 · 2
  near(w.toArray(), [-3.5]);
  assert.equal(new lg.Adam({ w }).kind, "Adam");
  assert.equal(new lg.AdamW({ w }, { weightDecay: 0.1 }).kind, "AdamW");
  assert.equal(lg.optimizer("sgd", lg.net("mlp", { inputs: 1, outputs: 1 })).kind, "SGD");
});

test("settings that are left out have the values that their types name", async () => {
  // The values of "Default: 0.1." above the settings of the interface with this name.
  const documented = async (file, name) => {
    const source = await readFile(new URL(`../../wasm/src/${file}.ts`, import.meta.url), "utf8");
    const [, body] = source.match(new RegExp(`export interface ${name}[^{]*\\{\n(.*?)\n\\}`, "s"));
    const all = [...body.matchAll(/Default: (.+?)\.?\s*\*\/\s*(\w+)\?:/g)];
    return Object.fromEntries(all.map(([, text, key]) => [key, text]));
  };
  const usual = lg.recipe(["net", "dense classes"]);
  const entry = (key) => usual[2 * usual.filter((_, i) => i % 2 === 0).indexOf(key) + 1];
  const kebab = (key) => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  let compared = 0;
  for (const [file, name] of [
    ["protocol/settings", "RunSettings"],
    ["protocol/settings", "ScheduleDescription"],
    ["api/optimizers", "Schedule"],
  ]) {
    for (const [key, text] of Object.entries(await documented(file, name))) {
      const named = text.match(/^\{ name: "(.*)" \}$/);
      assert.equal(entry(kebab(key)), named ? named[1] : text, `${name}: ${key}`);
      compared++;
    }
  }
  assert.ok(compared >= 20, `${compared}`);
  const w = lg.tensor([1]);
  const optimizers = {
    sgd: new lg.SGD({ w }),
    adam: new lg.Adam({ w }),
    adamw: new lg.AdamW({ w }),
  };
  const check = (kind, text, key) =>
    assert.equal(
      String(optimizers[kind].settings[key]),
      String(JSON.parse(text)),
      `${kind}: ${key}`,
    );
  for (const [key, text] of Object.entries(
    await documented("protocol/settings", "OptimizerDescription"),
  )) {
    const [first, exception, other] = text.split(/, with | /);
    for (const [kind, { settings }] of Object.entries(optimizers)) {
      if (key in settings) check(kind, kind === exception ? other : first, key);
    }
  }
  for (const [kind, name] of [
    ["sgd", "SGDOptions"],
    ["adam", "AdamOptions"],
  ]) {
    for (const [key, text] of Object.entries(await documented("api/optimizers", name)))
      check(kind, text, key);
  }
});

test("schedules say what the learning rate is multiplied by", () => {
  const rates = (schedule) =>
    Array.from({ length: 5 }, (_, step) => lg.learningRateFactor(schedule, step, 5));
  near(rates({ name: "constant" }), [1, 1, 1, 1, 1]);
  near(rates({ name: "step", drops: 5, factor: 0.5 }), [1, 0.5, 0.25, 0.125, 0.0625]);
  near(
    rates({ name: "cosine", end: 0.5 }),
    [0, 1, 2, 3, 4].map((i) => 0.75 + Math.cos((Math.PI * i) / 5) / 4),
  );
  near(rates({ name: "one-cycle", warmUp: 0.5, start: 0.2 }), [0.2, 0.6, 1, 0.75, 0.25]);
  near(rates({ name: "step", drops: 2 }), [1, 1, 1, 0.1, 0.1]);
});

clean("loaders give batches in a seeded order, the last one short", () => {
  const data = { inputs: [[0], [1], [2], [3], [4], [5]], labels: [0, 1, 0, 1, 0, 1], classes: 2 };
  const plain = new lg.ArrayLoader(data, { batchSize: 4 });
  const seen = () => [...plain].map((batch) => [...batch.labels]);
  assert.deepEqual(seen(), [
    [0, 1, 0, 1],
    [0, 1],
  ]);
  assert.equal(plain.size, 6);
  assert.equal(plain.batches, 2);
  assert.equal(plain.batchSize, 4);
  const joined = new lg.ArrayLoader(data, { batchSize: 5 });
  assert.equal(joined.batches, 1, "a single one left over joins the batch before it");
  assert.deepEqual(
    [...joined].map(({ labels }) => labels.length),
    [6],
  );
  assert.equal(plain.outputs, 2);
  assert.deepEqual(plain.sampleShape, [1]);
  assert.ok(plain.hasLabels);
  const order = (seed) => {
    const values = [];
    const loader = new lg.ArrayLoader(data, { batchSize: 2, seed });
    for (const { inputs } of loader) values.push(...inputs.data);
    return values.join();
  };
  assert.equal(order(1), order(1));
  assert.notEqual(order(1), order(2));
  const numbers = new lg.ArrayLoader({ inputs: [[1], [2]], targets: [[2], [4]] });
  for (const { targets } of numbers) near(targets.toArray(), [2, 4]);
  let kept;
  for (const { inputs } of numbers) kept = inputs;
  assert.ok(kept.disposed, "a batch lasts as long as its turn in the loop");
});

clean("a mathematical function is called once per sample", () => {
  let calls = 0;
  const f = (x, y) => (calls++, x * y);
  const loader = new lg.MathFunc(f, { dimension: 2, samples: 10, batchSize: 4, seed: 1 });
  assert.equal(calls, 10);
  for (const { inputs, targets } of loader) {
    near(targets.reshape([targets.size]).toArray(), inputs.toArray().map(([x, y]) => x * y)); // prettier-ignore
  }
  assert.equal(calls, 10);
});

clean("MNIST's files become batches of numbers from 0 to 1", () => {
  const images = new lg.ImageSet(
    idx([2, 1, 2], Uint8Array.of(0, 255, 51, 102)),
    idx([2], Uint8Array.of(3, 9)),
  );
  const [batch] = [...new lg.Mnist(images)].map(({ inputs, labels }) => ({ labels, inputs }));
  assert.deepEqual(batch.labels, Int32Array.of(3, 9));
  for (const { inputs } of new lg.Mnist(images))
    near(inputs.toArray(), [[[[0, 1]]], [[[0.2, 0.4]]]]);
});

clean("nets by name, of layers, and with a forward of one's own", () => {
  const entry = lg.nets.find(({ name }) => name === "mlp");
  assert.ok(entry.description.length > 10 && entry.text.includes("dense 128"));
  const mlp = lg.net("dense 4, tanh, dense 5, tanh, dense classes", { inputs: 3, outputs: 2 });
  assert.deepEqual(Object.keys(mlp.parameters), [
    "dense1",
    "bias1",
    "tanh1",
    "dense2",
    "bias2",
    "tanh2",
    "dense3",
    "bias3",
  ]);
  assert.equal(mlp.parameterCount, 3 * 4 + 4 + 4 * 5 + 5 + 5 * 2 + 2);
  assert.ok("dense3.weight" in mlp.namedTensors());
  mlp.setTraining(false);
  assert.equal(mlp.parameters.dense1.training, false);

  class Residual extends lg.Net {
    constructor() {
      super({ dense1: new lg.Dense(2, 2, { seed: 1 }) });
    }
    forward(x) {
      return this.parameters.dense1.forward(x).relu().add(x);
    }
  }
  const net = new Residual();
  const optimizer = new lg.SGD(net);
  const before = net.namedTensors()["dense1.weight"].data;
  net.forward([[1, 2]]).sum().backward(); // prettier-ignore
  optimizer.step();
  assert.notDeepEqual(net.namedTensors()["dense1.weight"].data, before);
});

clean("a net is described by its text, without being made, and by itself", () => {
  const shape = { inputs: [1, 28, 28], outputs: 10 };
  const text = "conv 8 5x5, pool 2, relu, dense classes";
  const described = lg.describe(text, shape);
  assert.deepEqual(
    described.layers.map(({ name, kind, text, shape }) => [name, kind, text, shape]),
    [
      ["conv1", "Conv2D", "conv 8 5x5", [8, 24, 24]],
      ["pool1", "MaxPool2D", "pool 2", [8, 12, 12]],
      ["relu1", "ReLU", "relu", [8, 12, 12]],
      ["flatten1", "Flatten", "", [1152]],
      ["dense1", "Dense", "dense classes", [10]],
      ["bias1", "Bias", "", [10]],
    ],
  );
  assert.equal(described.parameters, 8 * 25 + 8 + 1152 * 10 + 10);
  const [conv, dense] = [2 * 24 * 24 * 25 * 8, 2 * 1152 * 10];
  assert.equal(described.forwardFlops, conv + dense);
  assert.equal(described.stepFlops, 2 * conv + 3 * dense);
  const net = lg.net(text, shape);
  assert.equal(net.parameterCount, described.parameters);
  assert.deepEqual(net.describe([1, 28, 28]).stepFlops, described.stepFlops);
  assert.deepEqual(lg.net("convnet", shape).forward(lg.zeros([2, 1, 28, 28])).shape, [2, 10]);
});

/** Trains a small net with a loop written here; returns weights and losses. */
function trainByHand(seed) {
  return lg.scope(() => {
    const net = new lg.Net({
      dense1: new lg.Dense(2, 16, { seed }),
      bias1: new lg.Bias(16),
      relu1: new lg.ReLU(),
      dense2: new lg.Dense(16, 2, { seed: seed + 1 }),
      bias2: new lg.Bias(2),
    });
    const { inputs, shape, labels, classes } = circle();
    const loader = new lg.ArrayLoader(
      { inputs: lg.tensor(inputs, shape), labels, classes },
      { batchSize: 32, seed },
    );
    const loss = new lg.SoftmaxCrossEntropy();
    const optimizer = new lg.Adam(net, { learningRate: 0.01 });
    const losses = [];
    for (let epoch = 0; epoch < 20; epoch++) {
      for (const batch of loader) {
        lg.scope(() => {
          const value = loss.forward(net.forward(batch.inputs), batch.labels);
          optimizer.zeroGrad();
          value.backward();
          optimizer.step();
          losses.push(value.item());
        });
      }
    }
    const weights = Object.values(net.namedTensors()).map((tensor) => tensor.data);
    return { weights, losses };
  });
}

test("a loop of one's own learns", () => {
  const { losses } = trainByHand(1);
  assert.ok(losses.at(-1) < 0.3 && losses[0] > 0.6, `${losses[0]} to ${losses.at(-1)}`);
});

test("the same seed gives the same weights bit for bit, another one others", () => {
  const first = trainByHand(5);
  assert.deepEqual(trainByHand(5), first);
  assert.notDeepEqual(trainByHand(6).weights, first.weights);
});

clean("the trainer does the same as a loop of one's own", () => {
  const { inputs, shape, labels, classes } = circle();
  const make = () => {
    const data = { inputs: lg.tensor(inputs, shape), labels, classes };
    const net = lg.net("dense 8, relu, dense classes", { inputs: 2, outputs: 2, seed: 4 });
    const optimizer = new lg.SGD(net, { learningRate: 0.1, momentum: 0.9 });
    return { net, optimizer, train: new lg.ArrayLoader(data, { batchSize: 32, seed: 4 }) };
  };
  const { net, optimizer, train } = make();
  const losses = [];
  const loss = new lg.SoftmaxCrossEntropy();
  for (let epoch = 0; epoch < 3; epoch++) {
    for (const batch of train) {
      const value = loss.forward(net.forward(batch.inputs), batch.labels);
      optimizer.zeroGrad();
      value.backward();
      optimizer.step();
      losses.push(value.item());
    }
  }
  const parts = make();
  const test = new lg.ArrayLoader({ inputs: lg.tensor(inputs, shape), labels, classes });
  const trainer = new lg.Trainer({ ...parts, test });
  const steps = losses.map(() => trainer.step());
  near(
    steps.map((step) => step.loss),
    losses,
    1e-6,
  );
  assert.deepEqual(
    steps.map((step) => step.epochDone),
    losses.map((_, i) => i % 8 === 7),
  );
  assert.deepEqual([steps[8].step, steps[8].epoch, steps[8].samples], [9, 2, 32]);
  assert.equal(trainer.trainMetrics.samples, 256);
  const { samples, accuracy } = trainer.evaluate();
  assert.equal(samples, 256);
  const confusion = trainer.confusion();
  assert.equal((confusion[0] + confusion[3]) / 256, accuracy);
  const rows = trainer.probabilities([[0, 0]]).toArray();
  near(rows[0][0] + rows[0][1], 1);
  assert.deepEqual(trainer.predict([[0, 0]]).shape, [1, 2]);
});

test("create, train and dispose fifty times leave the memory as it was", () => {
  const once = () => {
    const { inputs, shape, labels, classes } = circle();
    const data = lg.tensor(inputs, shape);
    const train = new lg.ArrayLoader({ inputs: data, labels, classes }, { seed: 1 });
    const net = lg.net("dense 32, relu, dense classes", { inputs: 2, outputs: 2 });
    const optimizer = new lg.Adam(net);
    const trainer = new lg.Trainer({ net, optimizer, train });
    for (let i = 0; i < 20; i++) trainer.step();
    for (const handle of [trainer, optimizer, net, train, data]) handle.dispose();
  };
  once();
  const before = lg.memory();
  for (let i = 0; i < 50; i++) once();
  const after = lg.memory();
  assert.equal(after.handles, before.handles);
  assert.equal(after.liveBytes, before.liveBytes);
  assert.equal(after.heapBytes, before.heapBytes);
  // The guard itself works: a forgotten handle shows.
  const forgotten = lg.ones([1]);
  assert.equal(lg.memory().handles, before.handles + 1);
  assert.ok(lg.memory().liveBytes > before.liveBytes);
  forgotten.dispose();
});

test("images go into the engine's memory once", async () => {
  const own = await load(); // a heap that nobody has grown yet
  const count = 30_000;
  const before = own.memory().heapBytes;
  new own.ImageSet(idx([count, 32, 32]), idx([count]));
  const grown = own.memory().heapBytes - before;
  assert.ok(grown < 1.3 * count * 1024, `${grown} bytes for ${count * 1024}`);
});

test("a handle that is forgotten goes with the garbage", async () => {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc");
  const forget = () => {
    for (let i = 0; i < 10; i++) lg.ones([10]);
  };
  const before = lg.memory().handles;
  forget();
  assert.equal(lg.memory().handles, before + 10);
  for (let i = 0; i < 50 && lg.memory().handles > before; i++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    gc();
  }
  assert.ok(lg.memory().handles <= before);
});
