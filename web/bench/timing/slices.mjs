// Fair timing on a machine whose speed changes by the second. Everything runs in short slices, each
// between two slices of the peak loop, and is compared only with its neighbours. Results are
// medians with quartiles.

/**
 * What can be timed: `run` works for about so many milliseconds (at least one unit) and says how much
 * it did (flops, samples) in how many seconds. `peak` names the peak loop it is measured against.
 * @typedef {{ units: number, seconds: number }} Slice
 * @typedef {{ id: string, peak: string, run: (milliseconds: number) => Promise<Slice> }} Subject
 *
 * Per second, with the peak's before and after.
 * @typedef {{ rate: number, before: number, after: number }} Sample
 * @typedef {{ median: number, low: number, high: number, count: number }} Summary `low` and `high`: the quartiles
 */

/**
 * Runs every subject `rounds` times in turn: P S P S P …. Where neighbours share a peak loop, the slice
 * between them serves both. Times, and `rest` before each slice, in milliseconds. Resolves to the samples
 * of each subject, one per round, in order.
 * @param {Subject[]} subjects
 * @param {Record<string, (milliseconds: number) => Promise<Slice>>} peaks
 * @param {{ rounds: number, slice: number, peakSlice: number, rest?: number, onRound?: (round: number) => void, stopped?: () => boolean }} options
 * @returns {Promise<Map<string, Sample[]>>}
 */
export async function interleave(subjects, peaks, options) {
  const samples = new Map(subjects.map((subject) => [subject.id, /** @type {Sample[]} */ ([])]));
  const timed = async (run, milliseconds) => {
    // Other threads may spin for a while after their last work.
    if (options.rest) await new Promise((resolve) => setTimeout(resolve, options.rest));
    const { units, seconds } = await run(milliseconds);
    return units / seconds;
  };
  const measurePeak = (name) => timed(peaks[name], options.peakSlice);
  // The slice of the peak loop that ran last.
  let last;
  for (let round = 0; round < options.rounds && !options.stopped?.(); round++) {
    for (const subject of subjects) {
      if (last?.name !== subject.peak) {
        last = { name: subject.peak, rate: await measurePeak(subject.peak) };
      }
      const rate = await timed(subject.run, options.slice);
      const after = await measurePeak(subject.peak);
      samples.get(subject.id)?.push({ rate, before: last.rate, after });
      last = { name: subject.peak, rate: after };
    }
    options.onRound?.(round + 1);
  }
  return samples;
}

const neighbours = (sample) => (sample.before + sample.after) / 2;

/**
 * The value below which the share `q` (0 to 1) of the values lies, interpolated linearly between
 * neighbours.
 */
export function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * q;
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
}

/** @returns {Summary} of no values: NaN everywhere. */
export function summarize(values) {
  if (values.length === 0) return { median: NaN, low: NaN, high: NaN, count: 0 };
  return {
    median: quantile(values, 0.5),
    low: quantile(values, 0.25),
    high: quantile(values, 0.75),
    count: values.length,
  };
}

/** @param {Sample[]} samples */
export const rates = (samples) => summarize(samples.map((sample) => sample.rate));

/** @param {Sample[]} samples */
export const peakRates = (samples) => summarize(samples.map(neighbours));

/**
 * How much of the peak was reached; `flopsPerUnit` turns the rate into the peak's flops.
 * @param {Sample[]} samples
 */
export const shares = (samples, flopsPerUnit = 1) =>
  summarize(samples.map((sample) => (sample.rate * flopsPerUnit) / neighbours(sample)));

/**
 * How many times faster the first is, round by round.
 * @param {Sample[]} fast
 * @param {Sample[]} slow
 */
export const ratios = (fast, slow) => summarize(pairs(fast, slow).map(([a, b]) => a.rate / b.rate));

/**
 * How much of what `threads` cores add, more threads gained: S = rate of many ÷ rate of one, of the
 * subject over that of the peak loops beside it. Rounds in which the peak loops themselves gained
 * nothing plausible (beyond 0.8 to 1.05 times `threads`) say nothing about the subject; they are
 * dropped and counted.
 * @param {Sample[]} one
 * @param {Sample[]} many
 * @returns {Summary & { discarded: number }}
 */
export function scaling(one, many, threads) {
  const kept = [];
  const rounds = pairs(one, many);
  for (const [single, multiple] of rounds) {
    const peaks = neighbours(multiple) / neighbours(single);
    if (peaks < 0.8 * threads || peaks > 1.05 * threads) continue;
    kept.push(multiple.rate / single.rate / peaks);
  }
  return { ...summarize(kept), discarded: rounds.length - kept.length };
}

function pairs(first, second) {
  const count = Math.min(first.length, second.length);
  return Array.from({ length: count }, (_, round) => [first[round], second[round]]);
}
