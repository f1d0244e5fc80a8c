// Trainer in Node, where its worker is a worker thread: it learns, says how far it is, and obeys.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bestVariant, refusesLater, usefulThreads } from "./support.mjs";
import { create, forever, pauseFor, slow, soon, watch, within } from "./training.mjs";

test("it learns, and says how far it is", async () => {
  const trainer = await create();
  const variant = usefulThreads > 1 ? `${bestVariant}-threads` : bestVariant;
  assert.equal(trainer.variant, variant);
  const { layers, settings, memoryBytes, ...info } = trainer.info;
  assert.ok(memoryBytes > 4e6 && memoryBytes < 8e6, `${memoryBytes} bytes`);
  assert.deepEqual(
    layers.map(({ name, kind, text, shape }) => [name, kind, text, shape]),
    [
      ["dense1", "Dense", "dense 16", [16]],
      ["bias1", "Bias", "", [16]],
      ["relu1", "ReLU", "relu", [16]],
      ["dense2", "Dense", "dense classes", [2]],
      ["bias2", "Bias", "", [2]],
    ],
  );
  assert.deepEqual(info, {
    parameters: 2 * 16 + 16 + 16 * 2 + 2,
    forwardFlops: 2 * (2 * 16 + 16 * 2),
    stepFlops: 2 * (2 * 2 * 16 + 3 * 16 * 2), // the data need no gradient
    tensors: { "dense1.weight": [2, 16], "bias1.bias": [16], "dense2.weight": [16, 2], "bias2.bias": [2] }, // prettier-ignore
    sampleShape: [2],
    outputs: 2,
    trainSamples: 256,
    validationSamples: 0,
    testSamples: 100,
    batchesPerEpoch: 8,
    step: 0,
    epochs: 0,
    learningRate: 0.02,
    normalization: { mean: 0, deviation: 1 },
    variant,
    threads: usefulThreads,
  });
  assert.equal(settings.net, "dense 16, relu, dense classes");
  assert.deepEqual(settings.optimizer, { name: "adam", learningRate: 0.02, nesterov: false });
  assert.deepEqual([settings.batchSize, settings.seed, settings.patience], [32, 1, 0]);
  const { messages, done } = watch(trainer, { epochs: 40 });
  const result = await done;
  assert.deepEqual([result.state, result.stoppedEarly], ["finished", false]);
  assert.deepEqual([result.step, result.epochs, result.results.length], [320, 40, 40]);
  assert.deepEqual(
    result.results.map(({ epoch }) => epoch),
    Array.from({ length: 40 }, (_, i) => i + 1),
  );
  const last = result.results.at(-1);
  assert.ok(last.testAccuracy > 0.9, `accuracy ${last.testAccuracy}`);
  assert.ok(last.trainLoss < result.results[0].trainLoss && last.seconds > 0);

  assert.deepEqual(
    messages.flatMap(({ epochsDone = [] }) => epochsDone),
    result.results,
  );
  for (const { epochsDone, epochDone } of messages) assert.equal(epochDone, epochsDone?.at(-1));
  const steps = messages.flatMap((message) => message.steps);
  assert.deepEqual(
    steps,
    [...new Set(steps)].sort((a, b) => a - b),
    "steps come in order, each once",
  );
  assert.equal(steps.at(-1), 320);
  for (const message of messages) {
    assert.equal(message.losses.length, message.steps.length);
    assert.equal(message.accuracies.length, message.steps.length);
    assert.ok(message.steps.length <= 65);
    assert.ok(message.samplesPerSecond > 0 && message.secondsLeft >= 0);
    assert.equal(message.epochs, 40);
    assert.ok(Math.abs(message.learningRate - 0.02) < 1e-8 && !message.stoppedEarly);
  }
  assert.equal(messages.at(-1).state, "finished");
  assert.equal(messages.at(-1).secondsLeft, 0);

  const evaluation = await trainer.evaluate();
  assert.equal(evaluation.accuracy, last.testAccuracy);
  assert.equal(evaluation.loss, last.testLoss);
  const [a, b, c, d] = evaluation.confusion;
  assert.equal(a + b + c + d, 100);
  assert.equal((a + d) / 100, last.testAccuracy);

  const rows = await trainer.predict(Float32Array.of(0, 0, 1, 1), 2);
  assert.equal(rows.length, 4);
  assert.ok(rows[1] > 0.5 && rows[2] > 0.5, `${rows}`);
  assert.ok(Math.abs(rows[0] + rows[1] - 1) < 1e-5);

  // The total is reached already; more epochs go on from here.
  assert.deepEqual(await trainer.train({ epochs: 40 }), {
    state: "finished",
    stoppedEarly: false,
    step: 320,
    epochs: 40,
    results: [],
  });
  const more = await trainer.train({ epochs: 41 });
  assert.deepEqual([more.step, more.results[0].epoch], [328, 41]);
});

