// Trainer in Node, where its worker is a worker thread.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { load, Trainer } from "../../dist/index.js";
import { DataSets } from "../../build/package/worker/data_sets.js";
import { Training } from "../../build/package/worker/training.js";
import { bestVariant, circle, idx, refuses, refusesLater } from "./support.mjs";

const trainers = [];
after(() => trainers.forEach((trainer) => trainer.dispose()));

async function create(options = {}) {
  const trainer = await Trainer.create({
    data: { train: circle(), test: circle(100) },
    net: "dense 16, relu, dense classes",
    optimizer: { name: "adam", learningRate: 0.02 },
    batchSize: 32,
    ...options,
  });
  trainers.push(trainer);
  return trainer;
}

/** Something that takes long enough to be interrupted. */
const slow = () => create({ net: "dense 256, relu, dense 256, relu, dense classes", batchSize: 8 });
const forever = 1_000_000;

/** Starts training; `reached(step)` resolves at the first message from that step on. */
function watch(trainer, options = { epochs: forever }) {
  const messages = [];
  const waiting = [];
  const done = trainer.train({
    ...options,
    onProgress(progress) {
      messages.push(progress);
      for (const { step, resolve } of waiting) if (progress.step >= step) resolve(progress);
    },
  });
  const reached = (step) => new Promise((resolve) => waiting.push({ step, resolve }));
  return { messages, done, reached };
}

const within = async (milliseconds, promise) => {
  const begin = performance.now();
  const value = await promise;
  const took = performance.now() - begin;
  assert.ok(took < milliseconds, `took ${took} ms`);
  return value;
};
// The promise is 50 ms; a busy machine gets some more.
const soon = 250;

