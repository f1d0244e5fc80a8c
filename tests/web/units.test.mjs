// The page's parts that need no browser: MNIST's preprocessing, the address.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { runnerImport } from "vite";
import { root } from "./support.mjs";

const load = async (path) =>
  (await runnerImport(`${root}web/${path}`, { configFile: false, logLevel: "error" })).module;

test("a quantity is written in one way, in keys, tables and on axes", async () => {
  const [{ lossScale, accuracyScale }, format] = [
    await load("ui/plots/scales.ts"),
    await load("ui/format.ts"),
  ];
  const losses = {
    0: "0.0000",
    0.579: "0.5790",
    36.92: "36.9",
    148231.4: "148,231",
    2e7: "2.0·10⁷",
  };
  for (const [value, text] of Object.entries(losses)) {
    assert.deepEqual([format.loss(+value), lossScale.write(+value)], [text, text]);
  }
  assert.deepEqual([0.0005, 0.2, 500, 10000, 1e6].map(lossScale.writeLine), [
    "0.0005",
    "0.2",
    "500",
    "10,000",
    "1.0·10⁶",
  ]);
  assert.deepEqual([0.944, 1].map(accuracyScale.write), ["94.40\u00a0%", "100.00\u00a0%"]);
  assert.deepEqual([0.5, 0.995].map(accuracyScale.writeLine), ["50\u00a0%", "99.5\u00a0%"]);
  // No line ends between a number and its sign.
  assert.deepEqual([0.98, 0.9999].map(format.probability), ["98.0\u00a0%", "over 99.9\u00a0%"]);
  assert.equal(format.coarsePercent(0.5), "50.0\u00a0%");
  assert.equal(
    format.unbroken("99.1 % after 5 epochs, 9\n  %"),
    "99.1\u00a0% after 5 epochs, 9\u00a0%",
  );
});

test("the axis of epochs shows what there is, and in the end all of it", async () => {
  const { axisEnd } = await load("ui/plots/axis.ts");
  for (const [reached, epochs, end] of [
    [0, 4, 4],
    [0, 20, 20],
    [0, 100, 10],
    [5, 100, 10],
    [6, 100, 20],
    [26, 100, 100],
    [100, 100, 100],
    [3, 1000, 10],
    [400, 1000, 1000],
    [0, 1_000_000, 10],
  ])
    assert.equal(axisEnd(reached, epochs), end, `${reached} of ${epochs}`);
});

test("axes have lines for whatever a long run comes to", async () => {
  const { lossScale, accuracyScale } = await load("ui/plots/scales.ts");
  const lines = ({ lines, range }, lowest, highest) => lines(...range(lowest, highest));
  assert.deepEqual(lines(lossScale, 3e-7, 2.5), [1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1]);
  assert.equal(lossScale.writeLine(1e-6), "1.0·10⁻⁶");
  assert.equal(lossScale.write(3e-5), "3.0·10⁻⁵");
  assert.equal(accuracyScale.writeLine(lines(accuracyScale, 0.1, 1).at(-1)), "100\u00a0%");
  assert.equal(accuracyScale.toAxis(1), accuracyScale.toAxis(0.9999));
});

test("a drawing becomes 20 pixels long, antialiased, with its centre of mass where MNIST's is", async () => {
  const { fit } = await load("data/fit_drawing.ts");
  // An L of two strokes, so that the box's centre is not the ink's, large and small: its strokes come out alike.
  const seen = [4, 1].map((times) => {
    const [x, y, foot, stem] = [20, 30, 60, 100].map((length) => length * times);
    const lines = [x, y, x, y + stem, x, y + stem, x + foot, y + stem];
    return fit({ width: 448, height: 448, pen: 33.6, lines }).seen;
  });
  for (const picture of seen) {
    assert.equal(picture.length, 784);
    const places = [...picture].flatMap((value, i) =>
      value ? [{ value, x: i % 28, y: (i - (i % 28)) / 28 }] : [],
    );
    const mass = places.reduce((sum, { value }) => sum + value, 0);
    for (const [axis, extent] of [
      ["x", 13],
      ["y", 20],
    ]) {
      const along = places.map((place) => place[axis]);
      assert.equal(Math.max(...along) - Math.min(...along) + 1, extent);
      const centre =
        places.reduce((sum, place) => sum + place.value * (place[axis] + 0.5), 0) / mass;
      assert.ok(Math.abs(centre - 14.5) <= 0.5, `${axis} ${centre}`);
    }
    assert.ok(
      places.some(({ value }) => value > 0 && value < 255),
      "edges are grey",
    );
    assert.ok(
      places.some(({ value }) => value === 255),
      "ink is as dark as MNIST's",
    );
  }
  assert.deepEqual(seen[0], seen[1]);
});

test("a set's pictures have the size their file says", async () => {
  const { PictureSet } = await load("labs/digits/run/picture_set.ts");
  const images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 2, ...Array(12).keys()];
  const digits = new PictureSet(
    Uint8Array.from(images),
    Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 2, 4, 1]),
    5,
    "picture",
  );
  assert.deepEqual([digits.count, digits.height, digits.width, digits.classes], [2, 3, 2, 5]);
  assert.deepEqual([...digits.image(1)], [6, 7, 8, 9, 10, 11]);
  assert.deepEqual([digits.label(0), digits.label(1)], [4, 1]);
  digits.names = ["cat", "cow", "dog", "hen", "pig"];
  assert.equal(digits.called(4), "pig");
});