test("messages come at display rate, however fast the steps are", async () => {
  const trainer = await create();
  const { messages, done, reached } = watch(trainer);
  const { step } = await reached(1);
  const begin = performance.now();
  const before = messages.length;
  await pauseFor(1000);
  const seconds = (performance.now() - begin) / 1000;
  const count = messages.length - before;
  // About 60 for the steps, and as many again for epochs, however short they are.
  assert.ok(count <= 130 * seconds, `${count} messages`);
  assert.ok(messages.at(-1).step - step > 200, "and it goes on meanwhile");
  await trainer.stop();
  assert.equal((await done).state, "stopped");
});

test("pause, step, resume and stop take effect soon", async () => {
  const trainer = await slow();
  const { messages, done, reached } = watch(trainer);
  await reached(3);
  await refusesLater(
    trainer.step(),
    "InvalidState",
    "step: training is under way, expected it to be paused or stopped",
  );
  await refusesLater(
    trainer.train({ epochs: 1 }),
    "InvalidState",
    "train: training is under way, expected it to be paused or stopped",
  );
  await within(soon, trainer.pause());
  await pauseFor(100);
  const { state, step } = messages.at(-1);
  assert.equal(state, "paused");
  const count = messages.length;
  await pauseFor(200);
  assert.equal(messages.length, count, "nothing happens in a pause");

  const one = await within(soon, trainer.step());
  assert.equal(one.step, step + 1);
  assert.ok(one.loss > 0 && one.accuracy >= 0 && one.accuracy <= 1 && one.epoch >= 1);
  assert.equal((await trainer.step()).step, step + 2);

  const next = reached(step + 3);
  await within(soon, trainer.resume());
  await next;
  await within(soon, trainer.stop());
  const result = await done;
  assert.equal(result.state, "stopped");
  assert.equal(messages.at(-1).state, "stopped");

  // Where nothing runs, these do nothing; a step can always be made.
  await trainer.pause();
  await trainer.resume();
  await trainer.stop();
  assert.equal((await trainer.step()).step, result.step + 1);
});

test("stopping a paused training ends it", async () => {
  const trainer = await slow();
  const { done, reached } = watch(trainer);
  await reached(1);
  await trainer.pause();
  await trainer.stop();
  assert.equal((await done).state, "stopped");
});

test("single steps go through the end of an epoch, as train does", async () => {
  const [one, all] = [await create(), await create()];
  const results = [];
  for (let i = 0; i < 16; i++) results.push(await one.step());
  assert.deepEqual(
    results.filter(({ epochDone }) => epochDone).map(({ step }) => step),
    [8, 16],
  );
  const { results: epochs } = await all.train({ epochs: 2 });
  const timeless = (epoch) => ({ ...epoch, seconds: 0 });
  assert.deepEqual(
    results.flatMap(({ epochDone }) => (epochDone ? [timeless(epochDone)] : [])),
    epochs.map(timeless),
  );
  assert.deepEqual(await one.weights(), await all.weights());
  assert.equal((await one.train({ epochs: 3 })).results[0].epoch, 3);
});

test("the same seed gives the same weights bit for bit, also with interruptions", async () => {
  const [a, b, c] = [await create(), await create(), await create({ seed: 2 })];
  const { done, reached } = watch(b, { epochs: 30 });
  await reached(1);
  await b.pause();
  await b.predict(new Float32Array(2), 1);
  await b.evaluate();
  await b.resume();
  await Promise.all([a.train({ epochs: 30 }), done, c.train({ epochs: 30 })]);
  assert.deepEqual(await b.weights(), await a.weights());
  assert.notDeepEqual(await c.weights(), await a.weights());
});

test("predict, evaluate, weights and a new learning rate in mid-run", async () => {
  const trainer = await slow();
  const { done, reached } = watch(trainer);
  const { step } = await reached(2);
  const answers = await within(soon, trainer.predict(new Float32Array(20), 10));
  assert.equal(answers.length, 20);
  assert.equal((await trainer.evaluate()).confusion.length, 4);
  assert.deepEqual(Object.keys(await trainer.weights()), [
    "dense1.weight",
    "bias1.bias",
    "dense2.weight",
    "bias2.bias",
    "dense3.weight",
    "bias3.bias",
  ]);
  await within(soon, trainer.setLearningRate(0));
  const still = await trainer.weights();
  await reached(step + 10);
  assert.deepEqual(await trainer.weights(), still, "a rate of 0 changes nothing");
  await trainer.stop();
  await done;
});

test("an AbortSignal ends training", async () => {
  const trainer = await slow();
  const controller = new AbortController();
  const { done, reached } = watch(trainer, { epochs: forever, signal: controller.signal });
  await reached(1);
  controller.abort();
  await refusesLater(done, "Aborted", "train: it was aborted");
  await refusesLater(
    trainer.train({ epochs: 1, signal: controller.signal }),
    "Aborted",
    "train: it was aborted",
  );
  assert.ok((await trainer.step()).step > 1, "the trainer is still good");
});

test("a disposed trainer says so", async () => {
  const trainer = await create();
  const { done } = watch(trainer);
  trainer.dispose();
  trainer[Symbol.dispose]();
  await refusesLater(done, "Aborted", "trainer: this trainer was disposed");
  await refusesLater(trainer.step(), "InvalidState", "trainer: this trainer was disposed");
});
