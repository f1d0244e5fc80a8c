// What a training is measured by: what it learns from, validation and test.
import assert from "node:assert/strict";
import { test } from "node:test";
import { circle, idx, refusesLater } from "./support.mjs";
import { create, forever, watch } from "./training.mjs";

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

test("the answers to the test set are what predict gives, of normalized images, too", async () => {
  const pixels = Uint8Array.from({ length: 300 * 64 }, (_, i) => (i * i * 7) % 251);
  const labels = Array.from({ length: 300 }, (_, i) => i % 10);
  const images = { kind: "images", images: pixels, shape: [300, 8, 8], labels, classes: 10 };
  const shown = Float32Array.from(pixels, (pixel) => pixel / 255);
  const settings = {
    net: "dense 16, relu, dense classes",
    normalize: true,
    epochs: 2,
    optimizer: { name: "adam", learningRate: 0.02 },
    batchSize: 32,
  };
  const trainer = await create({ data: { train: images, test: images }, ...settings });
  await trainer.train();
  const right = await trainer.predict(shown, 300);
  const worst = (answers) => answers.reduce((most, value, i) => Math.max(most, Math.abs(value - right[i])), 0); // prettier-ignore
  assert.ok(worst(await trainer.answers()) < 1e-6);
  // The same settings make the same net.
  assert.ok(worst(await trainer.baseline(settings)) < 1e-6);
});
