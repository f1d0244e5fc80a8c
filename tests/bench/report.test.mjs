// What the benchmark makes of samples, on made-up ones; and how it counts operations.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  productFlops,
  trainingFlops,
  trainings,
  trainingShapes,
} from "../../web/bench/timing/work.mjs";
import { againstRows, againstTable, buildOf } from "./against.mjs";
import { ratiosOf, rowsOf, rowTable, scalingsOf, tenOutputShare, toJson } from "./report.mjs";
import { againstGroups, browserGroups } from "./work.mjs";

const sample = (rate, peak = 50e9) => ({ rate, before: peak, after: peak });

// 1000 operations per sample.
const group = {
  work: "training",
  unit: "samplesPerSecond",
  flops: 1000,
  subjects: [
    { id: "a", who: "lanegrad", variant: "simd", threads: 1, peak: "simd 1" },
    { id: "b", who: "lanegrad", variant: "simd-threads", threads: 2, peak: "simd 2" },
    { id: "c", who: "tfjs", variant: "fused", threads: 1, peak: "relaxed 1" },
    { id: "d", who: "tfjs", variant: "fused", threads: 2, peak: "relaxed 2" },
    { id: "e", who: "jax-js", variant: "jit", threads: 2, peak: "relaxed 2" },
  ],
};
const samples = {
  a: [sample(40e6), sample(40e6)],
  b: [sample(60e6, 100e9), sample(60e6, 120e9)],
  c: [sample(4e6), sample(4e6)],
  d: [sample(5e6), sample(5e6)],
};

test("operations are counted as the matrix products do them", () => {
  assert.equal(trainingFlops(trainings[0]), 2 * 2 * 784 * 128 + 3 * 2 * 128 * 10);
  const convnet = trainings.find(({ id }) => id.startsWith("convnet"));
  assert.equal(
    trainingFlops(convnet),
    4 * 24 * 25 * 24 * 24 + 6 * 32 * 216 * 10 * 10 + 6 * 800 * 128 + 6 * 128 * 10,
  );
  assert.equal(productFlops({ m: 2, k: 3, n: 5 }), 60);
  assert.equal(trainingShapes[1].id, "[784,64]ᵀ×[784,128]");
});

test("a row has the speed, and the share of its own peak; what did not run has none", () => {
  const rows = rowsOf(group, samples);
  assert.equal(rows.length, 4);
  assert.equal(rows[0].rate.median, 40e6);
  assert.equal(rows[0].share.median, 0.8);
  const products = rowsOf({ ...group, unit: "gflops" }, samples);
  assert.equal(products[0].rate.median, 40);
  assert.equal(products[0].share.median, 0.8);
  assert.match(rowTable(rows), /lanegrad +simd +1 +40,000,000 .* 80 % \(80 %–80 %\) simd/);
});

test("a peer counts with its faster way", () => {
  const found = ratiosOf(rowsOf(group, samples));
  assert.deepEqual(
    found.map(({ variant, peer, ratio }) => [variant, peer.threads, ratio.median]),
    [
      ["simd", 2, 8],
      ["simd-threads", 2, 12],
    ],
  );
});

test("threads are compared with the same build in one, less the rounds that say nothing", () => {
  const [{ variant, gain }] = scalingsOf(rowsOf(group, samples));
  assert.equal(variant, "simd-threads");
  assert.equal(gain.median, 0.75);
  assert.equal(gain.discarded, 1);
});

test("the ten-output products are stated without the price of their calls", () => {
  const times = { x: 3e-6, y: 5e-6, call: 1e-6 };
  const given = Object.fromEntries(Object.entries(times).map(([id, t]) => [id, [sample(1 / t)]]));
  given.step = [sample(64 / 100e-6)];
  const share = tenOutputShare({
    samples: given,
    products: ["x", "y"],
    call: "call",
    step: "step",
    batchSize: 64,
  });
  assert.ok(Math.abs(share - 0.06) < 1e-12, `${share}`);
});

test("the JSON has one plain entry per row", () => {
  const rows = rowsOf(group, samples);
  const json = toJson({ machine: {}, peaks: {}, rows, ratioRows: [], scalingRows: [], more: {} });
  assert.deepEqual(JSON.parse(JSON.stringify(json)).results[0], {
    work: "training",
    who: "lanegrad",
    variant: "simd",
    threads: 1,
    peak: "simd 1",
    samplesPerSecond: 40e6,
    quartiles: [40e6, 40e6],
    shareOfPeak: 0.8,
    shareQuartiles: [0.8, 0.8],
    slices: 2,
  });
});

test("every build that there is, is timed: with all cores where it has threads", () => {
  const of = (variants) =>
    browserGroups({ variants, cores: 4, peers: false })
      .find(({ work }) => work === `training ${trainings[0].id}`)
      .subjects.map(({ variant, threads, peak }) => [variant, threads, peak]);
  assert.deepEqual(of(["simd"]), [["simd", 1, "simd 1"]]);
  assert.deepEqual(of(["simd", "relaxed-threads"]), [
    ["simd", 1, "simd 1"],
    ["relaxed-threads", 4, "relaxed 4"],
  ]);
});

test("against another commit, each build is compared with the same build of before, round by round", () => {
  const subjects = ["simd", "relaxed"].flatMap((variant) =>
    ["lanegrad", "before"].map((who) => ({ id: `${who} ${variant}`, who, variant, threads: 1 })),
  );
  const rows = againstRows(
    { work: "training", subjects },
    {
      "lanegrad simd": [sample(2000), sample(300), sample(4000)],
      "before simd": [sample(1000), sample(100), sample(4000)],
      "lanegrad relaxed": [sample(1)], // of before, this build could not run
    },
  );
  assert.equal(rows.length, 1);
  assert.deepEqual(rows[0].ratio, { median: 2, low: 1.5, high: 2.5, count: 3 });
  const lines = againstTable(rows, "0123456789abcdef").split("\n");
  assert.equal(lines[0], "training");
  assert.match(lines[1], /of 0123456789ab  +ratio/);
  assert.match(lines[2], /simd +1 .*2\.000× \(1\.500×–2\.500×\)/);
});

test("every work that is timed against another commit is done by both packages in each build", () => {
  const variants = ["simd", "relaxed-threads"];
  for (const { work, subjects } of againstGroups({ variants, cores: 2 })) {
    assert.deepEqual(
      subjects.map(({ id }) => id),
      variants.flatMap((variant) => {
        const threads = variant === "simd" ? 1 : 2;
        return ["lanegrad", "before"].map((who) => `${who} ${variant} ${threads}`);
      }),
      work,
    );
  }
});

test("a commit that git does not know is refused in a sentence", () => {
  assert.throws(() => buildOf("no-such-commit"), {
    message: 'against: "no-such-commit", expected a commit that git knows here',
  });
});
