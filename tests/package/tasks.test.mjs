// Ten tasks that somebody brings who has the README, docs/ and the types of the package, and nothing else. Each is written
// as they say it, against the package as it is installed.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { installPackage, root } from "./support.mjs";

const { folder, remove } = installPackage();
after(remove);
const entry = (name) =>
  import(pathToFileURL(join(folder, "node_modules/lanegrad/dist", `${name}.js`)).href);
const { load, Trainer } = await entry("index");

/** 1000 points in the plane, and whether they lie inside a circle, as in the README. */
function points(count = 1000) {
  let state = 1;
  const random = () => (state = (state * 48271) % 0x7fffffff) / 0x7fffffff;
  const inputs = Float32Array.from({ length: 2 * count }, () => random() * 2 - 1);
  const inside = (_, i) => Number(Math.hypot(inputs[2 * i], inputs[2 * i + 1]) < 0.7);
  const labels = Array.from({ length: count }, inside);
  return { kind: "labels", inputs, shape: [count, 2], labels, classes: 2 };
}
const circle = {
  data: { train: points() },
  net: "dense 32, relu, dense classes",
  optimizer: { name: "adam", learningRate: 0.01 },
};

test("(a) a number is learned from a CSV file, with a curve of the validation loss", async () => {
  const { readTable } = await entry("data");
  const rows = Array.from({ length: 300 }, (_, i) => {
    const [width, height] = [1 + (i % 17), 100 + ((i * 7) % 23)];
    return `${width},${height},${3 * width + 0.5 * height}`;
  });
  const table = await readTable(["width,height,price", ...rows].join("\n"));
  const prepared = await table.prepare({ target: "price", task: "number" });
  const trainer = await Trainer.create({
    data: prepared.data(),
    net: "dense 16, tanh, dense classes",
    optimizer: { name: "adam", learningRate: 0.02 },
    epochs: 30,
    validation: 0.2,
  });
  const { results } = await trainer.train();
  const curve = results.map(({ validationLoss }) => validationLoss);
  assert.equal(curve.length, 30);
  assert.ok(curve.at(-1) < curve[0] / 10, `${curve}`);
  const row = prepared.encode({ width: "5", height: "110" });
  const [price] = prepared.inUnits(await trainer.predict(row, 1));
  assert.ok(Math.abs(price - 70) < 4, `${price}`);
  trainer.dispose();
});

test("(b) pictures in colour in a Float32Array [N, 3, 32, 32] are normalized and augmented", async () => {
  const [count, size] = [60, 3 * 32 * 32];
  const labels = Array.from({ length: count }, (_, i) => i % 3);
  // A third of them is red, a third green, a third blue.
  const images = Float32Array.from({ length: count * size }, (_, i) => {
    const channel = Math.floor((i % size) / 1024);
    return channel === labels[Math.floor(i / size)] ? 0.8 : 0.1 + ((i * 31) % 10) / 100;
  });
  const trainer = await Trainer.create({
    data: { train: { kind: "images", images, shape: [count, 3, 32, 32], labels, classes: 3 } },
    net: "conv 4 5x5, pool 4, relu, dense classes",
    normalize: true,
    augment: { shift: 2 },
    validation: 0.2,
    batchSize: 12,
    optimizer: { name: "adam", learningRate: 0.01 },
    epochs: 10,
  });
  const { results } = await trainer.train();
  assert.equal(results.at(-1).validationAccuracy, 1);
  const answers = await trainer.predict(images.subarray(0, 2 * size), 2);
  assert.ok(answers[0] > 0.5 && answers[4] > 0.5, `${answers}`);
  trainer.dispose();
});

test("(c) what was saved answers, without data", async () => {
  const trainer = await Trainer.create({ ...circle, averaging: 0.9, epochs: 10 });
  await trainer.train();
  const file = await trainer.save();
  const inputs = Float32Array.of(0, 0, 1, 1);
  const expected = await trainer.predict(inputs, 2);
  trainer.dispose();
  const { Net } = await entry("predict");
  const net = await Net.load(file);
  assert.deepEqual(net.predict(inputs).probabilities, expected);
  net.dispose();
});

test("(d) a net learns from a stream that no memory holds", async () => {
  const lg = await load();
  async function* stream() {
    for (let begin = 0; begin < 4000; begin += 50) {
      const { inputs, labels } = points(1000);
      const at = begin % 1000;
      yield { inputs: inputs.subarray(2 * at, 2 * at + 100), labels: labels.slice(at, at + 50) };
    }
  }
  const net = lg.net("dense 32, relu, dense classes", { inputs: 2, outputs: 2, seed: 1 });
  const optimizer = new lg.Adam(net, { learningRate: 0.02 });
  const loss = new lg.SoftmaxCrossEntropy();
  const losses = [];
  for await (const { inputs, labels } of stream()) {
    lg.scope(() => {
      optimizer.zeroGrad();
      const value = loss.forward(net.forward(lg.tensor(inputs, [50, 2])), labels);
      value.backward();
      optimizer.step();
      losses.push(value.item());
    });
  }
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  assert.ok(mean(losses.slice(-10)) < mean(losses.slice(0, 10)) / 2, `${losses}`);
});

