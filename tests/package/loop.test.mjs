// A training loop of one's own with the synchronous API in Node, and the memory that it leaves.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { load } from "../../dist/index.js";
import { circle, idx } from "./support.mjs";
import { lg, near, clean } from "./clean.mjs";

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
  const trainer = new lg.SyncTrainer({ ...parts, test });
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
    const trainer = new lg.SyncTrainer({ net, optimizer, train });
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
