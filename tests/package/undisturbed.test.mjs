// Whatever is asked for while a training runs, it does what it was told, to the bit: random calls at random
// moments, from progress messages and from timers, drawn by a seed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Trainer } from "../../dist/index.js";
import { idx } from "./support.mjs";

const side = 4;
const pixels = side * side;

/** Pictures of noise whose upper half is brighter in class 1. */
function pictures(count, random) {
  const labels = Uint8Array.from({ length: count }, () => random() * 2);
  const images = Uint8Array.from({ length: count * pixels }, (_, i) => {
    const upper = i % pixels < pixels / 2;
    return random() * 180 + (upper && labels[Math.floor(i / pixels)] === 1 ? 60 : 0);
  });
  return { kind: "idx", images: idx([count, side, side], images), labels: idx([count], labels), classes: 2 }; // prettier-ignore
}

/** Numbers from 0 to below 1 that the seed decides (a linear congruential generator). */
function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}

// Far more test pictures than training pictures: most moments lie in the evaluation that ends an epoch.
const random = randomFrom(1);
const data = { train: pictures(660, random), test: pictures(60_000, random) };
const learningRate = 0.01;

const runs = {
  "all epochs": {
    net: "dense 128, batchnorm, relu, dropout 0.1, dense classes",
    averaging: 0.9,
    validation: 60,
    epochs: 3,
    augment: { shift: 1 },
  },
  "until validation gets no better": {
    net: "dense 128, batchnorm, relu, dense classes",
    validation: 60,
    patience: 1,
    epochs: 30,
    augment: {},
  },
};

/** What may be asked for in the middle of a run, each of which has to be answered. */
const questions = [
  (t) => t.evaluate(),
  (t) => t.evaluate(),
  (t) => t.evaluate(),
  (t) => t.measure("train", 300),
  (t) => t.measure("validation"),
  (t) => t.predict(new Float32Array(2 * pixels), 2),
  (t) => t.weights(),
  (t) => t.weights({ of: "training", name: "dense1.weight" }),
  (t) => t.inspect(),
  (t) => t.inspect(new Float32Array(pixels)),
  (t) => t.trace(new Float32Array(pixels).fill(0.5), 1),
  (t) => t.inputGradient(new Float32Array(pixels).fill(0.5), 1, 0),
  (t) => t.nearest(new Float32Array(pixels).fill(0.5), 3, 400),
  (t) => t.save(),
  (t) => t.describe("lenet").catch((error) => assert.equal(error.code, "InvalidArgument")),
  (t) => t.describe("mlp"),
  (t) => t.recipes(),
  (t) => t.learningRates({ epochs: 9 }, 5),
  (t) => t.augmented([0, 5], { rotation: 10 }, 2),
  (t) => t.setLearningRate(learningRate),
  (t) => t.setLearningRate(learningRate, 17),
  async (t, pauseFor) => {
    await t.pause();
    await pauseFor();
    await t.resume();
  },
  (t) => t.stop(),
];

/** A whole run, with whatever `disturb` does at its messages. */
async function run(trainer, settings, disturb = () => {}) {
  await trainer.reset({ ...settings, seed: 4 });
  const results = [];
  const onProgress = ({ epochsDone = [] }) => {
    // This counts also an epoch that was closed while the run was stopped.
    results.push(...epochsDone.map((result) => ({ ...result, seconds: 0 })));
    disturb();
  };
  let end;
  do {
    end = await trainer.train({ onProgress });
  } while (end.state === "stopped");
  const { step, epochs, stoppedEarly, bestEpoch, restored } = end;
  return { step, epochs, stoppedEarly, bestEpoch, restored, results };
}

for (const [name, settings] of Object.entries(runs)) {
  test(`a disturbed run is the undisturbed one, bit for bit: ${name}`, async () => {
    const options = { data, optimizer: { name: "adam", learningRate }, batchSize: 30, threads: 1 };
    const trainer = await Trainer.create({ ...options, ...settings });
    const weights = async () => [
      await trainer.weights(),
      await trainer.weights({ of: "training" }),
    ];
    const alone = await run(trainer, settings);
    const expected = await weights();
    const { batchesPerEpoch } = trainer.info;
    assert.equal(alone.step, alone.epochs * batchesPerEpoch);
    assert.equal(alone.stoppedEarly, settings.patience !== undefined);

    let calls = 0;
    for (let seed = 1; seed <= 6; seed++) {
      const random = randomFrom(seed);
      const asked = [];
      const timers = [];
      const later = (body) => timers.push(setTimeout(body, random() * 30));
      const pauseFor = () => new Promise((resolve) => setTimeout(resolve, random() * 10));
      const ask = () =>
        asked.push(questions[Math.floor(random() * questions.length)](trainer, pauseFor));
      const result = await run(trainer, settings, () => {
        if (random() < 0.5) ask();
        if (random() < 0.5) later(ask);
      });
      timers.forEach(clearTimeout);
      await Promise.all(asked);
      calls += asked.length;
      assert.deepEqual(result, alone, `seed ${seed}`);
      assert.deepEqual(await weights(), expected, `seed ${seed}`);
    }
    assert.ok(calls > 40, `${calls} calls`);
    trainer.dispose();
  });
}