test("(e) a loop and a loss of one's own", async () => {
  const lg = await load();
  const absolute = (prediction, target) => prediction.sub(target).abs().mean();
  const net = new lg.Net({ dense: new lg.Dense(1, 1, { seed: 1 }), bias: new lg.Bias(1) });
  const optimizer = new lg.Adam(net, { learningRate: 0.05 });
  const x = [[-1], [0], [1], [2]];
  for (let step = 0; step < 600; step++) {
    lg.scope(() => {
      optimizer.zeroGrad();
      optimizer.learningRate = 0.05 * (1 - step / 600);
      absolute(net.forward(x), [[-1], [50], [3], [5]]).backward(); // one point lies far out
      optimizer.step();
    });
  }
  const [answer] = net.forward([[1]]).data;
  assert.ok(Math.abs(answer - 3) < 0.3, `${answer}`);
});

test("(f) a layer of one's own, in a net", async () => {
  const lg = await load();
  class Power extends lg.Layer {
    exponent = lg.ones([1], { requiresGrad: true });
    forward(x) {
      return x.pow(this.exponent);
    }
  }
  const net = new lg.Net({ power: new Power(), double: new lg.Sequential({ power: new Power() }) });
  const optimizer = new lg.Adam(net, { learningRate: 0.02 });
  const loss = new lg.MSE();
  for (let step = 0; step < 300; step++) {
    lg.scope(() => {
      optimizer.zeroGrad();
      loss.forward(net.forward([[1.5], [2]]), [[1.5 ** 3], [8]]).backward();
      optimizer.step();
    });
  }
  const [answer] = net.forward([[1.2]]).data;
  assert.ok(Math.abs(answer - 1.2 ** 3) < 0.01, `${answer}`);
});

test("(g) two trainers at a time give what each gives alone", async () => {
  const weights = async (seed) => {
    const trainer = await Trainer.create({ ...circle, seed, epochs: 5 });
    await trainer.train();
    const all = await trainer.weights();
    trainer.dispose();
    return all;
  };
  const together = await Promise.all([weights(1), weights(2)]);
  assert.deepEqual(together, [await weights(1), await weights(2)]);
});

test("(h) a signal ends a training, which goes on later", async () => {
  const abort = new AbortController();
  const trainer = await Trainer.create({ ...circle, epochs: 1e6, signal: abort.signal });
  const onProgress = ({ epoch }) => epoch > 2 && abort.abort();
  await assert.rejects(trainer.train({ signal: abort.signal, onProgress }), { code: "Aborted" });
  const { epochs } = await trainer.train({ epochs: (await trainer.step()).epoch + 1 });
  assert.ok(epochs > 3);
  trainer.dispose();
});

test("(i) a progress bar", async () => {
  const bar = { value: 0 };
  const trainer = await Trainer.create({ ...circle, epochs: 20 });
  await trainer.train({ onProgress: ({ fraction }) => (bar.value = fraction) });
  assert.equal(bar.value, 1);
  trainer.dispose();
});

test("(j) a component that is mounted, thrown away in the middle, and mounted again", async () => {
  const errors = [];
  const losses = [];
  // What React calls useEffect with: it mounts, and returns what unmounts.
  const effect = () => {
    const abort = new AbortController();
    const { signal } = abort;
    const work = (async () => {
      const trainer = await Trainer.create({ ...circle, epochs: 8, signal });
      try {
        await trainer.train({ signal, onProgress: ({ trainLoss }) => losses.push(trainLoss) });
      } finally {
        trainer.dispose();
      }
    })().catch((error) => error.code === "Aborted" || errors.push(error));
    return { unmount: () => abort.abort(), work };
  };
  const first = effect();
  first.unmount();
  const second = effect();
  await Promise.all([first.work, second.work]);
  assert.deepEqual(errors, []);
  assert.ok(losses.length > 0 && losses.at(-1) < 0.7, `${losses}`);
});

test("the README and docs/ say the words that these tasks are found by", () => {
  const pages = ["README.md", "docs/package.md", "docs/tables.md"].map((name) =>
    readFileSync(join(root, name), "utf8"),
  );
  const all = pages.join("\n");
  for (const word of [
    "readTable",
    '"images"',
    "lanegrad/predict",
    "for await",
    "lg.Layer",
    "validation: 0.2",
    "signal",
    "fraction",
  ]) {
    // prettier-ignore
    assert.ok(all.includes(word), word);
  }
});
