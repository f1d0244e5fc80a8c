// What the runs of a sweep have come to: means over seeds, and how far the seeds are apart.
import * as format from "../../../ui/format";
import type { SweepResult } from "../storage/stored_sweep";
import type { Plan } from "./plan";

/** A mean over n values with their standard deviation, which is NaN of less than two. */
export interface Spread {
  n: number;
  mean: number;
  deviation: number;
}

export interface SweepRow {
  net: string;
  rate: number;
  accuracy: Spread;
  loss: Spread;
  test: Spread;
  /** The runs that came to nothing. */
  failed: readonly SweepResult[];
}

/** The mean, and the standard deviation of a sample: with n − 1. */
export function spread(values: readonly number[]): Spread {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { n, mean, deviation: n > 1 ? Math.sqrt(squares / (n - 1)) : NaN };
}

/** A row for each net with each rate that has a result. */
export function rowsOf({ nets, rates }: Plan, results: readonly SweepResult[]): SweepRow[] {
  return nets
    .flatMap((net) => rates.map((rate) => ({ net, rate })))
    .flatMap(({ net, rate }) => {
      const all = results.filter((each) => each.net === net && each.rate === rate);
      if (all.length === 0) return [];
      const ended = all.filter(({ problem }) => !problem);
      return {
        net,
        rate,
        accuracy: spread(ended.map(({ accuracy }) => accuracy)),
        loss: spread(ended.map(({ loss }) => loss)),
        test: spread(ended.map(({ test }) => test)),
        failed: all.filter(({ problem }) => problem),
      };
    });
}

/**
 * The rows that can be the best, the best one first: by the mean accuracy, then by the loss. One of whose
 * runs came to nothing can be the best only where that holds for all.
 */
export function ranked(rows: readonly SweepRow[]): SweepRow[] {
  const ended = rows.filter(({ accuracy }) => accuracy.n > 0);
  const sound = ended.filter(({ failed }) => failed.length === 0);
  return (sound.length > 0 ? sound : ended).toSorted(
    (a, b) => b.accuracy.mean - a.accuracy.mean || a.loss.mean - b.loss.mean,
  );
}

/** "97.20 % ± 0.13", which is never broken into lines */
export const written = ({ mean, deviation }: Spread): string =>
  Number.isNaN(deviation)
    ? format.percent(mean)
    : `${format.percent(mean)}\u00a0±\u00a0${(100 * deviation).toFixed(2)}`;

/** What the best row is ahead of the next by, and whether the seeds are farther apart than that. */
export function verdict(rows: readonly SweepRow[], done: boolean): string {
  const [best, next] = ranked(rows);
  if (!best) return "";
  const called = ({ net, rate }: SweepRow) => `${net} at ${rate}`;
  const others = rows.filter((each) => each.accuracy.n > 0 && each.failed.length > 0);
  const are = others.length === 1 ? "is" : "are";
  const left =
    others.length > 0 && best.failed.length === 0
      ? ` ${others.map(called).join(", ")} ${are} left out: a rate whose seeds do not all come to an end is not the best.`
      : "";
  const said = `Best by validation${done ? "" : " so far"}: ${called(best)}, ${written(best.accuracy)} (${format.counted(best.accuracy.n, "seed")}).`;
  if (!next) return said + left;
  const lead = best.accuracy.mean - next.accuracy.mean;
  const spreads = [best, next].map(({ accuracy }) => accuracy.deviation).filter(Number.isFinite);
  const ahead = `${said} Next comes ${called(next)}, ${(100 * lead).toFixed(2)} points behind`;
  const chance =
    spreads.length === 0
      ? "; one seed each cannot say whether that is chance."
      : lead > Math.max(...spreads)
        ? ", more than the seeds of either are apart."
        : ": no more than the seeds are apart, so it may be chance.";
  return ahead + chance + left;
}