const pauseFor = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test("it learns, and says how far it is", async () => {
  const trainer = await create();
  assert.equal(trainer.variant, bestVariant);
  const { layers, settings, ...info } = trainer.info;
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
    variant: bestVariant,
    threads: 1,
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

test("a learning rate set in mid-run can be planned, and the run repeats bit for bit", async () => {
  const a = await create();
  const { done, reached } = watch(a);
  await reached(40);
  const first = await a.setLearningRate(0.004);
  await reached(first + 40);
  await a.pause();
  const second = await a.setLearningRate(0.05);
  assert.ok(first >= 40 && second >= first + 40);
  await a.step();
  await a.stop();
  await done;

  const b = await create();
  assert.equal(await b.setLearningRate(0.05, second), second);
  assert.equal(await b.setLearningRate(0.004, first), first);
  const rates = [];
  for (let step = 1; step <= second + 1; step++) rates.push((await b.step()).learningRate);
  assert.deepEqual(await b.weights(), await a.weights());
  assert.deepEqual(
    [first - 1, first, second - 1, second].map((step) => rates[step]),
    [0.02, 0.004, 0.004, 0.05],
  );

  // The loop keeps to the plan like single steps, and a change from now on is the end of it.
  const c = await create();
  const { batchesPerEpoch } = c.info;
  await c.setLearningRate(0.004, 3);
  await c.setLearningRate(9, 2 * batchesPerEpoch);
  await c.train({ epochs: 1 });
  assert.equal(await c.setLearningRate(0.003), batchesPerEpoch);
  await c.train({ epochs: 3 });
  const d = await create();
  for (let step = 0; step < 3 * batchesPerEpoch; step++) {
    if (step === 3) await d.setLearningRate(0.004);
    if (step === batchesPerEpoch) assert.equal(await d.setLearningRate(0.003, 1), step);
    await d.step();
  }
  assert.deepEqual(await d.weights(), await c.weights());
  await refusesLater(
    () => c.setLearningRate(-1, 1000),
    "InvalidArgument",
    "optimizer: learning rate -1, expected a finite number of at least 0",
  );
  await refusesLater(
    () => c.setLearningRate(0.1, -1),
    "InvalidArgument",
    "learning rate: after -1, expected a whole number of at least 0",
  );
});

test("what it learns from can be measured as it is, which changes the training in no bit", async () => {
  const settings = {
    validation: 50,
    labelSmoothing: 0.2,
    averaging: 0.9,
    seed: 3,
    net: "dense 16, dropout 0.3, relu, dense classes",
  };
  const { inputs, labels } = circle();
  const [a, b] = [await create(settings), await create(settings)];
  await a.train({ epochs: 2 });
  const { trainSamples } = a.info;
  const all = await a.measure("train");
  const held = await a.measure("validation");
  assert.equal(all.samples, trainSamples);
  assert.deepEqual([held.samples, labels.length], [50, trainSamples + 50]);
  // Together they are all there are, and each is asked as in a test.
  const answers = await a.predict(inputs, labels.length);
  const own = { loss: 0, right: 0 };
  labels.forEach((label, i) => {
    own.loss -= Math.log(answers[2 * i + label]);
    own.right += Number(answers[2 * i + label] > 0.5);
  });
  const sum = (name) => all[name] * trainSamples + held[name] * 50;
  assert.ok(Math.abs(sum("loss") - own.loss) < 1e-3 * own.loss);
  assert.equal(Math.round(sum("accuracy")), own.right);
  // The samples held back are those that the end of an epoch is validated with.
  const { results } = await a.train({ epochs: 3 });
  const { loss, accuracy } = await a.measure("validation");
  assert.equal(accuracy, results[0].validationAccuracy);
  assert.ok(Math.abs(loss - results[0].validationLoss) < 1e-6);

  await b.train({ epochs: 3 });
  assert.deepEqual(await b.weights(), await a.weights());

  // It measures as many as are asked for, also in the middle of a batch.
  for (const most of [1, 20, 250, 251, trainSamples - 1]) {
    assert.equal((await a.measure("train", most)).samples, Math.min(most, trainSamples));
  }
  // It measures the same samples each time.
  const some = await a.measure("train", 20);
  assert.equal(some.samples, 20);
  assert.deepEqual(await a.measure("train", 20), some);
  await refusesLater(
    () => a.measure("test"),
    "InvalidArgument",
    "measure: pile 'test', expected 'train' or 'validation'",
  );
  await b.reset({ validation: 0 });
  await refusesLater(
    () => b.measure("validation"),
    "InvalidState",
    "measure: no samples are held back for validation, expected some",
  );

  // Images are made numbers once, and numbers to predict have the loss that they learn by.
  const images = idx(
    [40, 6, 6],
    Uint8Array.from({ length: 1440 }, (_, i) => (i * 37) % 256),
  );
  const pictures = await create({
    data: {
      train: {
        kind: "idx",
        images,
        labels: idx(
          [40],
          Uint8Array.from({ length: 40 }, (_, i) => i % 3),
        ),
        classes: 3,
      },
    },
    net: "dense classes",
    normalize: true,
    augment: { shift: 2 },
  });
  const pixels = Float32Array.from(images.subarray(16), (value) => value / 255);
  const said = await pictures.predict(pixels, 40);
  const loss3 = Array.from({ length: 40 }, (_, i) => -Math.log(said[3 * i + (i % 3)]));
  const measured = await pictures.measure("train");
  assert.ok(Math.abs(measured.loss - loss3.reduce((x, y) => x + y) / 40) < 1e-5);
  const x = Float32Array.from({ length: 30 }, (_, i) => i / 30);
  const numbers = await create({
    data: {
      train: {
        kind: "numbers",
        inputs: x,
        shape: [30, 1],
        targets: x.map((v) => v * v),
        outputs: 1,
      },
    },
    net: "dense classes",
  });
  const line = await numbers.predict(x, 30);
  const squares = line.reduce((all, y, i) => all + (y - x[i] * x[i]) ** 2, 0);
  const { loss: half, accuracy: none } = await numbers.measure("train");
  assert.ok(Math.abs(half - squares / 60) < 1e-6 && Number.isNaN(none));
});

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
  const lg = await load();
  const data = new DataSets(lg, { train: circle(), test: circle() });
  const once = () => {
    const training = new Training(lg, data, { optimizer: { name: "adam" } });
    for (let i = 0; i < 20; i++) training.trainer.step();
    training.dispose();
    refuses(
      () => new Training(lg, data, { optimizer: { name: "adam", momentum: 0.5 } }),
      "InvalidArgument",
      "adam: momentum 0.5, expected none for this optimizer",
    );
  };
  once();
  const before = lg.memory();
  for (let i = 0; i < 50; i++) once();
  const { handles, liveBytes, heapBytes } = lg.memory();
  assert.deepEqual(
    { handles, liveBytes, heapBytes },
    { handles: before.handles, liveBytes: before.liveBytes, heapBytes: before.heapBytes },
  );
});

