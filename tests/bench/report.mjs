// Turns samples into rows, and rows into the table and the JSON.
import { peakRates, rates, ratios, scaling, shares } from "../../web/bench/timing/slices.mjs";

const percent = (value) => `${(100 * value).toFixed(value < 0.1 ? 1 : 0)} %`;

export function figure(value) {
  if (value >= 1000) return Math.round(value).toLocaleString("en-US");
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}

export const spread = ({ median, low, high }, show) =>
  `${show(median)} (${show(low)}–${show(high)})`;

export function table(rows, aligned = "") {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const cell = (text, column) =>
    aligned[column] === "r" ? text.padStart(widths[column]) : text.padEnd(widths[column]);
  return rows.map((row) => `  ${row.map(cell).join("  ")}`.trimEnd()).join("\n");
}

/** One row per subject of a group; `samples` by the subjects' ids. */
export function rowsOf({ work, unit, flops, subjects }, samples) {
  const perUnit = unit === "gflops" ? flops : 1;
  return subjects
    .filter(({ id }) => samples[id]?.length)
    .map((subject) => {
      const scaled = samples[subject.id].map((sample) => ({
        ...sample,
        rate: sample.rate * perUnit * (unit === "gflops" ? 1e-9 : 1),
      }));
      const flopsPerRate = unit === "gflops" ? 1e9 : flops;
      return {
        work,
        unit,
        who: subject.who,
        variant: subject.variant,
        threads: subject.threads,
        peak: subject.peak,
        samples: scaled,
        rate: rates(scaled),
        share: shares(scaled, flopsPerRate),
      };
    });
}

export function rowTable(rows) {
  const head = ["", "variant", "threads", unitName(rows[0].unit), "share of the peak"];
  const lines = rows.map(({ who, variant, threads, rate, share, peak }) => [
    who,
    variant,
    `${threads}`,
    spread(rate, figure),
    `${spread(share, percent)} ${peak.split(" ")[0]}`,
  ]);
  return `${rows[0].work}\n${table([head, ...lines], "llrrl")}`;
}

const unitName = (unit) => (unit === "gflops" ? "GFLOP/s" : "samples/s");

/** The peak loops over the whole run, by name ("relaxed 2": two at once). */
export function peaksOf(allSamples) {
  return Object.fromEntries([...allSamples].map(([name, samples]) => [name, peakRates(samples)]));
}

export function peakTable(peaks) {
  const loops = { simd: "multiply, then add", relaxed: "fused multiply-add", native: "native" };
  const lines = Object.entries(peaks).map(([name, summary]) => {
    const [kind, threads] = name.split(" ");
    const giga = (value) => figure(value / 1e9);
    return [kind, loops[kind], threads, spread(summary, giga)];
  });
  return `the peak: independent multiply-adds in registers\n${table([["", "", "threads", "GFLOP/s"], ...lines], "llrr")}`;
}

const best = (rows) =>
  rows.reduce((a, b) => (!a || b.rate.median > a.rate.median ? b : a), undefined);

const works = (rows) => [...new Set(rows.map(({ work }) => work))];

/** How many times faster each build of ours is than each peer at its best. */
export function ratiosOf(rows) {
  const found = [];
  for (const work of works(rows)) {
    const all = rows.filter((row) => row.work === work);
    const peers = [...new Set(all.map(({ who }) => who))].filter((who) => who !== "lanegrad");
    const ours = all.filter(({ who }) => who === "lanegrad");
    for (const row of ours) {
      for (const who of peers) {
        const peer = best(all.filter((other) => other.who === who));
        const ratio = ratios(row.samples, peer.samples);
        found.push({ work, variant: row.variant, threads: row.threads, peer, ratio });
      }
    }
  }
  return found;
}

export function ratioTable(found) {
  const times = (value) => `${value.toFixed(1)}×`;
  const lines = found.map(({ work, variant, threads, peer, ratio }) => [
    work,
    `${variant}, ${threads}`,
    `${peer.who} ${peer.variant}, ${peer.threads}`,
    spread(ratio, times),
  ]);
  return `times faster than a peer's best way\n${table([["", "variant, threads", "than", ""], ...lines], "lllr")}`;
}

/** What more threads gain, against what they gain the peak loops beside them. */
export function scalingsOf(rows) {
  const found = [];
  for (const work of works(rows)) {
    const all = rows.filter((row) => row.work === work);
    for (const many of all.filter(({ who, threads }) => who === "lanegrad" && threads > 1)) {
      const one = all.find(
        ({ who, variant }) => who === "lanegrad" && `${variant}-threads` === many.variant,
      );
      if (!one) continue;
      const gain = scaling(one.samples, many.samples, many.threads);
      found.push({ work, variant: many.variant, threads: many.threads, gain });
    }
  }
  return found;
}

export function scalingTable(found) {
  const lines = found.map(({ work, variant, threads, gain }) => [
    work,
    variant,
    `${threads}`,
    gain.count ? spread(gain, percent) : "–",
    `${gain.discarded} of ${gain.discarded + gain.count}`,
  ]);
  const head = ["", "variant", "threads", "gain ÷ the peak loops' gain", "rounds discarded"];
  return `more threads\n${table([head, ...lines], "llrrr")}`;
}

/** The ten-output products' part of a step's time, less what the calls themselves cost. */
export function tenOutputShare({ samples, products, call, step, batchSize }) {
  const time = (id, units = 1) => units / rates(samples[id]).median;
  const multiplying = products.reduce((sum, id) => sum + time(id) - time(call), 0);
  return multiplying / time(step, batchSize);
}

export function toJson({ machine, peaks, rows, ratioRows, scalingRows, more }) {
  const plain = ({ samples: _, rate, share, unit, ...row }) => ({
    ...row,
    [unit]: rate.median,
    quartiles: [rate.low, rate.high],
    shareOfPeak: share.median,
    shareQuartiles: [share.low, share.high],
    slices: rate.count,
  });
  return {
    machine,
    peak: Object.fromEntries(
      Object.entries(peaks).map(([name, summary]) => [
        name,
        { gflops: summary.median / 1e9, quartiles: [summary.low / 1e9, summary.high / 1e9] },
      ]),
    ),
    results: rows.map(plain),
    ratios: ratioRows.map(({ work, variant, threads, peer, ratio }) => ({
      work,
      variant,
      threads,
      than: { who: peer.who, variant: peer.variant, threads: peer.threads },
      ...ratio,
    })),
    scaling: scalingRows.map(({ work, variant, threads, gain }) => ({
      work,
      variant,
      threads,
      ...gain,
    })),
    ...more,
  };
}
