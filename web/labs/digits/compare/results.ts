// The results of runs, as rows of a table and in words.
import { row } from "../../../ui/dom";
import * as format from "../../../ui/format";
import { standing, type RunResults } from "../run/run_record";

// A row of the table with a run's results.
export function resultRow(name: string, run: RunResults | undefined): HTMLTableRowElement {
  const last = run && standing(run);
  return row(
    name,
    String(run?.epochs.length ?? "–"),
    last ? format.percent(last.testAccuracy) : "–",
    format.loss(last?.testLoss ?? NaN),
    format.loss(last?.trainLoss ?? NaN),
    last ? `${seconds(run!).toFixed(1)} s` : "–",
  );
}

const seconds = ({ epochs }: RunResults) => epochs.reduce((sum, each) => sum + each.seconds, 0);

// A sentence that compares the results, where both runs have ended an epoch.
export function results(run: RunResults, other: RunResults): string {
  const [is, was] = [standing(run), standing(other)];
  if (!is || !was) return "";
  const points = 100 * (is.testAccuracy - was.testAccuracy);
  const accuracy = compared(points, 2, (size) => `${size} points`, "higher", "lower");
  const loss = compared(is.testLoss - was.testLoss, 4, (size) => size, "higher", "lower");
  const time = compared(seconds(run) - seconds(other), 1, (size) => `${size} s`, "more", "less");
  const after = is.epoch === was.epoch ? "" : ` after ${is.epoch} against ${was.epoch} epochs`;
  return ` Its test accuracy is ${accuracy}, its test loss ${loss}${after}; it took ${time === "the same" ? "the same time" : time}.`;
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
