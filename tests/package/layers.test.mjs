// Layers, losses and optimizers of the synchronous API in Node.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { loadModule } from "../../build/package/module/load.js";
import { lg, near, clean } from "./clean.mjs";

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
  near(new lg.SiLU().forward([1]).toArray(), [0.7310586]);
  near(new lg.Softplus().forward([1]).toArray(), [1.3132617]);
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
  const { raw } = await loadModule();
  const usual = raw.recipe({ net: "dense classes" });
  let compared = 0;
  for (const [name, values] of [
    ["RunSettings", usual],
    ["Schedule", usual.schedule],
    ["Augmentation", usual.augment],
  ]) {
    for (const [key, text] of Object.entries(await documented("protocol/run_settings", name))) {
      if (key === "net") continue;
      const named = text.match(/^\{ name: "(.*)" \}$/);
      const value = named ? values[key].name : values[key];
      assert.equal(String(value), named ? named[1] : text, `${name}: ${key}`);
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
      String(optimizers[kind].raw.settings()[key]),
      String(JSON.parse(text)),
      `${kind}: ${key}`,
    );
  for (const [key, text] of Object.entries(
    await documented("protocol/run_settings", "OptimizerOptions"),
  )) {
    const [first, exception, other] = text.split(/, with | /);
    for (const [kind, { raw }] of Object.entries(optimizers)) {
      if (key in raw.settings()) check(kind, kind === exception ? other : first, key);
    }
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
