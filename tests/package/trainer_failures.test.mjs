// Trainings that diverge, and engines that die.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "../../dist/index.js";
import { circle, refuses, refusesLater } from "./support.mjs";
import { create, slow, watch } from "./training.mjs";

test("a training that has diverged goes on from before the step", async () => {
  const trainer = await create({
    net: "dense 16, batchnorm, relu, dense classes",
    optimizer: { name: "sgd", learningRate: 0.1 },
    averaging: 0.9,
  });
  const { batchesPerEpoch } = trainer.info;
  await trainer.train({ epochs: 1 });
  await trainer.setLearningRate(1e30);
  await trainer.step();
  const weights = await trainer.weights();
  const training = await trainer.weights({ of: "training" });
  const error = await trainer.train({ epochs: 9 }).catch((thrown) => thrown);
  assert.equal(error.code, "Diverged");
  const { value, ...about } = error.details;
  assert.ok(!Number.isFinite(value));
  assert.equal(about.op, "training");
  assert.equal(about.step, batchesPerEpoch + 2);
  assert.match(about.quantity, /^(loss|statistic)$/);
  assert.deepEqual(await trainer.weights(), weights);
  assert.deepEqual(await trainer.weights({ of: "training" }), training);
  const { running_mean, running_var } = Object.fromEntries(
    ["running_mean", "running_var"].map((name) => [name, training[`batchnorm1.${name}`]]),
  );
  assert.ok([...running_mean, ...running_var].every(Number.isFinite));
  assert.equal((await trainer.inspect()).step, batchesPerEpoch + 1);
});

test("an epoch whose last step diverges is closed before the next one", async () => {
  // One picture in each epoch is too large, and comes in the last batch of some.
  const { inputs, labels, ...rest } = circle(64);
  inputs.fill(3e38, 0, 2);
  const trainer = await create({ data: { train: { ...rest, inputs, labels } }, batchSize: 32 });
  let diverged = 0;
  const results = [];
  for (let tries = 0; results.length < 6 && tries < 30; tries++) {
    try {
      results.push(...(await trainer.train({ epochs: results.length + 1 })).results);
    } catch (error) {
      assert.equal(error.code, "Diverged");
      diverged++;
    }
  }
  assert.deepEqual([results.map(({ epoch }) => epoch), diverged], [[1, 2, 3, 4, 5, 6], 6]);
});

test("a loss that is not finite stops the run and names the step", async () => {
  const trainer = await create({ optimizer: { name: "sgd", learningRate: 1e30 } });
  const { done, messages } = watch(trainer);
  await refusesLater(
    done,
    "Diverged",
    /^training: the loss is (nan|infinity) at step \d+ of epoch 1, expected a finite number/,
  );
  assert.equal(messages.at(-1).state, "stopped");
  await trainer.reset({ optimizer: { name: "adam" } });
  assert.equal((await trainer.train({ epochs: 1 })).state, "finished");
});

test("when the engine dies, every promise rejects and onCrash is called", async () => {
  const trainer = await slow();
  const crashes = [];
  trainer.onCrash = (error) => crashes.push(error);
  const { done, reached } = watch(trainer);
  await reached(1);
  const text = "engine: it has crashed (unreachable) and has to be loaded again";
  await Promise.all([
    refusesLater(done, "Crashed", text),
    refusesLater(trainer.crashForTest(), "Crashed", text),
    refusesLater(trainer.predict(new Float32Array(2), 1), "Crashed", text),
  ]);
  await refusesLater(trainer.step(), "Crashed", text);
  assert.deepEqual(
    crashes.map(({ code }) => code),
    ["Crashed"],
  );
});

test("a crashed engine of the synchronous API refuses every later call", async () => {
  const lg = await load();
  const x = lg.ones([2]);
  const text = "engine: it has crashed (unreachable) and has to be loaded again";
  refuses(() => lg.crashForTest(), "Crashed", text);
  refuses(() => x.add(1), "Crashed", text);
  refuses(() => lg.ones([2]), "Crashed", text);
  x.dispose();
});