test("numbers can be learned instead of labels", async () => {
  const samples = 200;
  const inputs = Float32Array.from({ length: samples }, (_, i) => i / 100 - 1);
  const targets = inputs.map((x) => x * x);
  const data = { kind: "numbers", inputs, shape: [samples, 1], targets, outputs: 1 };
  const trainer = await create({ data: { train: data } });
  assert.equal(trainer.info.testSamples, 0);
  const { results } = await trainer.train({ epochs: 60 });
  const { trainLoss, trainAccuracy, testLoss, testAccuracy } = results.at(-1);
  assert.ok(trainLoss < 0.005, `loss ${trainLoss}`);
  assert.deepEqual([trainAccuracy, testLoss, testAccuracy], [NaN, NaN, NaN]);
  const [at0, at1] = await trainer.predict(Float32Array.of(0, 0.9), 2);
  assert.ok(Math.abs(at0) < 0.15 && Math.abs(at1 - 0.81) < 0.2, `${at0} ${at1}`);
  await refusesLater(
    trainer.evaluate(),
    "InvalidState",
    "training: evaluation without test data, expected a test set",
  );
});

test("images come from IDX files, copied or handed over", async () => {
  const pixels = Uint8Array.from({ length: 40 * 4 }, (_, i) => (i % 8 < 4 ? 255 : 0));
  const labels = Uint8Array.from({ length: 40 }, (_, i) => i % 2);
  const files = () => ({ kind: "idx", images: idx([40, 2, 2], pixels), labels: idx([40], labels) });
  const [kept, given] = [files(), files()];
  const trainer = await create({ data: { train: kept, test: kept }, batchSize: 8 });
  assert.ok(kept.images.length > 0);
  const other = await create({ data: { train: given }, batchSize: 8, transfer: true });
  assert.equal(given.images.length, 0, "handed over");
  const { results } = await trainer.train({ epochs: 10 });
  assert.equal(results.at(-1).testAccuracy, 1);
  await other.train({ epochs: 10 });
  assert.deepEqual(await other.weights(), await trainer.weights());
});

test("a schedule sets the rate of each step, and can be drawn before", async () => {
  const settings = {
    optimizer: { name: "sgd", learningRate: 0.5, momentum: 0.9, nesterov: true },
    schedule: { name: "one-cycle", warmUp: 0.25, start: 0.1 },
    epochs: 2,
  };
  const trainer = await create();
  const steps = 16;
  const expected = await trainer.learningRates(settings, steps);
  assert.ok(Math.abs(expected[0] - 0.05) < 1e-7 && expected.at(-1) > 0, `${expected}`);
  assert.equal(Math.max(...expected), 0.5);
  assert.equal(await trainer.learningRates(settings).then(({ length }) => length), 100);
  assert.deepEqual(
    await trainer.learningRates({}, 2),
    Float32Array.of(0.02, 0.02),
    "what is left out stays as it is",
  );
  await trainer.reset(settings);
  const rates = [];
  while (rates.length < steps) rates.push((await trainer.step()).learningRate);
  assert.deepEqual(Float32Array.from(rates), expected);
  assert.deepEqual((await trainer.train()).epochs, 2, "as far as the settings go");

  // Beyond its schedule nothing is trained, and the sentence says where epochs belong.
  const weights = await trainer.weights();
  const sentence = (epoch, step) =>
    `training: epoch ${epoch} (step ${step}) with the schedule one-cycle, expected at most epoch 2 (step 16): its length is the setting epochs, given at creation or to reset`;
  await refusesLater(() => trainer.train({ epochs: 10 }), "InvalidArgument", sentence(10, 80));
  await refusesLater(() => trainer.step(), "InvalidArgument", sentence(3, 17));
  assert.deepEqual(await trainer.weights(), weights);
  await trainer.reset({ epochs: 3 });
  assert.equal((await trainer.train()).epochs, 3);
  await trainer.reset({ schedule: { name: "constant" } });
  assert.equal((await trainer.train({ epochs: 5 })).epochs, 5, "a constant rate has no end");
});

