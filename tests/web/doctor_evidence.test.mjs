// What the doctor makes of the engine's numbers alone, without a page.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { runnerImport } from "vite";
import { LanegradError, Trainer } from "../../dist/index.js";
import { images, labels } from "./mnist.mjs";
import { root } from "./support.mjs";

test("a checkpoint says its step, and of each tensor the size that the engine measures", async () => {
  const { sizesIn, stepOf } = (
    await runnerImport(`${root}web/labs/digits/storage/checkpoint.ts`, {
      configFile: false,
      logLevel: "error",
    })
  ).module;
  const trainer = await Trainer.create({
    data: { train: { kind: "idx", images, labels } },
    net: "conv 3 5x5, pool 2, batchnorm, relu, dense classes",
  });
  for (let i = 0; i < 3; i++) await trainer.step();
  const [checkpoint, { tensors }] = [await trainer.save(), await trainer.inspect()];
  trainer.dispose();
  assert.equal(stepOf(checkpoint), 3);
  const sizes = sizesIn(checkpoint);
  for (const { name, weightNorm } of tensors) {
    assert.ok(Math.abs(sizes[name] - weightNorm) <= 1e-6 * weightNorm, `${name} ${sizes[name]}`);
  }
  assert.ok(tensors.length >= 5);
});

