// The benchmark's arithmetic, on made-up subjects whose true speed is known.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  interleave,
  peakRates,
  quantile,
  rates,
  ratios,
  scaling,
  shares,
  summarize,
} from "../../web/bench/timing/slices.mjs";

// A machine whose speed changes a little with every slice that is run on it.
function machine(speedAt) {
  const order = [];
  const runner = (name, speed) => async (milliseconds) => {
    const units = speed * speedAt(order.length) * (milliseconds / 1000);
    order.push(name);
    return { units, seconds: milliseconds / 1000 };
  };
  return { order, runner };
}

const options = { rounds: 5, slice: 100, peakSlice: 40 };

test("quantiles lie between neighbours", () => {
  assert.equal(quantile([4, 1, 3, 2], 0.5), 2.5);
  assert.equal(quantile([4, 1, 3, 2, 5], 0.25), 2);
  assert.equal(quantile([7], 0.75), 7);
  assert.deepEqual(summarize([1, 2, 3, 4, 5]), { median: 3, low: 2, high: 4, count: 5 });
  assert.deepEqual(summarize([]), { median: NaN, low: NaN, high: NaN, count: 0 });
});

test("every subject stands between two slices of its own peak loop", async () => {
  const { order, runner } = machine(() => 1);
  const subjects = [
    { id: "a", peak: "one", run: runner("a", 1) },
    { id: "b", peak: "one", run: runner("b", 1) },
    { id: "c", peak: "two", run: runner("c", 1) },
  ];
  const peaks = { one: runner("P1", 1), two: runner("P2", 2) };
  await interleave(subjects, peaks, { ...options, rounds: 2 });
  assert.equal(order.join(" "), "P1 a P1 b P1 P2 c P2 P1 a P1 b P1 P2 c P2");
});

test("a machine that speeds up by half does not change the shares", async () => {
  const { runner } = machine((slice) => 100 * (1 + slice / 20));
  const subjects = [{ id: "a", peak: "one", run: runner("a", 0.3) }];
  const samples = await interleave(subjects, { one: runner("P", 1) }, options);
  const { median, low, high, count } = shares(samples.get("a"), 2);
  assert.equal(count, 5);
  for (const share of [median, low, high]) assert.ok(Math.abs(share - 0.6) < 1e-9, `${share}`);
  assert.ok(rates(samples.get("a")).high > 1.1 * rates(samples.get("a")).low);
  assert.ok(peakRates(samples.get("a")).median > 100);
});

test("one disturbed round does not move a ratio", () => {
  const fast = [30, 31, 3, 30, 29].map((rate) => ({ rate, before: 1, after: 1 }));
  const slow = [2, 2, 2, 2, 2].map((rate) => ({ rate, before: 1, after: 1 }));
  assert.equal(ratios(fast, slow).median, 15);
});

test("scaling is measured against the peak loops, and rounds in which those do not scale are dropped", () => {
  const sample = (rate, peak) => ({ rate, before: peak, after: peak });
  const one = [sample(10, 20), sample(10, 20), sample(10, 20), sample(10, 20)];
  const two = [sample(18, 40), sample(9, 24), sample(17.1, 38), sample(40, 50)];
  const { median, count, discarded } = scaling(one, two, 2);
  assert.ok(Math.abs(median - 0.9) < 1e-9);
  assert.equal(count, 2);
  assert.equal(discarded, 2);
});

test("a run can be stopped between rounds", async () => {
  const { runner } = machine(() => 1);
  let rounds = 0;
  const samples = await interleave(
    [{ id: "a", peak: "one", run: runner("a", 1) }],
    { one: runner("P", 1) },
    { ...options, onRound: (round) => (rounds = round), stopped: () => rounds === 2 },
  );
  assert.equal(samples.get("a").length, 2);
});
