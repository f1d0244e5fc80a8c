// The formulas of the evaluation, worked here in another way.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { runnerImport } from "vite";
import { root } from "./support.mjs";

const statistics = (
  await runnerImport(`${root}web/labs/digits/evaluation/statistics.ts`, {
    configFile: false,
    logLevel: "error",
  })
).module;

const near = (is, should, tolerance, what) =>
  assert.ok(Math.abs(is - should) <= tolerance, `${what}: ${is}, expected ${should}`);

test("Wilson's interval is the one of the textbooks", () => {
  // 8 of 10: (0.8 + 0.19207 ± 1.959964 √(0.016 + 0.0096036)) / 1.384146 = (0.99207 ± 0.31361) / 1.384146.
  const cases = [
    [8, 10, 0.4902, 0.9433],
    [0, 10, 0, 0.2775], // z² / (10 + z²) = 3.841459 / 13.841459
    [10, 10, 0.7225, 1],
    [970, 1000, 0.9575, 0.9789],
  ];
  for (const [right, count, low, high] of cases) {
    const [from, to] = statistics.wilson(right, count);
    near(from, low, 5e-5, `lower bound of ${right} of ${count}`);
    near(to, high, 5e-5, `upper bound of ${right} of ${count}`);
  }
  assert.deepEqual(statistics.wilson(0, 0), [0, 1]);
});

test("bins hold their upper bounds, and the calibration error weighs them by their answers", () => {
  const answered = {
    classes: 2,
    labels: Uint8Array.of(0, 0, 0, 0, 1),
    answers: Uint8Array.of(0, 1, 0, 0, 1),
    confidences: Float32Array.of(0.5, 0.5625, 0.75, 0.75, 1),
    ofLabels: Float32Array.of(0.5, 0.4375, 0.75, 0.75, 1),
  };
  const all = statistics.bins(answered);
  assert.deepEqual(
    all.map(({ count }) => count),
    [0, 0, 0, 0, 1, 1, 0, 2, 0, 1],
  );
  assert.deepEqual([all[4].accuracy, all[5].accuracy, all[7].accuracy], [1, 0, 1]);
  assert.equal(all[7].confidence, 0.75);
  // (|1 − 0.5| + |0 − 0.5625| + 2 |1 − 0.75| + |1 − 1|) / 5
  assert.equal(statistics.calibrationError(all), 1.5625 / 5);
  assert.deepEqual([...statistics.confusion(answered)], [3, 1, 0, 1]);
  assert.deepEqual(statistics.worst(answered), [1]);
  assert.deepEqual(statistics.within(answered, 0, 0), [2, 3, 0]);
});
