// The learning rates of a training: set, planned, and by a schedule.
import assert from "node:assert/strict";
import { test } from "node:test";
import { circle, refusesLater } from "./support.mjs";
import { create, forever, watch } from "./training.mjs";

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

test("the samples per second are those of the time that goes by, answers to others included", async () => {
  // Without a test set, since evaluations do not count.
  const net = "dense 256, relu, dense 256, relu, dense classes";
  const trainer = await create({ data: { train: circle() }, net, batchSize: 8 });
  const inputs = Float32Array.from({ length: 2 * 4000 }, (_, i) => Math.sin(i));
  const told = [];
  const done = trainer.train({
    epochs: forever,
    onProgress: (progress) => told.push({ ...progress, seconds: performance.now() / 1000 }),
  });
  // Nearly all of the time goes into answers: that of the steps alone would tell many times as much. What is told is of
  // about the last two seconds, and at first the steps have all the time.
  const ask = async (milliseconds, messages) => {
    const [begin, from] = [performance.now(), told.length];
    while (performance.now() < begin + milliseconds || told.length < from + messages)
      await trainer.predict(inputs, 4000);
  };
  await ask(3000, 1);
  const from = told.length - 1;
  await ask(3000, 5);
  await trainer.stop();
  await done;
  const [first, ...rest] = told.slice(from);
  const last = rest.at(-1);
  const rate = ((last.step - first.step) * 8) / (last.seconds - first.seconds);
  const shown = rest.reduce((sum, { samplesPerSecond }) => sum + samplesPerSecond, 0) / rest.length;
  assert.ok(shown > rate / 4 && shown < 4 * rate, `${shown} a second are told, ${rate} are made`);
  const { step, samplesPerSecond, secondsLeft } = last;
  const left = forever * 256 - 8 * step;
  assert.ok(Math.abs((secondsLeft * samplesPerSecond) / left - 1) < 1e-6);
});
