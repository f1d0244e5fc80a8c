// Arguments are looked at before anything starts and copied when they are given; whatever is wrong with them is one
// LanegradError, and nothing hangs.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { runInNewContext } from "node:vm";
import { load, Trainer } from "../../dist/index.js";
import { show } from "../../build/package/check.js";
import { circle, idx, refuses, refusesLater } from "./support.mjs";

const lg = await load();
const trainers = [];
after(() => trainers.forEach((trainer) => trainer.dispose()));

async function create(options = {}) {
  const trainer = await Trainer.create({
    data: { train: circle() },
    net: "dense 4, relu, dense classes",
    batchSize: 32,
    ...options,
  });
  trainers.push(trainer);
  return trainer;
}

/** Gives the buffer away, so that views of it have nothing any more. */
function detached(view) {
  structuredClone(view.buffer, { transfer: [view.buffer] });
  return view;
}

const invalid = (promise, message) => refusesLater(promise, "InvalidArgument", message);

// ---- Stopping and progress --------------------------------------------------

test("a signal that is none is refused before anything starts", async () => {
  const trainer = await create();
  const listeners = { addEventListener() {}, removeEventListener() {} };
  for (const [signal, shown] of [
    [{ aborted: false }, "an object"],
    [{ aborted: "no", ...listeners }, "an object"],
    [new AbortController(), "an AbortController"],
    [listeners, "an object"],
    [null, "null"],
    [5, "5"],
    ["now", "'now'"],
    [true, "true"],
    [() => {}, "a function"],
    [new EventTarget(), "an EventTarget"],
    [[], "an empty array"],
  ]) {
    const message = `train: signal ${shown}, expected an AbortSignal`;
    await invalid(trainer.train({ epochs: 5, signal }), message);
  }
  await invalid(
    trainer.train(AbortSignal.timeout(1)),
    "train: an AbortSignal, expected an object with options",
  );
  let told = 0;
  const { step } = await trainer.train({ epochs: 1, onProgress: () => told++ });
  assert.equal(step, 8, "nothing was trained before");
  assert.ok(told > 0);
  // A signal of another window is no instance of this one's class.
  const { signal } = new AbortController();
  const foreign = {
    aborted: false,
    addEventListener: (...words) => signal.addEventListener(...words),
    removeEventListener: (...words) => signal.removeEventListener(...words),
  };
  assert.equal((await trainer.train({ epochs: 2, signal: foreign })).epochs, 2);
  const controller = new AbortController();
  const running = trainer.train({ epochs: 1e6, signal: controller.signal });
  setTimeout(() => controller.abort(), 30);
  await refusesLater(running, "Aborted", "train: it was aborted");
});

for (const [kind, fail] of [
  [
    "throws",
    (error) => {
      throw error;
    },
  ],
  [
    "rejects",
    async (error) => {
      throw error;
    },
  ],
]) {
  test(`where onProgress ${kind}, training stops and rejects with that`, async () => {
    const trainer = await create();
    const mine = new TypeError("mine");
    let told = 0;
    const running = trainer.train({
      epochs: 1e6,
      onProgress() {
        told++;
        return fail(mine);
      },
    });
    await assert.rejects(running, (error) => error === mine);
    assert.equal(told, 1, "it is not called again");
    const before = await trainer.weights();
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual(await trainer.weights(), before, "training has stopped");
    told = 0;
    const { step } = await trainer.step();
    await trainer.train({ epochs: Math.ceil((step + 1) / 8), onProgress: () => void told++ });
    assert.ok(told > 0, "and can go on");
    // It rejects also where the last message is the one that fails.
    await assert.rejects(
      trainer.train({ epochs: 0, onProgress: () => fail(mine) }),
      (error) => error === mine,
    );
  });
}

test("disposing while it trains rejects everything with one code", async () => {
  const trainer = await create();
  const controller = new AbortController();
  const running = [
    trainer.train({ epochs: 1e6, signal: controller.signal, onProgress: () => {} }),
    trainer.evaluate(),
    trainer.weights(),
  ];
  const settled = Promise.allSettled(running);
  setTimeout(() => trainer.dispose(), 30);
  const results = await settled;
  controller.abort();
  assert.equal(results[0].reason.code, "InvalidState");
  assert.equal(results[0].reason.message, "trainer: this trainer was disposed");
});