test("what cannot easily be had is found from the engine's numbers: gradients, withered weights, tiny steps", async () => {
  const { diagnose } = (
    await runnerImport(`${root}web/labs/digits/doctor/diagnosis.ts`, {
      configFile: false,
      logLevel: "error",
    })
  ).module;
  const { defaults } = (
    await runnerImport(`${root}web/labs/digits/settings/digits_settings.ts`, {
      configFile: false,
      logLevel: "error",
    })
  ).module;
  const tensor = (name, shape, weightNorm, gradientNorm = 1, updateNorm = 0.01) => ({
    name,
    shape,
    finite: true,
    weightNorm,
    gradientNorm,
    updateNorm,
  });
  const layer = (name, kind, shape, more) => ({
    name,
    kind,
    shape,
    activations: new Float32Array(),
    finite: true,
    ...more,
  });
  const evidence = {
    settings: defaults,
    blind: Math.log(10),
    since: 1,
    jump: undefined,
    worst: { step: 1, loss: 2.4 },
    recent: 2.3,
    step: 400,
    failure: undefined,
    sizes: { "dense1.weight": 10, "bias1.bias": 0, "dense2.weight": 4 },
    spread: 0,
    inspection: {
      step: 400,
      milliseconds: 1,
      layers: [
        layer("dense1", "Dense", [4]),
        layer("bias1", "Bias", [4]),
        layer("relu1", "ReLU", [4], { dead: 0.5 }),
        layer("dense2", "Dense", [10]),
      ],
      tensors: [
        tensor("dense1.weight", [25, 4], 10),
        tensor("bias1.bias", [4], 3),
        tensor("dense2.weight", [4, 10], 4),
      ],
    },
  };
  const having = (change) => diagnose({ ...evidence, ...change });
  const withTensors = (...tensors) => ({ inspection: { ...evidence.inspection, tensors } });

  // Slow, but the answers differ and are no worse than blind: nothing to say.
  assert.equal(having({ spread: 0.3 }), undefined);
  assert.equal(having({ spread: 0.3, recent: 3.5 }).cause, "no answer");

  const tiny = having(withTensors(tensor("dense1.weight", [25, 4], 10, 1e-9, 1e-5)));
  assert.equal(tiny.cause, "no answer");
  assert.equal(tiny.lower, false);
  assert.match(tiny.why.join(" "), /changes it by 1\.0·10⁻⁴\s% of its length/);

  const {
    cause,
    tensor: meant,
    why,
    clip,
  } = having({
    ...withTensors(
      { ...tensor("dense1.weight", [25, 4], 10, NaN) },
      tensor("bias1.bias", [4], 3),
      tensor("dense2.weight", [4, 10], 4, Infinity),
    ),
    settings: { ...defaults, optimizer: "sgd", lr: 0.1 },
    failure: { quantity: "gradients' norm", value: NaN, step: 12 },
  });
  assert.deepEqual([cause, meant, clip], ["gradient", "dense1.weight", true]);
  assert.match(why.join(" "), /exploded at step 12/);

  // 0.01 × 100 of each weight goes at each step.
  const withered = having({
    settings: { ...defaults, optimizer: "adamw", lr: 100, weightDecay: 0.01 },
    ...withTensors(tensor("dense1.weight", [25, 4], 0.05), tensor("dense2.weight", [4, 10], 4)),
  });
  assert.deepEqual([withered.cause, withered.tensor], ["withered", "dense1.weight"]);
  assert.match(withered.why.join(" "), /shrunk from 10 to 0\.05.*0\.01 × 100, is 100\s%/);

  const { inspection } = evidence;
  const dead = having({
    inspection: {
      ...inspection,
      layers: inspection.layers.map((each) => (each.kind === "ReLU" ? { ...each, dead: 1 } : each)),
    },
  });
  assert.deepEqual([dead.cause, dead.tensor], ["dead", "dense1.weight"]);
  assert.match(dead.why.join(" "), /In relu1 4 of 4 neurons are dead/);

  const broken = having({
    ...withTensors(
      tensor("dense1.weight", [25, 4], 10),
      { ...tensor("bias1.bias", [4], NaN), finite: false },
      { ...tensor("dense2.weight", [4, 10], NaN), finite: false },
    ),
    failure: { quantity: "loss", value: NaN, step: 5 },
  });
  assert.deepEqual([broken.cause, broken.tensor, broken.step], ["not finite", "bias1.bias", 5]);

  const layers = [
    layer("dense1", "Dense", [4]),
    layer("batchnorm1", "BatchNorm", [4]),
    layer("dense2", "Dense", [10]),
  ];
  const norm = tensor("batchnorm1.weight", [4], 2);
  const failed = (about, step, weightNorm) =>
    having({
      inspection: {
        ...inspection,
        layers,
        tensors: [tensor("dense1.weight", [25, 4], weightNorm), norm],
      },
      sizes: { ...evidence.sizes, "batchnorm1.weight": 2 },
      failure: { ...about, value: Infinity, step },
    });
  for (const [name, word] of [
    ["running_var", "variance"],
    ["running_mean", "mean"],
  ]) {
    const statistic = failed({ quantity: "statistic", field: `batchnorm1.${name}` }, 7, 1e19);
    assert.deepEqual([statistic.cause, statistic.tensor], ["overflow", "dense1.weight"]);
    assert.match(
      statistic.why[0],
      new RegExp(`^The loss of step 7 is a number, .* batchnorm1 keeps .* its ${word} outgrows`),
    );
    assert.match(
      statistic.why[0],
      /The length of dense1\.weight has grown from 10 to 1\.0·10¹⁹\.$/,
    );
    assert.match(statistic.why[1], /The rate is too high/);
    assert.equal(statistic.lower, true);
  }

  // Before the first update no rate is to blame.
  for (const about of [
    { quantity: "loss" },
    { quantity: "gradients' norm" },
    { quantity: "statistic", field: "batchnorm1.running_var" },
  ]) {
    const first = failed(about, 1, 10);
    assert.deepEqual([first.lower, first.clip], [false, false], about.quantity);
    assert.doesNotMatch(first.why.join(" "), /rate|shrunk|grown/, about.quantity);
    assert.match(first.why.at(-1), /No step had been taken yet/);
    assert.match(first.advice, /Smaller numbers in the data or smaller first weights/);
  }
});

test("the hint beside a divergence speaks of the rate only where one has had a say", async () => {
  const { describe } = (
    await runnerImport(`${root}web/ui/problems.ts`, { configFile: false, logLevel: "error" })
  ).module;
  const hint = (step) =>
    describe(new LanegradError("Diverged", "training: the loss is nan, …", { details: { step } }))
      .hint;
  assert.match(hint(1), /^No step had been taken yet, so no learning rate helps\. Smaller numbers/);
  for (const step of [2, 11, 100]) assert.match(hint(step), /Try a tenth of this rate/);
});
