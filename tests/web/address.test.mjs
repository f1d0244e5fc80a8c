// Settings as texts, in the form and in addresses: how they may be written, and what is told of those that are not taken.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { runnerImport } from "vite";
import { root } from "./support.mjs";

const load = async (path) =>
  (await runnerImport(`${root}web/${path}`, { configFile: false, logLevel: "error" })).module;
const { assign } = await load("settings/field.ts");
const { changesField } = await load("settings/rates.ts");
const { sentence } = await load("settings/complaints.ts");
const digits = await load("labs/digits/settings/digits_settings.ts");
const functions = await load("labs/functions/settings/functions_settings.ts");

const bad = ["5:0.1:9", "5:0.1:", "5", "5:", ":0.1", "", ",", "0:0.1", "-1:0.1", "5:0", "5:-1"];
bad.push("5:Infinity", "1.5:0.1", "0x5:0.1", "9:0.1,5:0.1", "5:0.1,", "5:0.1;6:0.1");

test("changes of the rate are steps and rates, and nothing more", () => {
  for (const text of ["5:0.1", "5:0.1,5:0.2,900:0.0001"])
    assert.equal(changesField.write(changesField.read(text)), text);
  for (const text of bad) assert.equal(changesField.read(text), undefined, text);
});

test("in both labs an address with other ones is told of, and does not go on", () => {
  for (const text of bad) {
    const search = `?rates=${text}`;
    const given = digits.fromAddress(search);
    assert.deepEqual(
      given.complaints.map(({ key }) => key),
      ["rates"],
      text,
    );
    assert.equal(
      sentence(digits.fields, given.complaints[0], digits.defaults),
      `changes of the learning rate: this page’s address must have steps and rates like 500:0.001, 900:0.0001, not “${text}”; none is used instead.`,
    );
    assert.doesNotMatch(digits.toAddress(given.settings, [], search), /rates/);

    const { settings, complaints } = functions.fromAddress(search);
    assert.deepEqual(complaints, [
      `changes of the learning rate: this page’s address must have steps and rates like 500:0.001, 900:0.0001, not “${text}”; none is used instead.`,
    ]);
    assert.equal(functions.toAddress(settings), "");
  }
});

test("numbers beyond the engine’s are refused as they were written", () => {
  for (const [key, text, expected] of [
    ["noise", "1e300", "a number from 0 to 1,000,000"],
    ["noise", "1e7", "a number from 0 to 1,000,000"],
    ["low", "-1e300", "a number"],
    ["lr", "1e39", "a number above 0"],
  ]) {
    const { complaints } = functions.fromAddress(`?${key}=${text}`);
    assert.equal(complaints.length, 1);
    assert.ok(
      complaints[0].includes(`this page’s address must have ${expected}, not “${text}”;`),
      complaints[0],
    );
  }
});

test("a decimal comma is a point, and whole numbers may be in groups", () => {
  for (const [key, text, value] of [
    ["lr", "0,01", 0.01],
    ["lr", ",5", 0.5],
    ["lr", "1,5e-3", 0.0015],
    ["batch", "60,000", 60000],
    ["batch", "60 000", 60000],
    ["seed", "1,234,567", 1234567],
    ["epochs", "3,0", 3],
    ["batch", "1,5", undefined],
    ["lr", "1,2,3", undefined],
    ["lr", "0,01.5", undefined],
  ])
    assert.equal(digits.fields[key].read(text), value, `${key} ${text}`);
});

test("the form refuses what the address refuses, and says what there must be", () => {
  const settings = { ...digits.defaults };
  for (const [key, text, sentence] of [
    ["lr", "0", "Learning rate must be a number above 0, not “0”."],
    ["lr", "-1", "Learning rate must be a number above 0, not “-1”."],
    ["epochs", "0", "Epochs must be a whole number of at least 1, not “0”."],
    ["batch", "many", "Batch size must be a whole number of at least 1, not “many”."],
    [
      "seed",
      "99999999999999999999",
      "Seed must be a whole number from 0 to 9,007,199,254,740,991, not “99999999999999999999”.",
    ],
    ["optimizer", "adma", "Optimizer must be adam, adamw or sgd, not “adma” (did you mean adam?)."],
    ["optimizer", "rms", "Optimizer must be adam, adamw or sgd, not “rms”."],
  ]) {
    assert.throws(() => assign(digits.fields, settings, key, text), { message: sentence });
    const { complaints } = digits.fromAddress(`?${key}=${text}`);
    assert.deepEqual(complaints, [{ key, word: key, text, again: false }]);
  }
  assert.deepEqual(settings, digits.defaults);
});

