// Training data that come in batches from a function: the bits of the same data in memory, whatever the batches; what is
// kept in memory; and what is wrong with such data.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load, Trainer } from "../../dist/index.js";
import { TrainerService } from "../../build/package/worker/service.js";
import { create, invalid } from "./creating.mjs";
import { bestVariant, circle, refusesLater } from "./support.mjs";

const { inputs, labels } = circle(130); // in batches of 32: one sample would be left over
const shape = [129, 2];
const net = "dense 8, relu, dense classes";
const run = { net, batchSize: 32, seed: 3 };
const test1 = circle(40);

/** The samples in batches of these sizes, over and over, always in the same buffers. */
async function* pieces(...sizes) {
  const buffers = [new Float32Array(2 * 500), new Int32Array(500)];
  for (let begin = 0, i = 0; begin < 129; i++) {
    const end = Math.min(begin + sizes[i % sizes.length], 130);
    buffers[0].set(inputs.subarray(2 * begin, 2 * end));
    buffers[1].set(labels.subarray(begin, end));
    yield {
      inputs: buffers[0].subarray(0, 2 * (end - begin)),
      labels: buffers[1].subarray(0, end - begin),
    };
    begin = end;
  }
}
const streamed = (batches) => ({ kind: "labels", batches, shape, classes: 2 });
const made = (batches, more) =>
  create({ data: { train: streamed(batches), test: test1 }, ...run, ...more });
const bits = async (trainer) =>
  JSON.stringify(Object.entries(await trainer.weights()).map(([name, values]) => [name, [...values]])); // prettier-ignore

/** The losses of each step and the weights of a loop over the same arrays in their order. */
async function inMemory(epochs) {
  const lg = await load({ variant: bestVariant });
  const layers = lg.net(net, { inputs: [2], outputs: 2, seed: 3 });
  const train = new lg.ArrayLoader(
    { inputs: lg.tensor(inputs.slice(0, 258), shape), labels: labels.slice(0, 129), classes: 2 },
    { batchSize: 32 },
  );
  const trainer = new lg.SyncTrainer({ net: layers, optimizer: new lg.Adam(layers), train });
  const losses = Array.from({ length: epochs * 4 }, () => trainer.step().loss);
  const named = { ...layers.namedTensors(), ...layers.namedBuffers() };
  const values = Object.entries(named).map(([name, tensor]) => [name, [...tensor.data]]);
  return { losses, weights: JSON.stringify(values) };
}

test("batches of any size give the bits of the same arrays in their order, in one thread and in two", async () => {
  const right = await inMemory(3);
  for (const [sizes, threads] of [
    [[1], 1],
    [[5, 64, 2], 1],
    [[32], 2],
    [[129], 2],
    [[130], 1], // what is beyond the samples of an epoch is not read
  ]) {
    let calls = 0;
    const trainer = await made(() => (calls++, pieces(...sizes)), { threads, epochs: 3 });
    assert.deepEqual([calls, trainer.info.batchesPerEpoch, trainer.info.trainSamples], [0, 4, 129]);
    const losses = [];
    const onProgress = (progress) => losses.push(...progress.losses);
    const { state, results } = await trainer.train({ onProgress });
    assert.deepEqual([state, results.length, calls], ["finished", 3, 3]);
    assert.equal(await bits(trainer), right.weights, `${sizes} ${threads}`);
    if (losses.length === 12) assert.deepEqual(losses, right.losses);
    assert.ok((await trainer.evaluate()).accuracy > 0);
  }
});

