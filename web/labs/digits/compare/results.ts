// The results of runs, as rows of a table and in words.
import * as format from "../../../ui/format";
import { judgement, standing, type RunResults } from "../run/run_record";
import type { Settings } from "../settings/digits_settings";

// What a run has come to, and with which settings where that is known.
type Ended = RunResults & { settings?: Partial<Settings> };

const isSmall = ({ settings }: Ended) => settings?.data === "small";

// A run's results, as the cells of the table.
export function resultCells(run: Ended | undefined): string[] {
  const last = run && standing(run);
  const judged = last && judgement(last);
  return [
    String(run?.epochs.length ?? "–"),
    judged ? judged.judge + (isSmall(run!) ? ", small" : "") : "–",
    judged ? format.percent(judged.accuracy) : "–",
    format.loss(judged?.loss ?? NaN),
    format.loss(last?.trainLoss ?? NaN),
    last ? `${seconds(run!).toFixed(1)} s` : "–",
  ];
}

// What a run is judged by, as far as it has come; undefined before the end of its first epoch.
export function accuracyOf(run: RunResults): number | undefined {
  const last = standing(run);
  return last && judgement(last).accuracy;
}

const seconds = ({ epochs }: RunResults) => epochs.reduce((sum, each) => sum + each.seconds, 0);

// A sentence that compares the results, where both runs have ended an epoch.
export function results(run: Ended, other: Ended): string {
  const [last, before] = [standing(run), standing(other)];
  if (!last || !before) return "";
  const [is, was] = [judgement(last), judgement(before)];
  if (is.judge !== was.judge)
    return " One was judged by what was held back, the other by the test: these are not to be compared.";
  if (isSmall(run) !== isSmall(other))
    return " Each was judged by digits of its own data: these are not to be compared.";
  const points = 100 * (is.accuracy - was.accuracy);
  const accuracy = compared(points, 2, (size) => `${size} points`, "higher", "lower");
  const loss = compared(is.loss - was.loss, 4, (size) => size, "higher", "lower");
  const time = compared(seconds(run) - seconds(other), 1, (size) => `${size} s`, "more", "less");
  const after =
    last.epoch === before.epoch ? "" : ` after ${last.epoch} against ${before.epoch} epochs`;
  return ` Its ${is.judge} accuracy is ${accuracy}, its ${is.judge} loss ${loss}${after}; it took ${time === "the same" ? "the same time" : time}.`;
}

function compared(
  difference: number,
  digits: number,
  write: (size: string) => string,
  above: string,
  below: string,
): string {
  const size = Math.abs(difference).toFixed(digits);
  if (!Number.isFinite(difference)) return "not to be compared";
  if (Number(size) === 0) return "the same";
  return `${write(size)} ${difference > 0 ? above : below}`;
}
