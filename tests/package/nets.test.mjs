// Data loaders and nets of the synchronous API in Node.
import assert from "node:assert/strict";
import { idx } from "./support.mjs";
import { lg, near, clean } from "./clean.mjs";

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
  const [batch] = [...new lg.ImageLoader(images)].map(({ inputs, labels }) => ({ labels, inputs }));
  assert.deepEqual(batch.labels, Int32Array.of(3, 9));
  for (const { inputs } of new lg.ImageLoader(images))
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