test("images and numbers come so, too, and images are augmented", async () => {
  const samples = 50;
  const pixels = Uint8Array.from({ length: samples * 64 }, (_, i) => (i * i * 7) % 251);
  const classes = Array.from({ length: samples }, (_, i) => i % 10);
  const some = (size) =>
    function* batches() {
      for (let begin = 0; begin < samples; begin += size) {
        const part = pixels.subarray(64 * begin, 64 * (begin + size));
        const images = size % 2 ? Float32Array.from(part, (pixel) => pixel / 255) : part;
        yield { images, labels: classes.slice(begin, begin + size) };
      }
    };
  const of = async (size, more) => {
    const train = { kind: "images", batches: some(size), shape: [50, 8, 8], classes: 10 };
    const settings = { net: "conv 2 3x3, relu, dense classes", batchSize: 20, ...more };
    const trainer = await create({ data: { train }, ...settings });
    await trainer.train({ epochs: 2 });
    return bits(trainer);
  };
  const plain = await of(50);
  assert.equal(await of(7), plain);
  const shifted = await of(50, { augment: { shift: 1 } });
  assert.equal(await of(3, { augment: { shift: 1 } }), shifted);
  assert.notEqual(shifted, plain);

  const numbers = async (size) => {
    function* batches() {
      for (let begin = 0; begin < 60; begin += size) {
        const x = Array.from({ length: Math.min(size, 60 - begin) }, (_, i) => (begin + i) / 60);
        yield { inputs: x, targets: x.flatMap((value) => [value * value, -value]) };
      }
    }
    const train = { kind: "numbers", batches, shape: [60, 1], outputs: 2 };
    const trainer = await create({ data: { train }, net: "dense 4, tanh, dense classes" });
    await trainer.train({ epochs: 2 });
    return bits(trainer);
  };
  assert.equal(await numbers(7), await numbers(60));
});

test("it steps, pauses, stops and goes on from a file, with the same bits", async () => {
  const whole = await made(() => pieces(32), { epochs: 4 });
  await whole.train();
  const right = await bits(whole);
  let [calls, open] = [0, 0];
  async function* counted() {
    calls++;
    open++;
    try {
      yield* pieces(10);
    } finally {
      open--;
    }
  }
  const trainer = await made(counted, { epochs: 4 });
  for (let step = 1; step <= 6; step++) assert.equal((await trainer.step()).step, step);
  assert.equal(calls, 2);
  const file = await trainer.save();
  await trainer.train();
  assert.equal(await bits(trainer), right);
  assert.deepEqual([calls, open], [4, 0]);
  // The third step's batch of the second epoch comes behind 64 samples that are read and not learned.
  const data = { train: streamed(counted) };
  const resumed = await Trainer.create({ data, checkpoint: file });
  await resumed.train();
  assert.deepEqual([calls, open], [7, 0]);
  assert.equal(await bits(resumed), right);
  await resumed.reset({ net: "dense classes", epochs: 1 });
  await resumed.train();
  assert.deepEqual([calls, open], [8, 0]);
  resumed.dispose();
});

test("it waits for a slow source, and can be paused, stopped, reset and disposed meanwhile", async () => {
  let go;
  let ended = 0;
  async function* slow() {
    try {
      for await (const batch of pieces(40)) {
        yield batch;
        await new Promise((resolve) => (go = resolve));
      }
    } finally {
      ended++;
    }
  }
  const trainer = await made(slow);
  const training = trainer.train({ epochs: 2 });
  while (!go) await new Promise((resolve) => setTimeout(resolve, 5));
  await trainer.pause();
  await trainer.resume();
  assert.equal((await trainer.predict([0, 0], 1)).length, 2);
  await trainer.stop();
  const { state, step } = await training;
  assert.ok(state === "stopped" && step <= 1, `${state} after ${step} steps`);
  await trainer.reset({ net: "dense classes" });
  const again = trainer.train({ epochs: 2 }).catch((error) => error);
  trainer.dispose();
  assert.equal((await again).code, "Aborted");
  const controller = new AbortController();
  const other = await made(slow);
  const aborted = other.train({ epochs: 2, signal: controller.signal });
  controller.abort();
  await refusesLater(aborted, "Aborted", "train: it was aborted");
  go();
  other.dispose();
});

test("what its function throws reaches the caller as it is, and a later call begins the epoch anew", async () => {
  const mine = new RangeError("the line is dead");
  let broken = true;
  async function* batches() {
    yield* pieces(20);
    // Behind the last sample nothing is read.
    throw new Error("too far");
  }
  const trainer = await made(() => {
    if (!broken) return batches();
    broken = false;
    return (async function* () {
      yield { inputs: inputs.slice(0, 2 * 70), labels: labels.slice(0, 70) };
      throw mine;
    })();
  });
  await assert.rejects(trainer.train({ epochs: 1 }), (error) => error === mine);
  assert.equal((await trainer.train({ epochs: 1 })).step, 4);
  const whole = await made(() => pieces(129));
  await whole.train({ epochs: 1 });
  assert.equal(await bits(trainer), await bits(whole));
  const failing = await made(() => {
    throw mine;
  });
  await assert.rejects(failing.train({ epochs: 1 }), (error) => error === mine);
  await assert.rejects(failing.step(), (error) => error === mine);
});