test("settings survive the way to the address and back", async () => {
  const { fromAddress, toAddress, defaults } = await load(
    "labs/digits/settings/digits_settings.ts",
  );
  assert.deepEqual(fromAddress(""), {
    settings: defaults,
    named: ["labelSmoothing", "shift", "rotation"],
    complaints: [],
  });
  const settings = {
    ...defaults,
    net: "conv 8 5x5, pool 2, relu, dense classes",
    optimizer: "sgd",
    lr: 1e-7,
    rates: [
      [500, 0.01],
      [900, 0.001],
    ],
    nesterov: true,
    schedule: "one-cycle",
    batch: 1,
    epochs: 9,
    seed: 0,
    labelSmoothing: 0.1,
  };
  const address = toAddress(settings, [], "?autostart=1&batch=5");
  assert.equal(
    address,
    "?net=conv+8+5x5,+pool+2,+relu,+dense+classes&optimizer=sgd&lr=1e-7" +
      "&rates=500:0.01,900:0.001&nesterov=true" +
      "&schedule=one-cycle&batch=1&epochs=9&seed=0&label-smoothing=0.1&autostart=1",
  );
  const back = fromAddress(address);
  assert.deepEqual(back.settings, settings);
  assert.deepEqual(back.complaints, []);
  assert.deepEqual(back.named.slice(0, 3), ["net", "optimizer", "lr"]);
  assert.equal(fromAddress("?warm-up=2&lr=Infinity&seed=-1&shift=a").complaints.length, 4);
  for (const rates of ["5", "a:1", "0:1", "2.5:1", "5:0", "9:1,5:1", "5:1,", ""]) {
    const { settings, complaints } = fromAddress(`?rates=${rates}`);
    assert.deepEqual([settings.rates, complaints.length], [[], 1], rates);
  }
});

test("typed numbers are decimal, wherever they are typed", async () => {
  const { readNumber } = await load("settings/field.ts");
  const { readPoints } = await load("labs/functions/settings/points.ts");
  const { readValue } = await load("labs/autograd/language/language.ts");
  const digits = await load("labs/digits/settings/digits_settings.ts");
  const functions = await load("labs/functions/settings/functions_settings.ts");
  const readers = {
    number: readNumber,
    points: (text) => readPoints(`0,0\n1,${text}`)[1][1],
    value: (text) => readValue("a", text).values[0],
    digits: (text) => digits.fields.weightDecay.read(text),
    functions: (text) => functions.fields.low.read(text),
  };
  for (const [name, read] of Object.entries(readers)) {
    for (const text of ["1.5", " 1.5 ", "+1.5", "1.50", "15e-1", "15E−1", ".15e+1"]) {
      assert.equal(read(text), 1.5, `${name}: ${text}`);
    }
    for (const text of [
      "0x1f",
      "0b1",
      "0o7",
      "Infinity",
      "NaN",
      "1_000",
      "1e",
      "e5",
      "1.2.3",
      ".",
      "1n",
    ]) {
      let value;
      try {
        value = read(text);
      } catch {
        value = undefined;
      }
      assert.ok(value === undefined || Number.isNaN(value), `${name}: ${text} is ${value}`);
    }
  }
  assert.throws(() => readPoints("0,0\n1,0x1f"), {
    message: "points: line 2: “0x1f” is no number.",
  });
  // What a float cannot hold is no value of a setting.
  assert.equal(functions.fields.noise.read("1e300"), undefined);
});

test("settings survive the way to the engine and back, and a recipe's rest is the engine's", async () => {
  const { forEngine, fromEngine, recipeFor, defaults } = await load(
    "labs/digits/settings/digits_settings.ts",
  );
  const settings = { ...defaults, net: "fast", optimizer: "sgd", momentum: 0.9, shift: 1 };
  const run = forEngine(settings);
  assert.deepEqual(run.optimizer, {
    name: "sgd",
    learningRate: 0.001,
    weightDecay: 0,
    momentum: 0.9,
    nesterov: false,
  });
  assert.deepEqual(fromEngine(run), settings);
  // Adam has no momentum to set.
  assert.ok(!("momentum" in forEngine(defaults).optimizer));
  const few = forEngine({ ...defaults, lr: 0.5 }, ["net", "lr"]);
  assert.deepEqual(JSON.parse(JSON.stringify(few)), {
    net: "mlp",
    optimizer: { learningRate: 0.5 },
  });
  const recipes = [{ name: "fast", settings: { optimizer: { name: "adamw" }, epochs: 1 } }];
  const fast = recipeFor("fast", recipes);
  assert.deepEqual([fast.net, fast.epochs, fast.weightDecay], ["fast", 1, 0.01]);
  assert.deepEqual(recipeFor("dense classes", recipes), { ...defaults, net: "dense classes" });
});
