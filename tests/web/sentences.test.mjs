// The page's sentences that depend on the state of a run, each as a function of that state alone.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { runnerImport } from "vite";
import { root } from "./support.mjs";

const load = async (path) =>
  (await runnerImport(`${root}web/labs/${path}`, { configFile: false, logLevel: "error" })).module;

const random =
  "The pattern is random: nothing has been learned yet. Press Start and watch it change.";

test("each sentence is a function of the state", async () => {
  const { sentences } = await load("digits/sentences.ts");
  const plain = {
    ...{ net: "mlp", validation: 5000, labelSmoothing: 0 },
    ...{ shift: 0, rotation: 0, scale: 0, shear: 0 },
  };
  const state = (changes) => ({
    ...{ noun: "digit", steps: 0, chosen: plain, trained: plain },
    ...{ net: "dense 128, relu, dense classes", judge: "validation", judged: 5000 },
    ...changes,
  });
  const trained = (changes, more) =>
    state({ steps: 600, trained: { ...plain, ...changes }, ...more });
  const byTest = { judge: "test", judged: 10_000 };

  assert.equal(sentences.pattern(state()), random);
  assert.equal(sentences.pattern(trained()), "");

  assert.equal(sentences.inHand(state()), "");
  const lenet = { ...plain, net: "lenet" };
  assert.equal(
    sentences.inHand(state({ chosen: lenet })),
    "What you see is still of mlp; lenet has not been made.",
  );
  assert.equal(
    sentences.inHand(state({ chosen: lenet, steps: 1 })),
    "What you see is of the run so far, with mlp; lenet takes its place with the next start.",
  );
  const own = { ...plain, net: "dense 3, relu, dense classes" };
  assert.equal(
    sentences.inHand(state({ chosen: { ...own, net: "dense classes" }, trained: own, steps: 1 })),
    "What you see is of the run so far, with the net before; the net in the form takes its place with the next start.",
  );

  const dotted = "The dotted line is validation: 5,000 digits that it never learns from. ";
  const same =
    "It is measured at the end of an epoch, training all along: a gap that opens late shows how much the net has memorised.";
  assert.equal(sentences.loss(state()), dotted + same);
  // What is smoothed does not show in these losses.
  assert.equal(sentences.loss(trained({ labelSmoothing: 0.1 })), dotted + same);
  assert.equal(
    sentences.loss(trained({ validation: 0 }, byTest)),
    `The dashed line is the test: 10,000 digits that it never learns from. ${same}`,
  );
  const harder = (reasons) =>
    `Training is made harder on purpose, since ${reasons}: its loss may well be the larger one.`;
  for (const key of ["shift", "rotation", "scale", "shear"])
    assert.equal(
      sentences.loss(trained({ [key]: 0.5 })),
      dotted + harder("its digits are distorted"),
    );
  assert.equal(
    sentences.loss(
      trained({ shear: 5 }, { noun: "picture", judged: 40, net: "Dropout 0.5, dense classes" }),
    ),
    "The dotted line is validation: 40 pictures that it never learns from. " +
      harder("its pictures are distorted and some of its neurons are switched off"),
  );

  const unseen = "digits it never sees while learning";
  assert.equal(sentences.accuracy(state()), `5,000 ${unseen} (validation)`);
  assert.equal(sentences.accuracy(state(byTest)), `10,000 ${unseen} (test)`);

  const held = { ...plain, validation: 0 };
  assert.match(
    sentences.choose(state({ chosen: held })),
    /^Choose by the 5,000 digits that are held back for validation, and look at the test once\.$/,
  );
  assert.match(
    sentences.choose(trained({ validation: 0 }, byTest)),
    /^Hold some back .* Nothing is held back now, .*: it peeks\.$/,
  );
});