test("each fault of such data gets one sentence", async () => {
  const first = { inputs: inputs.slice(0, 6), labels: labels.slice(0, 3) };
  const with_ = (change) => [first, { ...first, ...change }];
  for (const [batches, code, message] of [
    [[first], "InvalidArgument", "the batches of an epoch end after 3 samples, expected 129"],
    [[], "InvalidArgument", "the batches of an epoch end after 0 samples, expected 129"],
    [
      with_({ inputs: [1, 2, 3] }),
      "ShapeMismatch",
      "batch 2: 3 numbers of inputs and 3 of labels, expected 2 and 1 for each of at least one sample",
    ],
    [
      with_({ inputs: [], labels: [] }),
      "ShapeMismatch",
      "batch 2: 0 numbers of inputs and 0 of labels, expected 2 and 1 for each of at least one sample",
    ],
    [
      with_({ inputs: [1, 2, 3, NaN, 5, 6] }),
      "InvalidArgument",
      "batch 2: input 1 of sample 1 is nan, expected finite numbers",
    ],
    [
      with_({ labels: [0, 1, 2] }),
      "InvalidArgument",
      "batch 2: the label of sample 2 is 2, expected 0 to 1",
    ],
    [with_({ labels: "abc" }), "InvalidArgument", "batch 2: labels 'abc', expected an array of whole numbers"], // prettier-ignore
    [with_({ y: 1 }), "NotFound", "batch 2: unknown option 'y', expected 'labels'"],
    [[first, 7], "InvalidArgument", "batch 2: 7, expected an object with samples"],
    [7, "InvalidArgument", "batches() gives 7, expected an iterable of batches"],
  ]) {
    const trainer = await made(() => batches);
    await refusesLater(trainer.train({ epochs: 1 }), code, `training data: ${message}`);
  }
  await invalid(made(pieces(3)), "training data: batches an object, expected a function that gives the batches of an epoch"); // prettier-ignore
  await invalid(made(() => [], { validation: 0.2 }), "validation: 26 of training data that come in batches, expected none: they are not known before, and data.validation takes others"); // prettier-ignore
  const trainer = await made(() => pieces(50));
  for (const [call, name] of [
    [trainer.measure("train"), "measure"],
    [trainer.nearest([0, 0]), "nearest"],
    [trainer.augmented([0]), "augmented"],
  ]) {
    await refusesLater(call, "InvalidState", `${name}: the training data come in batches, expected data in memory`); // prettier-ignore
  }
  await refusesLater(trainer.inspect(), "InvalidState", "inspect: no batch has come, expected a step before"); // prettier-ignore
  await trainer.step();
  assert.equal((await trainer.inspect()).layers.length, 5);
  assert.ok((await trainer.trace([0, 0], 1)).loss > 0);
});

test("much more data than fit into the memory that is used go through it", async () => {
  const [samples, size, batch] = [300_000, 128, 10_000];
  const service = new TrainerService(async () => null, () => {}, pull); // prettier-ignore
  let sent = 0;
  function pull({ pass }) {
    const part = { name: "batch", inputs: new Float32Array(batch * size), targets: new Int32Array(batch) }; // prettier-ignore
    sent += part.inputs.byteLength;
    setImmediate(() => service.batch(pass, part));
  }
  const train = { kind: "labels", streamed: true, shape: [samples, size], classes: 2 };
  await service.open({ data: { train }, net: "dense classes", batchSize: 1000, threads: 1 });
  const { memoryBytes } = await service.create();
  assert.ok(memoryBytes < 20e6, `${memoryBytes} bytes`);
  const { step } = await service.train(1);
  assert.equal(step, 300);
  const { heapBytes } = service.memoryForTest();
  assert.ok(sent > 150e6, `${sent} bytes went through it`);
  assert.ok(heapBytes < 64e6, `${heapBytes} bytes of memory`);
});