test("one step in all is made at the full rate", async () => {
  for (const name of ["step", "cosine", "one-cycle"]) {
    const trainer = await create({ schedule: { name }, epochs: 1, batchSize: 100_000 });
    const before = await trainer.weights();
    assert.equal((await trainer.step()).learningRate, trainer.info.learningRate, name);
    assert.notDeepEqual(await trainer.weights(), before);
  }
});

test("validation is split off, and training stops early with the best weights", async () => {
  const settings = { validation: 56, patience: 2, optimizer: { name: "adam", learningRate: 0.3 } };
  const trainer = await create(settings);
  const { trainSamples, validationSamples, batchesPerEpoch } = trainer.info;
  assert.deepEqual([trainSamples, validationSamples, batchesPerEpoch], [200, 56, 7]);
  const { done, messages } = watch(trainer, { epochs: 200 });
  const result = await done;
  assert.deepEqual([result.state, result.stoppedEarly], ["finished", true]);
  const { state, stoppedEarly, secondsLeft, restored } = messages.at(-1);
  assert.deepEqual([state, stoppedEarly, secondsLeft], ["finished", true, 0]);
  assert.ok(messages.slice(0, -1).every((message) => message.restored === undefined));
  const losses = result.results.map(({ validationLoss }) => validationLoss);
  const best = losses.indexOf(Math.min(...losses));
  assert.deepEqual([result.bestEpoch, result.epochs], [best + 1, best + 3]);
  assert.ok(result.epochs < 200);
  for (const { validationAccuracy, testAccuracy } of result.results) {
    assert.ok(validationAccuracy > 0.3 && testAccuracy > 0.3);
  }
  const { loss, accuracy } = await trainer.evaluate();
  assert.deepEqual(
    [loss, accuracy],
    [result.results[best].testLoss, result.results[best].testAccuracy],
    "the best weights are back",
  );
  const { epoch, ...numbers } = result.results[best];
  const of = ["validationLoss", "validationAccuracy", "testLoss", "testAccuracy"];
  const expected = { epoch, ...Object.fromEntries(of.map((name) => [name, numbers[name]])) };
  assert.deepEqual(result.restored, expected, "what is reported is evaluated with them");
  assert.deepEqual(restored, expected);
  // A further call goes on, and a run that is stopped says which epoch was the best so far.
  const more = trainer.train({ epochs: forever });
  await trainer.stop();
  const stopped = await more;
  assert.equal(stopped.state, "stopped");
  assert.ok(stopped.bestEpoch >= 1);
});

test("an epoch that is closed by another call stops the training all the same", async () => {
  // Nearly all the time goes into evaluations, which is where the run is stopped.
  const settings = { validation: 56, patience: 1, optimizer: { name: "sgd", learningRate: 0 } };
  const data = { train: circle(), test: circle(200_000) };
  const trainer = await create({ ...settings, data });
  await trainer.train({ epochs: 1 });
  const { done, reached } = watch(trainer, { epochs: 9 });
  await reached(2 * trainer.info.batchesPerEpoch);
  await trainer.stop();
  const { state, epochs } = await done;
  assert.deepEqual([state, epochs], ["stopped", 1], "in the middle of an evaluation");
  const { loss } = await trainer.evaluate(); // closes epoch 2, which is no better
  const next = await trainer.train({ epochs: 9 });
  assert.deepEqual(
    [next.state, next.stoppedEarly, next.bestEpoch, next.epochs, next.step],
    ["finished", true, 1, 2, 2 * trainer.info.batchesPerEpoch],
  );
  assert.equal(next.restored.testLoss, loss);
});

