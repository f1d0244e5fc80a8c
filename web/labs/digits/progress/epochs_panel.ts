// The curves in numbers: a table with a row for each epoch, and the button that saves it.
import type { EpochResult } from "lanegrad";
import type { Judge } from "../../../ui/plots/curves";
import * as format from "../../../ui/format";
import { make, part } from "../../../ui/dom";
import type { DigitsRun } from "../run/digits_run";
import { judgement } from "../run/run_record";
import { save } from "./saving";

// The columns with their heads in the file. The test is a column where it is what the run is judged
// by; elsewhere it waits until it is asked.
const columnsOf = (judge: Judge): [keyof EpochResult, string][] => [
  ["epoch", "epoch"],
  ["trainLoss", "training loss"],
  ["trainAccuracy", "training accuracy"],
  [`${judge}Loss`, `${judge} loss`],
  [`${judge}Accuracy`, `${judge} accuracy`],
  ["seconds", "seconds"],
];

export function mount(place: HTMLElement, run: DigitsRun): void {
  const body = part(place, "epoch-rows");

  function add(epochs: readonly EpochResult[] = []): void {
    body.append(...epochs.map(row));
  }
  run.on("net", () => {
    const { judge } = run.history;
    body.replaceChildren();
    for (const each of ["validation", "test"]) {
      const heads = place.querySelectorAll<HTMLElement>(`[data-part="${each}-head"]`);
      for (const head of heads) head.hidden = each !== judge;
    }
    add(run.history.epochs);
  });
  run.on("progress", ({ epochsDone }) => add(epochsDone));

  part(place, "save-csv").addEventListener("click", () => {
    const columns = columnsOf(run.history.judge);
    const rows = run.history.epochs.map((done) => columns.map(([key]) => done[key]));
    void save(run, ({ downloadTable }) =>
      downloadTable("lanegrad-epochs.csv", [columns.map(([, head]) => head), ...rows]),
    );
  });
}

function row(done: EpochResult): HTMLTableRowElement {
  const { loss, accuracy } = judgement(done);
  const cells = [
    String(done.epoch),
    format.loss(done.trainLoss),
    format.percent(done.trainAccuracy),
    format.loss(loss),
    format.percent(accuracy),
    done.seconds.toFixed(1),
  ];
  return make("tr", {}, ...cells.map((text) => make("td", {}, text)));
}
