// Arrays are looked at before anything starts and copied when they are given; whatever is wrong with them is one
// LanegradError.
import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { load, Trainer } from "../../dist/index.js";
import { circle, idx, refuses, refusesLater } from "./support.mjs";
import { create, detached, invalid } from "./creating.mjs";

const lg = await load();

test("arrays whose buffer was handed over are refused at once", async () => {
  const given = () => {
    const data = circle(16);
    detached(data.inputs);
    return data;
  };
  const message = "training data: inputs a detached Float32Array, expected an array of numbers";
  for (const transfer of [true, false]) {
    await invalid(Trainer.create({ data: { train: given() }, transfer }), message);
  }
  const data = { train: circle() };
  const first = await create({ data, transfer: true });
  await invalid(
    Trainer.create({ data, transfer: true }),
    /^training data: inputs a detached Float32Array/,
  );
  const files = { kind: "idx", images: detached(idx([2, 2, 2])), labels: idx([2]) };
  await invalid(
    Trainer.create({ data: { train: files } }),
    "training data: images a detached Uint8Array, expected a Uint8Array",
  );
  const weights = await first.weights();
  detached(weights["bias1.bias"]);
  const numbers = detached(new Float32Array(2));
  for (const [call, text] of [
    [
      () => first.reset({ weights }),
      "weights: 'bias1.bias' a detached Float32Array, expected an array of numbers or { data, shape }",
    ],
    [
      () => first.reset({ checkpoint: detached(new Uint8Array(9)) }),
      "reset: checkpoint a detached Uint8Array, expected a Uint8Array",
    ],
    [
      () => first.predict(numbers, 1),
      "predict: inputs a detached Float32Array, expected an array of numbers",
    ],
    [
      () => first.inspect(numbers),
      "inspect: input a detached Float32Array, expected an array of numbers",
    ],
    [
      () => first.trace(numbers, 0),
      "trace: input a detached Float32Array, expected an array of numbers",
    ],
    [
      () => first.inputGradient(numbers, 0),
      "input gradient: input a detached Float32Array, expected an array of numbers",
    ],
    [
      () => first.nearest(numbers),
      "nearest: input a detached Float32Array, expected an array of numbers",
    ],
    [
      () => first.augmented(detached(new Uint32Array(1))),
      "augmented: indices a detached Uint32Array, expected an array of whole numbers",
    ],
  ]) {
    await invalid(call(), text);
  }
  for (const [call, text] of [
    [
      () => lg.tensor(numbers),
      "tensor: a detached Float32Array, expected a tensor, a number or nested arrays",
    ],
    [
      () => lg.tensor(numbers, [2]),
      "tensor: values a detached Float32Array, expected an array of numbers",
    ],
    [
      () => lg.ones([2]).setData(numbers),
      "set data: a detached Float32Array, expected an array of numbers",
    ],
    [
      () => new lg.ImageSet(files.images, files.labels),
      "image set: images a detached Uint8Array, expected a Uint8Array",
    ],
    [
      () => new lg.SoftmaxCrossEntropy().forward([[1, 2]], detached(new Int32Array(1))),
      "softmax cross-entropy: labels a detached Int32Array, expected an array of whole numbers",
    ],
  ]) {
    refuses(() => lg.scope(call), "InvalidArgument", text);
  }
});

test("arrays are copied when they are given", async () => {
  const plain = await create();
  const expected = await plain.weights();
  await plain.train({ epochs: 1 });
  const trained = await plain.weights();

  const data = circle();
  const making = create({ data: { train: data } });
  data.inputs.fill(9);
  data.labels.fill(0);
  data.shape[0] = 3;
  const trainer = await making;
  await trainer.train({ epochs: 1 });
  assert.deepEqual(await trainer.weights(), trained);

  const changing = { weights: structuredClone(expected), checkpoint: await plain.save() };
  const inputs = Float32Array.of(0.3, -0.4);
  const right = await trainer.predict(inputs, 1);
  const predicting = trainer.predict(inputs, 1);
  inputs.fill(7);
  assert.deepEqual(await predicting, right);
  const resetting = trainer.reset({ weights: changing.weights });
  for (const values of Object.values(changing.weights)) values.fill(7);
  await resetting;
  assert.deepEqual(await trainer.weights(), expected);
  const loading = trainer.reset({ checkpoint: changing.checkpoint });
  changing.checkpoint.fill(0);
  await loading;
  assert.deepEqual(await trainer.weights(), trained);

  // What other threads can write to, and a part of something large.
  const shared = circle();
  const memory = new SharedArrayBuffer(4 * shared.inputs.length + 40);
  const view = new Float32Array(memory, 40);
  view.set(shared.inputs);
  for (const transfer of [false, true]) {
    const beginning = create({ data: { train: { ...shared, inputs: view } }, transfer });
    view.fill(9);
    const other = await beginning;
    await other.train({ epochs: 1 });
    assert.deepEqual(await other.weights(), trained);
    view.set(circle().inputs);
    Object.assign(shared, { labels: circle().labels });
  }
});