test("a single step that ends the training says what is restored", async () => {
  const settings = { validation: 56, patience: 1, optimizer: { name: "sgd", learningRate: 0 } };
  const trainer = await create(settings);
  const { batchesPerEpoch } = trainer.info;
  const steps = [];
  for (let i = 0; i < 2 * batchesPerEpoch; i++) steps.push(await trainer.step());
  assert.ok(steps.slice(0, -1).every(({ restored }) => restored === undefined));
  const { restored, epochDone } = steps.at(-1);
  assert.deepEqual([restored.epoch, restored.testLoss], [1, epochDone.testLoss]);
  const { stoppedEarly, epochs } = await trainer.train({ epochs: 3 });
  assert.deepEqual([stoppedEarly, epochs], [true, 3], "it went on, and was stopped once more");
});

test("an evaluation without test data is refused, also while an epoch is being closed", async () => {
  const trainer = await create({
    data: { train: circle(60_000) },
    net: "dense 64, relu, dense classes",
    validation: 58_000,
  });
  const refused = () =>
    refusesLater(
      trainer.evaluate(),
      "InvalidState",
      "training: evaluation without test data, expected a test set",
    );
  const { done, reached } = watch(trainer, { epochs: 1 });
  await reached(trainer.info.batchesPerEpoch);
  await refused();
  assert.equal((await done).epochs, 1);
  await refused();
});

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

