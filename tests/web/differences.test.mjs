// What is said of kept runs in words: the differences of their settings, what they have come to; and their tables.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { runnerImport } from "vite";
import { root } from "./support.mjs";

const load = async (path) =>
  (await runnerImport(`${root}web/${path}`, { configFile: false, logLevel: "error" })).module;
const { differences } = await load("labs/digits/settings/differences.ts");
const { results } = await load("labs/digits/compare/results.ts");
const { csv } = await load("ui/download.ts");
const { defaults } = await load("labs/digits/settings/digits_settings.ts");

const run = (changes = {}, rates) => {
  const settings = { ...defaults, net: "dense 128, relu, dense classes", ...changes };
  const net = { mlp: "dense 128, relu, dense classes", fast: "conv 4 5x5, dense classes" }[
    settings.net
  ];
  return { settings, net: net ?? settings.net, rates: rates ?? [settings.lr], pictures: "mnist" };
};
const deep = (...widths) => `${widths.map((w) => `dense ${w}, relu, `).join("")}dense classes`;

test("the differences of settings are said in words", () => {
  for (const [is, was, words] of [
    [run(), run(), "all settings the same"],
    [run({ net: "mlp" }), run({ net: "dense 128 ,relu,  dense classes" }), "all settings the same"],
    [run({ seed: 2 }), run(), "only the seed: 2 instead of 1"],
    [
      run({ lr: 0.01, net: deep(128, 128) }),
      run(),
      "two layers of 128 instead of one; learning rate 0.01 instead of 0.001; seed the same",
    ],
    [run(), run({ net: deep(64) }), "one layer of 128 instead of one layer of 64; seed the same"],
    [
      run({ net: deep(64, 32, 16) }),
      run(),
      "layers of 64, 32 and 16 instead of one layer of 128; seed the same",
    ],
    [
      run({ net: deep() }),
      run({ seed: 3 }),
      "no hidden layer instead of one layer of 128; seed 1 instead of 3",
    ],
    [run({ net: "fast" }), run(), "the net fast instead of one layer of 128; seed the same"],
    [
      run(),
      run({ net: "pool 2, dense classes" }),
      "one layer of 128 instead of the net “pool 2, dense classes”; seed the same",
    ],
    [
      run({ optimizer: "sgd", momentum: 0.9 }),
      run({ weightDecay: 0.01 }),
      "SGD instead of Adam; no weight decay instead of 0.01; momentum 0.9 instead of none; seed the same",
    ],
    // Momentum and warm-up do nothing here.
    [run({ momentum: 0.9, warmUp: 0.1 }), run(), "all settings the same"],
    [
      run({ schedule: "one-cycle", warmUp: 0.1, epochs: 1, batch: 32, validation: 0, shift: 2 }),
      run({ validation: 5000, normalize: true }),
      "one-cycle schedule instead of constant; warm-up 0.1 instead of 0.3; batch size 32 instead of 64; " +
        "1 epoch instead of 5; no validation digits instead of 5000; shift 2 instead of none; " +
        "without normalisation; seed the same",
    ],
    [run({}, [0.1, 0.01]), run(), "learning rate 0.1, then 0.01 instead of 0.001; seed the same"],
    [run({}, [4, 3, 2, 1]), run(), "learning rate 4, …, 1 instead of 0.001; seed the same"],
    [{ ...run(), pictures: "others" }, run(), "other pictures; seed the same"],
  ]) {
    assert.equal(differences(is, was), words);
  }
});

test("what the settings have come to is said in words", () => {
  const ended = (...epochs) => ({
    epochs: epochs.map(([testAccuracy, testLoss, seconds], i) => {
      return { epoch: i + 1, testAccuracy, testLoss, seconds };
    }),
  });
  assert.equal(
    results(ended([0.5, 1, 1], [0.9765, 0.08, 2]), ended([0.9, 0.3, 1], [0.9721, 0.0925, 1])),
    " Its test accuracy is 0.44 points higher, its test loss 0.0125 lower; it took 1.0 s more.",
  );
  assert.equal(
    results(ended([0.9, 0.3, 2]), ended([0.9, 0.3, 1], [0.95, 0.3, 1])),
    " Its test accuracy is 5.00 points lower, its test loss the same after 1 against 2 epochs; it took the same time.",
  );
  assert.equal(results(ended(), ended([0.9, 0.3, 1])), "");
  // What was held back judges, and the test is not looked at.
  const held = (validationAccuracy, testAccuracy) => ({
    epochs: [
      {
        epoch: 1,
        validationAccuracy,
        validationLoss: 0.1,
        testAccuracy,
        testLoss: 0.1,
        seconds: 1,
      },
    ],
  });
  assert.equal(
    results(held(0.98, 0.5), held(0.97, 0.9)),
    " Its validation accuracy is 1.00 points higher, its validation loss the same; it took the same time.",
  );
  assert.equal(
    results(held(0.98, 0.5), ended([0.9, 0.3, 1])),
    " One was judged by what was held back, the other by the test: these are not to be compared.",
  );
});

test("CSV quotes what needs it, and leaves cells empty where there is no number", () => {
  assert.equal(
    csv([
      ["a", 'b "c", d', "e\nf"],
      [0.1, NaN, undefined],
      [null, -1e-9, Infinity],
    ]),
    'a,"b ""c"", d","e\nf"\r\n0.1,,\r\n,-1e-9,\r\n',
  );
});