test("data are handed over at the call where that is asked for, by true alone", async () => {
  const plain = await create();
  const both = new ArrayBuffer(256 * 8 + 256 * 4);
  const { inputs, labels, ...rest } = circle();
  const train = {
    ...rest,
    inputs: new Float32Array(both, 0, 512),
    labels: new Int32Array(both, 2048, 256),
  };
  train.inputs.set(inputs);
  train.labels.set(labels);
  for (const transfer of [1, "yes", [], {}]) {
    await invalid(
      Trainer.create({ data: { train }, transfer }),
      /^trainer: transfer .*, expected true or false$/,
    );
  }
  assert.equal(both.byteLength, 3072);
  const making = create({ data: { train, test: train }, transfer: true });
  assert.equal(both.byteLength, 0, "they are gone when create returns");
  const trainer = await making;
  await Promise.all([plain.train({ epochs: 1 }), trainer.train({ epochs: 1 })]);
  assert.deepEqual(await trainer.weights(), await plain.weights());
  // Memory of WebAssembly cannot be handed over.
  const pages = new WebAssembly.Memory({ initial: 1 });
  const kept = new Float32Array(pages.buffer, 0, 512);
  kept.set(circle().inputs);
  const other = await create({ data: { train: { ...circle(), inputs: kept } }, transfer: true });
  assert.equal(kept.length, 512);
  await other.train({ epochs: 1 });
  assert.deepEqual(await other.weights(), await plain.weights());
});

test("numbers may be of other kinds, and labels numpy's int64", async () => {
  const { inputs, labels, shape, classes } = circle();
  const plain = await create();
  const expected = await plain.train({ epochs: 1 }).then(() => plain.weights());
  const big = BigInt64Array.from(labels, BigInt);
  const kinds = [
    { inputs: Float64Array.from(inputs), labels: big },
    { inputs: Array.from(inputs), labels: Array.from(big) },
    { inputs, labels: Uint8Array.from(labels) },
    { inputs, labels: Float64Array.from(labels) },
  ];
  for (const given of kinds) {
    const trainer = await create({ data: { train: { kind: "labels", shape, classes, ...given } } });
    await trainer.train({ epochs: 1 });
    assert.deepEqual(await trainer.weights(), expected);
  }
  lg.scope(() => {
    const loss = new lg.SoftmaxCrossEntropy();
    const logits = [[1, 2], [3, 5]]; // prettier-ignore
    const right = loss.forward(logits, [0, 1]).item();
    assert.equal(loss.forward(logits, BigInt64Array.of(0n, 1n)).item(), right);
    assert.equal(loss.forward(logits, [0n, 1n]).item(), right);
    const loader = new lg.ArrayLoader({
      inputs: logits,
      labels: BigUint64Array.of(1n, 0n),
      classes: 2,
    });
    for (const batch of loader) assert.deepEqual([...batch.labels], [1, 0]);
    assert.deepEqual(lg.tensor(Uint8ClampedArray.of(1, 2)).toArray(), [1, 2]);
    refuses(
      () => loss.forward(logits, [0n, 2n ** 40n]),
      "InvalidArgument",
      "softmax cross-entropy: labels 1099511627776n, expected a whole number",
    );
    refuses(
      () => lg.tensor(BigInt64Array.of(1n)),
      "InvalidArgument",
      "tensor: 1n, expected a number",
    );
  });
  await invalid(
    Trainer.create({ data: { train: { ...circle(), inputs: BigInt64Array.of(1n) } } }),
    "training data: inputs a BigInt64Array, expected an array of numbers",
  );
});

test("arrays of another realm are as good as those of this one", async () => {
  const foreign = (code) => runInNewContext(code);
  const { inputs, labels, ...rest } = circle();
  const plain = await create();
  const trainer = await create({
    data: {
      train: {
        ...rest,
        inputs: foreign(`Float32Array.from([${inputs}])`),
        labels: foreign(`[${labels}]`),
      },
    },
    optimizer: foreign("({ name: 'adam' })"),
  });
  await Promise.all([plain.train({ epochs: 1 }), trainer.train({ epochs: 1 })]);
  assert.deepEqual(await trainer.weights(), await plain.weights());
  assert.deepEqual(lg.tensor(foreign("new Float32Array([1, 2])")).toArray(), [1, 2]);
  const checkpoint = await trainer.save();
  await plain.reset({ checkpoint: foreign(`Uint8Array.from([${checkpoint}])`) });
  assert.deepEqual(await plain.weights(), await trainer.weights());
});

test("numbers that are not finite are refused where they come in", async () => {
  const given = circle();
  given.inputs[35] = NaN;
  await invalid(
    Trainer.create({ data: { train: given } }),
    "training data: input 1 of sample 17 is nan, expected finite numbers",
  );
  const test = circle(9);
  test.inputs[0] = -Infinity;
  await invalid(
    Trainer.create({ data: { train: circle(), test } }),
    "test data: input 0 of sample 0 is -infinity, expected finite numbers",
  );
  const numbers = { kind: "numbers", inputs: [1, 2], shape: [2, 1], outputs: 2 };
  await invalid(
    Trainer.create({ data: { train: { ...numbers, targets: [1, 2, 3, 1e39] } } }),
    "training data: target 1 of sample 1 is infinity, expected finite numbers",
  );
  refuses(
    () => new lg.ArrayLoader({ inputs: [[1], [NaN]], labels: [0, 1], classes: 2 }),
    "InvalidArgument",
    "array loader: input 0 of sample 1 is nan, expected finite numbers",
  );
  const trainer = await create();
  const text = (what, place) => `${what}: input ${place} is nan, expected finite numbers`;
  await invalid(trainer.predict([1, 2, 3, NaN], 2), text("predict", "1 of sample 1"));
  await invalid(trainer.inspect([NaN, 1]), text("inspect", "0 of sample 0"));
  await invalid(trainer.trace([NaN, 1], 0), text("trace", "0 of sample 0"));
  // Where the first loss is too large, no rate is to blame.
  const huge = await create({
    data: { train: { ...numbers, targets: [1e30, 1e30, 1e30, 1e30] } },
    net: "dense classes",
  });
  await refusesLater(
    huge.train({ epochs: 1 }),
    "Diverged",
    "training: the loss is infinity at step 1 of epoch 1, expected a finite number, smaller numbers in the data or the first weights may help",
  );
});