// ---- Arrays -----------------------------------------------------------------

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
      "mnist: images a detached Uint8Array, expected a Uint8Array",
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

test("values are shown with the right article", () => {
  for (const [value, text] of [
    [new ArrayBuffer(1), "an ArrayBuffer"],
    [new Uint8Array(1), "a Uint8Array"],
    [new Int8Array(1), "an Int8Array"],
    [new DataView(new ArrayBuffer(1)), "a DataView"],
    [detached(new Int8Array(1)), "a detached Int8Array"],
    [new URL("file:///"), "a URL"],
    [new (class HTMLElement {})(), "an HTMLElement"],
    [new (class Unit {})(), "a Unit"],
    [new (class Unknown {})(), "an Unknown"],
    [lg.scope(() => new lg.MSE()), "an MSE"],
    [lg.scope(() => new lg.ReLU()), "a ReLU"],
    [Symbol("x"), "a symbol"],
    [() => {}, "a function"],
    [12n, "12n"],
    [{ constructor: 5 }, "an object"],
  ]) {
    assert.equal(show(value), text);
  }
});

test("what is missing is said of what runs the script, not of a browser", async () => {
  const { validate } = WebAssembly;
  WebAssembly.validate = () => false;
  try {
    await refusesLater(
      load({ variant: "relaxed" }),
      "Unsupported",
      "engine: this JavaScript engine has no relaxed WebAssembly SIMD, which the variant 'relaxed' needs; 'simd' runs here",
    );
  } finally {
    WebAssembly.validate = validate;
  }
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

// ---- Weights and settings ---------------------------------------------------

test("weights fit by name, shape and value", async () => {
  const net = "dense 4, batchnorm, relu, dense classes";
  const trainer = await create({ net });
  const weights = await trainer.weights();
  const { tensors } = trainer.info;
  const shaped = Object.fromEntries(
    Object.entries(weights).map(([name, data]) => [name, { data, shape: tensors[name] }]),
  );
  await trainer.reset({ seed: 2 });
  assert.notDeepEqual(await trainer.weights(), weights);
  await trainer.reset({ weights: shaped });
  assert.deepEqual(await trainer.weights(), weights);
  const own = lg.tensor(Array.from(weights["dense1.weight"]), [2, 4]);
  await trainer.reset({ weights: { ...weights, "dense1.weight": own } });
  assert.deepEqual(await trainer.weights(), weights);

  const changed = (name, at, value) => {
    const copy = weights[name].slice();
    copy[at] = value;
    return { ...weights, [name]: copy };
  };
  const { "batchnorm1.running_mean": _, ...short } = weights;
  for (const [given, code, message] of [
    [
      { ...shaped, "dense1.weight": { data: weights["dense1.weight"], shape: [4, 2] } },
      "ShapeMismatch",
      "weights: 'dense1.weight' has the shape [4, 2], expected [2, 4]",
    ],
    [
      { ...shaped, "dense1.weight": { data: [1], shape: [2, 4] } },
      "ShapeMismatch",
      "weights: 'dense1.weight' has 1 numbers, expected 8 for its shape [2, 4]",
    ],
    [
      changed("dense1.weight", 3, NaN),
      "InvalidArgument",
      "weights: 'dense1.weight' holds nan at position 3, expected finite numbers",
    ],
    [
      changed("dense2.weight", 0, -Infinity),
      "InvalidArgument",
      "weights: 'dense2.weight' holds -infinity at position 0, expected finite numbers",
    ],
    [
      changed("batchnorm1.running_var", 1, -1),
      "InvalidArgument",
      "weights: 'batchnorm1.running_var' holds -1 at position 1, expected variances of at least 0",
    ],
    [short, "InvalidArgument", "weights: 'batchnorm1.running_mean' is missing"],
    [
      { ...weights, "dense1.wieght": [] },
      "NotFound",
      "weights: the net has no tensor 'dense1.wieght', expected 'dense1.weight'",
    ],
    [
      { ...weights, "dense1.weight": 5 },
      "InvalidArgument",
      "weights: 'dense1.weight' 5, expected an array of numbers",
    ],
    [
      { ...weights, "dense1.weight": {} },
      "InvalidArgument",
      "weights: 'dense1.weight' an object, expected an array of numbers or { data, shape }",
    ],
    [
      { ...weights, "dense1.weight": { data: [1] } },
      "InvalidArgument",
      "weights: 'dense1.weight': shape nothing, expected an array of whole numbers",
    ],
    [
      {
        ...weights,
        "dense1.weight": [
          [1, 2],
          [3, 4],
        ],
      },
      "InvalidArgument",
      "weights: 'dense1.weight' an array, expected a number",
    ],
    [[1], "InvalidArgument", "weights: an array, expected numbers by name"],
  ]) {
    await refusesLater(trainer.reset({ weights: given }), code, message);
    const made = Trainer.create({ data: { train: circle() }, net, weights: given });
    await refusesLater(made, code, message);
  }
  assert.deepEqual(await trainer.weights(), weights, "a refused reset changes nothing");
});

test("what cannot be sent to a worker is refused by name", async () => {
  const trainer = await create();
  const data = { train: circle(8) };
  const proxy = new Proxy({}, { get() { throw new Error("boom"); }, ownKeys() { throw new Error("boom"); } }); // prettier-ignore
  for (const [call, code, message] of [
    [
      () => trainer.reset({ epochs: () => 1 }),
      "InvalidArgument",
      "reset: epochs a function, expected a number",
    ],
    [
      () => trainer.reset({ net: Symbol("mlp") }),
      "InvalidArgument",
      "reset: net a symbol, expected a name",
    ],
    [
      () => trainer.reset({ augment: () => {} }),
      "InvalidArgument",
      "augment: a function, expected an object with options",
    ],
    [() => trainer.reset(proxy), "InvalidArgument", "reset: it cannot be read (Error: boom)"],
    [
      () => trainer.learningRates({ schedule: { name: Symbol.iterator } }),
      "InvalidArgument",
      "schedule: name a symbol, expected a name",
    ],
    [
      () => trainer.weights(() => 1),
      "InvalidArgument",
      "weights: a function, expected an object with options",
    ],
    [
      () => Trainer.create({ data, seed: { valueOf: () => 1 } }),
      "InvalidArgument",
      "trainer: seed an object, expected a number",
    ],
    [
      () => Trainer.create({ data, optimizer: proxy }),
      "InvalidArgument",
      "optimizer: it cannot be read (Error: boom)",
    ],
    [
      () => Trainer.create({ data: { train: proxy } }),
      "InvalidArgument",
      "training data: it cannot be read (Error: boom)",
    ],
    [
      () => Trainer.create({ data, variant: () => {} }),
      "InvalidArgument",
      "variant: a function, expected 'simd', 'relaxed', 'simd-threads' or 'relaxed-threads'",
    ],
    [
      () => Trainer.create({ data, threads: "2" }),
      "InvalidArgument",
      "threads: '2', expected a whole number",
    ],
    [
      () => Trainer.create({ data, worker: 5 }),
      "InvalidArgument",
      "worker: 5, expected a Worker, the URL of worker.js, or a function that makes a Worker",
    ],
    [
      () => Trainer.create({ data, checkpoint: new ArrayBuffer(8) }),
      "InvalidArgument",
      "trainer: checkpoint an ArrayBuffer, expected a Uint8Array",
    ],
    [
      () => Trainer.create(new Map()),
      "InvalidArgument",
      "trainer: a Map, expected an object with options",
    ],
    [
      () => Trainer.create(),
      "InvalidArgument",
      "training data: nothing, expected a description of data",
    ],
  ]) {
    await refusesLater(Promise.resolve().then(call), code, message);
  }
});

test("a seed that no number holds is a bigint, there and back", async () => {
  const seed = 18446744073709551615n;
  const trainer = await create({ seed });
  const weights = await trainer.weights();
  assert.equal(trainer.info.settings.seed, seed);
  await trainer.reset({});
  assert.equal(trainer.info.settings.seed, seed);
  assert.deepEqual(await trainer.weights(), weights);
  await trainer.reset({ seed: 7n });
  assert.equal(trainer.info.settings.seed, 7);
  await invalid(
    trainer.reset({ seed: "18446744073709551615" }),
    "reset: seed '18446744073709551615', expected a number",
  );
});

test("an optimizer's state is asked for by name", () => {
  lg.scope(() => {
    const g = lg.tensor([1], { requiresGrad: true });
    const adam = new lg.Adam([g]);
    for (const names of [undefined, 5, new Float32Array(4), [5], {}]) {
      assert.throws(() => adam.state(names), { name: "LanegradError", code: "InvalidArgument" });
    }
  });
});