test("settings are known by the names and words of PyTorch and Keras, in any case", () => {
  for (const [search, key, value] of [
    ["labelSmoothing=0.1", "labelSmoothing", 0.1],
    ["label_smoothing=0.1", "labelSmoothing", 0.1],
    ["LR=0.1", "lr", 0.1],
    ["learning_rate=0.1", "lr", 0.1],
    ["batch_size=32", "batch", 32],
    ["eps=0.1", "epsilon", 0.1],
    ["optimizer=AdamW", "optimizer", "adamw"],
    ["schedule=OneCycleLR", "schedule", "one-cycle"],
    ["schedule=one_cycle", "schedule", "one-cycle"],
    ["net=LeNet", "net", "lenet"],
    ["net=Dense+5,+ReLU", "net", "Dense 5, ReLU"],
    ["normalize=True", "normalize", true],
  ]) {
    const { settings, named, complaints } = digits.fromAddress(`?${search}`);
    assert.deepEqual([settings[key], complaints], [value, []], search);
    assert.ok(named.includes(key), search);
  }
});

test("a word that is no setting is told of, and does not go on", () => {
  const search = "?label-smothing=0.1&other=1&autostart=1";
  const { settings, complaints } = digits.fromAddress(search);
  assert.deepEqual(
    complaints.map((each) => sentence(digits.fields, each, settings)),
    [
      "“label-smothing” in this page’s address is no setting, so it is left out. Did you mean label-smoothing?",
      "“other” in this page’s address is no setting, so it is left out.",
    ],
  );
  const query = new URLSearchParams(digits.toAddress(settings, [], search));
  assert.equal(query.get("autostart"), "1");
  assert.equal(query.has("other") || query.has("label-smothing"), false);
  assert.deepEqual(functions.fromAddress("?sample=9").complaints, [
    "“sample” in this page’s address is no setting, so it is left out. Did you mean samples?",
  ]);
});

test("of a setting that an address says more than once, the first counts, by whatever name, and the rest is told of", () => {
  const { settings, named, complaints } = digits.fromAddress("?lr=0.1&seed=3&learning_rate=0.2");
  assert.deepEqual([settings.lr, settings.seed], [0.1, 3]);
  assert.deepEqual(named.slice(0, 2), ["lr", "seed"]);
  assert.deepEqual(
    complaints.map((each) => sentence(digits.fields, each, settings)),
    [
      "learning rate: this page’s address says it more than once; the first counts, and “0.2” is left out.",
    ],
  );
  // So it is where the first one says nothing that the setting may be.
  const wrong = functions.fromAddress("?batch=none&batch=7");
  assert.equal(wrong.settings.batch, functions.defaultsOf("curve").batch);
  assert.deepEqual(
    wrong.complaints.map((each) => /not “none”|“7” is left out/.test(each)),
    [true, true],
  );
});

// The engine's recipe of one net, as far as it matters here.
const recipes = [
  {
    name: "mlp",
    text: "dense 128, relu, dense classes",
    settings: {
      optimizer: { name: "adamw", learningRate: 0.006, weightDecay: 0.01 },
      schedule: { name: "one-cycle" },
      batchSize: 100,
      epochs: 4,
      labelSmoothing: 0.1,
      augment: { shift: 0.5, rotation: 5 },
    },
  },
];

test("an address leaves out what follows from the net, the optimizer and the schedule", () => {
  const recipe = digits.recipeFor("mlp", recipes);
  for (const changes of [
    {},
    { patience: 2 },
    { validation: 0 },
    { optimizer: "sgd" },
    { optimizer: "sgd", lr: 0.5, momentum: 0.9, weightDecay: 0.01 },
    { schedule: "constant", labelSmoothing: 0 },
    { net: "dense 9, dense classes", optimizer: "adamw", weightDecay: 0 },
  ]) {
    const settings = { ...recipe, ...changes };
    const { settings: read, named } = digits.fromAddress(digits.toAddress(settings, recipes, ""));
    assert.deepEqual(digits.completed(digits.only(read, named), recipes), settings);
  }
});

test("one setting in an address leaves the recipe’s others as they are", () => {
  const recipe = digits.recipeFor("mlp", recipes);
  for (const [search, changes] of [
    ["?net=mlp&patience=2", { patience: 2 }],
    ["?net=mlp&validation=70000", { validation: 70000 }],
    ["?patience=2", { patience: 2, labelSmoothing: 0, shift: 0, rotation: 0 }],
    ["", { labelSmoothing: 0, shift: 0, rotation: 0 }],
    ["?net=mlp&lr=none", {}],
  ]) {
    const { settings, named } = digits.fromAddress(search);
    const all = digits.completed(digits.only(settings, ["net", ...named]), recipes);
    assert.deepEqual(all, { ...recipe, ...changes }, search);
  }
});

test("settings that do not go together are told in the words of their fields", () => {
  const key = (changes, samples = 60000) =>
    digits.conflictOf({ ...digits.defaults, ...changes }, samples)?.key;
  assert.equal(key({}), undefined);
  assert.equal(key({ patience: 2 }), undefined);
  assert.equal(key({ patience: 2, validation: 0 }), "patience");
  assert.equal(key({ validation: 60000 }), "validation");
  assert.equal(key({ optimizer: "sgd", nesterov: true }), "nesterov");
  assert.equal(key({ optimizer: "adam", nesterov: true }), undefined);
});
