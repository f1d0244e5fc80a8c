// Settings and weights are looked at before anything starts; whatever is wrong with them is one LanegradError.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load, Trainer } from "../../dist/index.js";
import { show } from "../../build/package/check.js";
import { circle, refusesLater } from "./support.mjs";
import { create, detached, invalid } from "./creating.mjs";

const lg = await load();

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
      `engine: Node ${process.versions.node} has no relaxed WebAssembly SIMD, which the variant 'relaxed' needs; 'simd' runs here`,
    );
  } finally {
    WebAssembly.validate = validate;
  }
});

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
