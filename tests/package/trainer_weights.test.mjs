// A trainer's weights: taken along, made anew, averaged, and those of the best epoch.
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadModule } from "../../build/package/module/load.js";
import { DataSets } from "../../build/package/worker/data_sets.js";
import { Training } from "../../build/package/worker/training.js";
import { setWeights } from "../../build/package/worker/given_weights.js";
import { countHandles } from "./handles.mjs";
import { circle, refuses, refusesLater } from "./support.mjs";
import { create, watch } from "./training.mjs";

test("weights can be taken along", async () => {
  const [a, b] = [await create(), await create({ seed: 9 })];
  await a.train({ epochs: 2 });
  const weights = await a.weights();
  await b.reset({ weights });
  assert.deepEqual(await b.weights(), weights);
  const short = { ...weights, "bias2.bias": new Float32Array(3) };
  await refusesLater(
    b.reset({ weights: short }),
    "ShapeMismatch",
    "weights: 'bias2.bias' has 3 numbers, expected 2 for its shape [2]",
  );
  await refusesLater(
    b.reset({ weights: { ...weights, extra: new Float32Array(1) } }),
    "NotFound",
    "weights: the net has no tensor 'extra', it has dense1.weight, bias1.bias, dense2.weight, bias2.bias",
  );
  delete short["bias2.bias"];
  await refusesLater(
    b.reset({ weights: short }),
    "InvalidArgument",
    "weights: 'bias2.bias' is missing",
  );
  assert.deepEqual(await b.weights(), weights, "a refused reset changes nothing");
});

test("weights that are taken along answer, also where others are averaged", async () => {
  const net = "dense 16, batchnorm, relu, dense classes";
  const source = await create({ net, averaging: 0.99, batchSize: 16 });
  await source.train({ epochs: 12 });
  const { inputs } = circle(50);
  const answers = await source.predict(inputs, 50);
  const { loss, accuracy } = await source.evaluate();
  assert.ok(accuracy > 0.9);
  const weights = await source.weights();
  assert.deepEqual(await source.weights("dense1.weight"), weights["dense1.weight"]);
  const name = "dense1.weight";
  assert.notDeepEqual(await source.weights({ of: "training", name }), weights[name]);
  assert.deepEqual(await source.weights({ name }), weights[name]);
  for (const averaging of [0, 0.99]) {
    const other = await create({ net, averaging, seed: 5, weights });
    assert.deepEqual(await other.weights(), weights);
    assert.deepEqual(await other.weights({ of: "training" }), weights);
    assert.deepEqual(await other.predict(inputs, 50), answers, "the same net");
    assert.equal((await other.evaluate()).loss, loss);
    await other.reset({ weights, batchSize: 32 });
    assert.deepEqual(await other.predict(inputs, 50), answers);
    await other.setLearningRate(1e-4);
    await other.train({ epochs: 1 });
    assert.ok((await other.evaluate()).accuracy > 0.9, "averages begin with these weights");
  }
  await refusesLater(
    source.weights({ of: "average" }),
    "InvalidArgument",
    "weights: of 'average', expected 'answers' or 'training'",
  );
});

test("reset makes a fresh net on the same data", async () => {
  const trainer = await create();
  const first = await trainer.weights();
  const { done, reached } = watch(trainer);
  await reached(1);
  await trainer.reset({ net: "dense 4, tanh, dense 4, tanh, dense classes", batchSize: 64 });
  assert.equal((await done).state, "stopped");
  assert.equal(trainer.info.parameters, 2 * 4 + 4 + 4 * 4 + 4 + 4 * 2 + 2);
  assert.equal(trainer.info.batchesPerEpoch, 4);
  const { results, step } = await trainer.train({ epochs: 1 });
  assert.deepEqual([step, results[0].epoch], [4, 1]);
  await trainer.reset({ net: "dense 16, relu, dense classes", batchSize: 32 });
  assert.deepEqual(await trainer.weights(), first, "the settings of the beginning, the same net");
});

test("what a reset replaces, or fails to make, leaves nothing behind", async () => {
  const engine = await loadModule();
  const handles = countHandles(engine.raw);
  const data = new DataSets(engine, { train: circle(), test: circle() });
  const weights = { a: new Float32Array(1) };
  const once = () => {
    const training = new Training(engine, data, { optimizer: { name: "adam" } });
    for (let i = 0; i < 20; i++) training.trainer.step();
    training.dispose();
    refuses(
      () => new Training(engine, data, { optimizer: { name: "adam", momentum: 0.5 } }),
      "InvalidArgument",
      "adam: momentum 0.5, expected none for this optimizer",
    );
    refuses(
      () => new Training(engine, data, { weights }, setWeights),
      "NotFound",
      /^weights: the net has no tensor 'a'/,
    );
  };
  once();
  const held = () => [handles.size, engine.raw.liveBytes(), engine.raw.heapBytes()];
  const before = held();
  assert.ok(before[0] > 0);
  for (let i = 0; i < 50; i++) once();
  assert.deepEqual(held(), before);
});

test("the best weights are back, too, where all epochs were run", async () => {
  const settings = { validation: 56, patience: 9, optimizer: { name: "sgd", learningRate: 3 } };
  const trainer = await create({ ...settings, epochs: 6 });
  const { state, stoppedEarly, bestEpoch, results } = await trainer.train();
  assert.deepEqual([state, stoppedEarly, results.length], ["finished", false, 6]);
  const losses = results.map(({ validationLoss }) => validationLoss);
  assert.equal(bestEpoch, losses.indexOf(Math.min(...losses)) + 1);
  assert.equal((await trainer.evaluate()).loss, results[bestEpoch - 1].testLoss);
});

test("averaged weights answer, smoothing and clipping change the steps", async () => {
  const runs = {};
  for (const [name, settings] of Object.entries({
    plain: {},
    averaging: { averaging: 0.9 },
    smoothing: { labelSmoothing: 0.2 },
    clipping: { clipNorm: 0.01, optimizer: { name: "sgd", learningRate: 0.1 } },
    sgd: { optimizer: { name: "sgd", learningRate: 0.1 } },
  })) {
    const trainer = await create(settings);
    const { results } = await trainer.train({ epochs: 2 });
    const [answers, training] = [
      await trainer.weights(),
      await trainer.weights({ of: "training" }),
    ];
    assert[name === "averaging" ? "notDeepEqual" : "deepEqual"](answers, training);
    runs[name] = { ...results[1], answers, training };
  }
  const { plain, averaging, smoothing, clipping, sgd } = runs;
  assert.deepEqual(averaging.training, plain.training, "the trained weights are the same");
  assert.notEqual(averaging.testLoss, plain.testLoss);
  assert.notDeepEqual(smoothing.training, plain.training);
  assert.ok(clipping.trainLoss > sgd.trainLoss, "short steps");
});