test("a net is called modest or too sure by its answers, not by its settings", async () => {
  const { summary } = await load("digits/evaluation/calibration.ts");
  const bin = (count, right, confidence) => ({
    ...{ from: 0.8, to: 0.9, count, right, confidence, accuracy: right / count },
  });
  const of = (bins, smoothing, steps) => summary(bins, { nouns: "digits", smoothing, steps });
  const empty = { ...bin(0, 0, NaN), from: 0.9, to: 1 };
  const modest = [bin(1000, 980, 0.88), empty];
  const sure = [bin(1000, 100, 0.88), empty];
  assert.match(of(modest, 0.1, 600), /too modest: label smoothing of 0\.1 taught it/);
  assert.match(of(modest, 0, 600), / It is too modest\.$/);
  const certain = [modest[0], { ...bin(10, 9, 0.95), from: 0.9, to: 1 }];
  assert.match(
    of(certain, 0, 0),
    /the 10 digits it was more than 90\u00a0% sure of, 90\.0\u00a0% are right/,
  );
  assert.match(of(modest, 0.1, 0), / It is too modest\.$/, "nothing has taught it anything");
  for (const smoothing of [0, 0.1]) {
    assert.match(of(sure, smoothing, 0), / It is too sure of itself\.$/);
    // 88 of 100 while 88 % sure, give or take what chance explains.
    assert.doesNotMatch(of([bin(100, 90, 0.88), empty], smoothing, 600), /modest|too sure/);
  }
});

test("the intervals speak of as many pictures as were tested", async () => {
  const { chance } = await load("digits/evaluation/classes.ts");
  const results = (...counts) => counts.map((count) => ({ count }));
  assert.match(chance(results(892, 1135, 1000)), /^Measured on 892 to 1,135 pictures of a class/);
  assert.match(chance(results(5, 5, 0)), /^Measured on 5 pictures of a class.* \(95\u00a0%\)/);
});

test("an opened step calls a drawing right or wrong only as its drawer said", async () => {
  const { summary } = await load("autograd/training_step/step_view.ts");
  const opened = (label, changes) => ({
    trace: { probabilities: Float32Array.of(0.25, 0.75), label, step: 2750 },
    names: ["0", "1"],
    called: `a ${label}`,
    ...{ isDrawn: false, bestEpoch: undefined, ...changes },
  });
  const start = "This picture goes through the network as it is after 2,750 steps of training";
  const end = "Forward, backward, and the change the optimizer would make.";
  for (const [label, changes, told] of [
    [1, {}, ". It answers 1 with 75.00\u00a0%, which is right. "],
    [0, {}, ". It answers 1 with 75.00\u00a0%, but it is a 0. "],
    [1, { isDrawn: true }, ". It answers 1 with 75.00\u00a0%, which is what you say it is. "],
    [0, { isDrawn: true }, ". It answers 1 with 75.00\u00a0%, but you say it is a 0. "],
    [
      0,
      { bestEpoch: 3 },
      ", with the weights of epoch 3 again. It answers 1 with 75.00\u00a0%, but it is a 0. ",
    ],
  ]) {
    assert.equal(summary(opened(label, changes)), start + told + end);
  }
});

test("numbers are written out, and rounded ones are marked", async () => {
  const { short, equals } = await load("autograd/language/numbers.ts");
  for (const [value, expected] of [
    [105690, "105690"],
    [-35230, "−35230"],
    [211380.5, "211381"],
    [7654321, "7654321"],
    [2.5e6, "2.5·10⁶"],
    [1.23456, "1.235"],
    [12345678, "1.23·10⁷"],
  ]) {
    assert.equal(short(value), expected);
  }
  assert.equal(equals([-3], [-35230], [105690]), "=");
  assert.equal(equals([Math.fround(0.1)], [3], [Math.fround(0.3)]), "=");
  assert.equal(equals([3], [Math.fround(1 / 3)], [1]), "≈");
  // A large matrix stands there as its name.
  assert.equal(equals(Array(7).fill(Math.fround(1 / 3)), [1]), "=");
});

test("of the test it is said when it was asked, and of which weights that holds", async () => {
  const { whatTestSaid } = await load("digits/sentences.ts");
  const tested = { from: 2750, to: 2750, right: 9801, samples: 10_000, loss: 0.07 };
  const right = "9,801 of 10,000 are right, 98.01\u00a0%.";
  assert.equal(whatTestSaid(tested), `Asked after step 2,750: ${right}`);
  assert.equal(
    whatTestSaid({ ...tested, epoch: 5 }),
    `Asked after step 2,750, the end of epoch 5, whose weights are back: ${right}`,
  );
  assert.equal(
    whatTestSaid({ ...tested, from: 2700 }),
    `Asked between the steps 2,700 and 2,750, while it learned: ${right}`,
  );
});