test("batches of one sample are refused for BatchNorm, and a single one left over joins others", async () => {
  const net = "dense 16, batchnorm, relu, dense classes";
  for (const [samples, batchSize, batches] of [
    [65, 64, 1],
    [129, 64, 2],
    [200, 199, 1],
  ]) {
    const trainer = await create({ data: { train: circle(samples) }, net, batchSize });
    assert.equal(trainer.info.batchesPerEpoch, batches);
    assert.equal((await trainer.learningRates({}, 5)).length, 5);
    const { step } = await trainer.train({ epochs: 2 });
    assert.equal(step, 2 * batches);
  }
  await refusesLater(
    create({ net, batchSize: 1 }),
    "InvalidArgument",
    "training: a batch size of 1 and 256 training samples give batchnorm1 batches of one sample, expected at least 2, which BatchNorm needs",
  );
  await refusesLater(
    create({ data: { train: circle(3) }, net, validation: 2 }),
    "InvalidArgument",
    "training: a batch size of 32 and 1 training sample give batchnorm1 batches of one sample, expected at least 2, which BatchNorm needs",
  );
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

test("averaged weights answer, smoothing and clipping change the loss and the steps", async () => {
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
  assert.ok(smoothing.trainLoss > plain.trainLoss);
  assert.ok(clipping.trainLoss > sgd.trainLoss, "short steps");
});

test("the catalog comes with recommended settings, nets with their shapes and costs", async () => {
  const trainer = await create();
  const recipes = await trainer.recipes();
  const names = recipes.map(({ name }) => name);
  for (const name of ["mlp", "lenet", "convnet", "fast", "best"]) assert.ok(names.includes(name));
  for (const { name, description, text, settings } of recipes) {
    assert.ok(description.length > 10 && text.includes("dense classes"));
    assert.equal(settings.net, name);
    assert.ok(settings.batchSize >= 1 && settings.optimizer.name && settings.schedule.name);
  }
  // What is recommended for images alone does not matter here.
  await trainer.reset({ net: "mlp", optimizer: undefined, batchSize: undefined });
  const { settings } = trainer.info;
  assert.deepEqual([settings.normalize, settings.augment.shift], [false, 0]);
  assert.equal(settings.batchSize, recipes.find(({ name }) => name === "mlp").settings.batchSize);
  await refusesLater(
    trainer.reset({ normalize: true }),
    "InvalidArgument",
    "recipe: normalize of data that are no images, expected none",
  );
  const { layers, parameters } = await trainer.describe("dense 7, tanh, dense classes");
  assert.deepEqual(
    layers.map(({ name, text, shape }) => [name, text, shape]),
    [
      ["dense1", "dense 7", [7]],
      ["bias1", "", [7]],
      ["tanh1", "tanh", [7]],
      ["dense2", "dense classes", [2]],
      ["bias2", "", [2]],
    ],
  );
  assert.equal(parameters, 2 * 7 + 7 + 7 * 2 + 2);
});

test("a convolutional net learns pictures, and its filters can be watched", async () => {
  const samples = 120;
  const pixels = new Uint8Array(samples * 64);
  const labels = Uint8Array.from({ length: samples }, (_, i) => i % 2);
  for (let i = 0; i < samples; i++) {
    // A line across or down.
    for (let j = 0; j < 8; j++) pixels[64 * i + (i % 2 ? 8 * j + (i % 7) : 8 * (i % 7) + j)] = 255;
  }
  const train = {
    kind: "idx",
    images: idx([samples, 8, 8], pixels),
    labels: idx([samples], labels),
  };
  const net = "conv 4 3x3, relu, pool 2, dense classes";
  const trainer = await create({ data: { train, test: train }, net });
  assert.deepEqual(trainer.info.sampleShape, [1, 8, 8]);
  assert.deepEqual(trainer.info.tensors["conv1.weight"], [4, 1, 3, 3]);
  const { done, reached } = watch(trainer);
  await reached(1);
  const filters = await within(soon, trainer.weights("conv1.weight"));
  assert.equal(filters.length, 36);
  await reached(60);
  assert.notDeepEqual(await trainer.weights("conv1.weight"), filters);
  await trainer.stop();
  await done;
  assert.ok((await trainer.evaluate()).accuracy > 0.95);
  const answers = await trainer.predict(
    Float32Array.from(pixels.subarray(0, 128), (x) => x / 255),
    2,
  );
  assert.ok(answers[0] > 0.5 && answers[11] > 0.5, `${answers}`);
});

test("pictures are augmented and normalised, and can be looked at before", async () => {
  const samples = 40;
  const pixels = Uint8Array.from({ length: samples * 64 }, (_, i) => (i % 64 === 27 ? 255 : 0));
  const train = { kind: "idx", images: idx([samples, 8, 8], pixels), labels: idx([samples]) };
  const trainer = await create({ data: { train }, augment: { shift: 2 }, normalize: true });
  assert.deepEqual(trainer.info.settings.augment, { shift: 2, rotation: 0, scale: 0, shear: 0 });
  assert.equal(trainer.info.settings.normalize, true);
  const plain = await trainer.augmented([5], {});
  assert.deepEqual(
    plain,
    Float32Array.from(pixels.subarray(0, 64), (x) => x / 255),
  );
  const shifted = await trainer.augmented([5, 6]);
  assert.equal(shifted.length, 128);
  assert.ok(Math.abs(shifted.subarray(0, 64).reduce((sum, x) => sum + x) - 1) < 1e-5);
  assert.notDeepEqual(shifted.slice(0, 64), plain);
  assert.notDeepEqual(shifted.slice(0, 64), shifted.slice(64), "each in its own way");
  assert.deepEqual(await trainer.augmented([6]), shifted.slice(64), "the same way each time");
  assert.notDeepEqual(await trainer.augmented([6], undefined, 2), shifted.slice(64));
  // Normalised, a picture of zeros is no longer one of zeros: answers differ from those of a net without.
  const zeros = new Float32Array(64);
  const answers = await trainer.predict(zeros, 1);
  await trainer.reset({ normalize: false });
  assert.notDeepEqual(await trainer.predict(zeros, 1), answers);
  await refusesLater(
    trainer.augmented([40]),
    "InvalidArgument",
    "data loader: sample 40, expected 0 to 39",
  );
  await refusesLater(
    trainer.augmented([0], { shear: 90 }),
    "InvalidArgument",
    "recipe: shear '90', expected at least 0 and below 90",
  );
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

test("a disposed trainer says so", async () => {
  const trainer = await create();
  const { done } = watch(trainer);
  trainer.dispose();
  trainer[Symbol.dispose]();
  await refusesLater(done, "InvalidState", "trainer: this trainer was disposed");
  await refusesLater(trainer.step(), "InvalidState", "trainer: this trainer was disposed");
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

const { raw } = { raw: circle() };
const none = { net: undefined, optimizer: undefined, batchSize: undefined };
for (const [name, options, code, message] of [
  [
    "no data",
    { data: undefined },
    "InvalidArgument",
    "training data: nothing, expected a description of data",
  ],
  [
    "no training data",
    { data: {} },
    "InvalidArgument",
    "training data: nothing, expected a description of data",
  ],
  [
    "an unknown kind",
    { data: { train: { kind: "csv" } } },
    "InvalidArgument",
    "training data: kind 'csv', expected 'idx', 'labels' or 'numbers'",
  ],
  [
    "a shape that does not fit",
    { data: { train: { ...raw, shape: [256, 3] } } },
    "ShapeMismatch",
    "tensor: 512 numbers were given, the shape [256, 3] takes 768",
  ],
  [
    "a missing shape",
    { data: { train: { ...raw, shape: undefined } } },
    "InvalidArgument",
    "training data: shape nothing, expected an array of whole numbers",
  ],
  [
    "a label out of range",
    { data: { train: { ...raw, classes: 1 } } },
    "InvalidArgument",
    /^training data: label 1 at position \d+, expected 0 to 0$/,
  ],
  [
    "test data of another shape",
    { data: { train: raw, test: { ...raw, shape: [128, 4], labels: raw.labels.slice(0, 128) } } },
    "ShapeMismatch",
    "training: training data of samples [2] with 2 classes and test data of samples [4] with 2 classes, expected the same",
  ],
  [
    "an empty file",
    { data: { train: { kind: "idx", images: new Uint8Array(), labels: new Uint8Array() } } },
    "CorruptData",
    "idx: training images: no bytes, expected an IDX file",
  ],
  [
    "a broken test file",
    {
      data: {
        train: raw,
        test: { kind: "idx", images: new Uint8Array(3), labels: new Uint8Array() },
      },
    },
    "CorruptData",
    "idx: test images: 3 bytes, expected a header of at least 8",
  ],
  [
    "an unknown net",
    { net: "mpl" },
    "NotFound",
    /^net: 'mpl' at word 1 \(column 1\) is no layer, expected one of conv, .* or the name of a net, mlp/,
  ],
  [
    "a net for images",
    { net: "conv 8 5x5, dense classes" },
    "InvalidArgument",
    "net: 'conv' at word 1 (column 1) gets [2], expected images [C, H, W]",
  ],
  [
    "another number of classes",
    { net: "dense 3" },
    "InvalidArgument",
    "net: the last layer, 'dense' at word 1 (column 1), gives [3], expected [2]: as many outputs as the data has classes, or numbers in a target",
  ],
  [
    "a net that is no text",
    { net: { name: "mlp", hidden: [8] } },
    "InvalidArgument",
    "trainer: net an object, expected a name",
  ],
  [
    "an unknown setting",
    { batchsize: 5 },
    "NotFound",
    "trainer: unknown option 'batchsize', expected 'batchSize'",
  ],
  [
    "an unknown optimizer",
    { optimizer: { name: "rms" } },
    "NotFound",
    "optimizer: no optimizer is called 'rms', known are adam, adamw, sgd",
  ],
  [
    "an optimizer that is no object",
    { optimizer: "adam" },
    "InvalidArgument",
    "optimizer: 'adam', expected an object with options",
  ],
  [
    "an unknown schedule",
    { schedule: { name: "linear" } },
    "NotFound",
    "schedule: no schedule is called 'linear', known are constant, step, cosine, one-cycle",
  ],
  [
    "a negative rate",
    { optimizer: { name: "sgd", learningRate: -1 } },
    "InvalidArgument",
    "recipe: learning-rate '-1', expected a finite number of at least 0",
  ],
  [
    "batch size 0",
    { batchSize: 0 },
    "InvalidArgument",
    "recipe: batch-size '0', expected a whole number of at least 1",
  ],
  [
    "batch size NaN",
    { batchSize: NaN },
    "InvalidArgument",
    "recipe: batch-size 'NaN', expected a whole number of at least 1",
  ],
  [
    "a seed below 0",
    { seed: -1 },
    "InvalidArgument",
    "recipe: seed '-1', expected a whole number of at least 0",
  ],
  [
    "smoothing that leaves nothing of the labels",
    { labelSmoothing: 1 },
    "InvalidArgument",
    "recipe: label-smoothing '1', expected at least 0 and below 1",
  ],
  [
    "as many samples for validation as there are",
    { validation: 256 },
    "InvalidArgument",
    "split: 256 of 256 samples for validation, expected 0 to 255, so that some are left for training",
  ],
  [
    "patience without validation",
    { patience: 3 },
    "InvalidArgument",
    "training: patience 3, expected none without validation data",
  ],
  [
    "a checkpoint with settings beside it",
    { checkpoint: new Uint8Array(8) },
    "InvalidArgument",
    "checkpoint: net is set beside it, expected no settings but its own",
  ],
  [
    "a worker that is none",
    { worker: 5 },
    "InvalidArgument",
    "worker: 5, expected a Worker, the URL of worker.js, or a function that makes a Worker",
  ],
  [
    "a worker script that is not there",
    { worker: "./nowhere.js" },
    "LoadFailed",
    /^trainer: the worker \.\/nowhere\.js did not start \(Cannot find module/,
  ],
  [
    "a module that is not there",
    { wasmUrl: "./nowhere/engine.wasm" },
    "LoadFailed",
    /^engine: file:.*\/nowhere\/engine\.wasm could not be read \(ENOENT/,
  ],
]) {
  test(`bad input gets one sentence: ${name}`, () => refusesLater(create(options), code, message));
}

test("bad arguments get one sentence", async () => {
  const trainer = await create();
  for (const [call, code, message] of [
    [
      () => trainer.train({ epochs: 1.5 }),
      "InvalidArgument",
      "train: epochs 1.5, expected a whole number of at least 0",
    ],
    [
      () => trainer.train({ epochs: 1, onProgress: 1 }),
      "InvalidArgument",
      "train: onProgress 1, expected a function",
    ],
    [
      () => trainer.setLearningRate(-1),
      "InvalidArgument",
      "optimizer: learning rate -1, expected a finite number of at least 0",
    ],
    [
      () => trainer.setLearningRate(),
      "InvalidArgument",
      "learning rate: nothing, expected a number",
    ],
    [
      () => trainer.predict(new Float32Array(3), 2),
      "ShapeMismatch",
      "tensor: 3 numbers were given, the shape [2, 2] takes 4",
    ],
    [
      () => trainer.predict("text", 2),
      "InvalidArgument",
      "predict: inputs 'text', expected an array of numbers",
    ],
    [
      () => trainer.predict(new Float32Array(2)),
      "InvalidArgument",
      "predict: count nothing, expected a whole number of at least 0",
    ],
    [
      () => trainer.reset({ batchSize: 0 }),
      "InvalidArgument",
      "recipe: batch-size '0', expected a whole number of at least 1",
    ],
    [
      () => trainer.weights("dense9.weight"),
      "NotFound",
      "weights: the net has no tensor 'dense9.weight', expected 'dense1.weight'",
    ],
    [
      () => trainer.describe("dense 5 relu"),
      "InvalidArgument",
      "net: 'relu' at word 3 (column 9) is no setting of dense, expected bias, no bias or a comma",
    ],
    [() => trainer.describe(), "InvalidArgument", "describe: net nothing, expected a name"],
    [
      () => trainer.learningRates({ schedule: { name: "step", drops: 0 } }),
      "InvalidArgument",
      "recipe: drops '0', expected a whole number of at least 1",
    ],
    [() => trainer.reset(5), "InvalidArgument", "reset: 5, expected an object with options"],
  ]) {
    await refusesLater(call(), code, message);
  }
  assert.equal((await trainer.train({ epochs: 1 })).state, "finished");
});
