// The table of a sweep: a row for each net with each rate, and all runs as rows to copy.
import { button, make, row, table } from "../../../ui/dom";
import * as format from "../../../ui/format";
import type { Cell } from "../../../ui/download";
import type { StoredSweep } from "../storage/stored_sweep";
import { ranked, rowsOf, written, type SweepRow } from "./statistics";

const heads = ["Net", "Rate", "Runs", "Validation accuracy", "Loss", "Settings"];

export function sweepTable(sweep: StoredSweep, use: (chosen: SweepRow) => void): HTMLTableElement {
  const rows = rowsOf(sweep, sweep.results);
  const [best] = ranked(rows);
  const made = table(heads, [], "sweep-rows");
  for (const each of rows) {
    const { net, rate, accuracy, loss, failed } = each;
    const mark = each === best && make("span", { className: "best" }, "best");
    const name = make("span", {}, net, mark && " ", mark);
    const label = `Use ${net} at ${rate}`;
    const using = button("Use these settings", () => use(each), {
      className: "quiet",
      ariaLabel: `Use these settings: ${label.slice(4)}`,
    });
    const line = row(
      name,
      String(rate),
      count(accuracy.n, failed),
      accuracy.n > 0 ? written(accuracy) : "–",
      accuracy.n > 0 ? format.loss(loss.mean) : "–",
      using,
    );
    line.classList.toggle("is-best", each === best);
    made.tBodies[0]!.append(line);
  }
  return made;
}

// "3", or what became of the others: "2, 1 diverged at step 40".
function count(ended: number, failed: SweepRow["failed"]): HTMLElement {
  const why = [...new Set(failed.map(({ problem }) => problem))].join("; ");
  const note =
    failed.length > 0 && make("span", { className: "failed" }, `${failed.length} ${why}`);
  return make("span", {}, String(ended), note && ", ", note);
}

/** All runs, with a head. The test is in it for the best alone, once it was asked. */
export function sweepCells({ results, nets, rates, seeds, opened }: StoredSweep): Cell[][] {
  const [best] = ranked(rowsOf({ nets, rates, seeds }, results));
  const head = ["net", "learning rate", "seed", "epochs", "seconds"];
  return [
    [
      ...head,
      "validation accuracy",
      "validation loss",
      "problem",
      ...(opened ? ["test accuracy"] : []),
    ],
    ...results.map((each) => {
      const isBest = each.net === best?.net && each.rate === best.rate;
      const { net, rate, seed, epochs, seconds, accuracy, loss, problem, test } = each;
      const cells = [net, rate, seed, epochs, seconds, accuracy, loss, problem];
      return opened ? [...cells, isBest ? test : undefined] : cells;
    }),
  ];
}
