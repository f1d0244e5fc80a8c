// What trainers refuse, and the sentence that says so.
import assert from "node:assert/strict";
import { test } from "node:test";
import { circle, refusesLater } from "./support.mjs";
import { create } from "./training.mjs";

const { raw } = { raw: circle() };
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
    "training data: kind 'csv', expected 'idx', 'images', 'labels' or 'numbers'",
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
    /^net: 'mpl' at word 1 \(column 1\) is no layer \(did you mean 'mlp'\?\), expected one of conv, .* or the name of a net, mlp/,
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
    "recipe: learningRate '-1', expected a finite number of at least 0",
  ],
  [
    "batch size 0",
    { batchSize: 0 },
    "InvalidArgument",
    "recipe: batchSize '0', expected a whole number of at least 1",
  ],
  [
    "batch size NaN",
    { batchSize: NaN },
    "InvalidArgument",
    "recipe: batchSize 'NaN', expected a whole number of at least 1",
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
    "recipe: labelSmoothing '1', expected at least 0 and below 1",
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
    /^trainer: the worker file:.*\/nowhere\.js did not start \(Cannot find module/,
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
      "recipe: batchSize '0', expected a whole number of at least 1",
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
