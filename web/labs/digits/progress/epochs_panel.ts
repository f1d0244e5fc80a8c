// The curves in numbers: a table with a row for each epoch, and the button that saves it.
import type { EpochResult } from "lanegrad";
import { downloadTable } from "../../../ui/download";
import * as format from "../../../ui/format";
import { make, part } from "../../../ui/dom";
import type { DigitsRun } from "../run/digits_run";

// The heads of the columns in the file.
const columns = {
  epoch: "epoch",
  trainLoss: "training loss",
  trainAccuracy: "training accuracy",
  validationLoss: "validation loss",
  validationAccuracy: "validation accuracy",
  testLoss: "test loss",
  testAccuracy: "test accuracy",
  seconds: "seconds",
} satisfies Record<keyof EpochResult, string>;

export function mount(place: HTMLElement, run: DigitsRun): void {
  const body = part(place, "epoch-rows");
  const heads = place.querySelectorAll<HTMLElement>('[data-part="validation-head"]');
  const showValidation = (shown: boolean) => {
    for (const head of heads) head.hidden = !shown;
  };

  function add(epochs: readonly EpochResult[] = []): void {
    for (const done of epochs) {
      if (Number.isFinite(done.validationLoss)) showValidation(true);
      body.append(row(done));
    }
  }
  run.on("net", () => {
    body.replaceChildren();
    showValidation(false);
    add(run.history.epochs);
  });
  run.on("progress", ({ epochsDone }) => add(epochsDone));

  part(place, "save-csv").addEventListener("click", () => {
    const keys = Object.keys(columns) as (keyof EpochResult)[];
    const rows = run.history.epochs.map((done) => keys.map((key) => done[key]));
    downloadTable("lanegrad-epochs.csv", [Object.values(columns), ...rows]);
  });
}

function row(done: EpochResult): HTMLTableRowElement {
  const cells = [
    String(done.epoch),
    format.loss(done.trainLoss),
    format.percent(done.trainAccuracy),
    ...(Number.isFinite(done.validationLoss)
      ? [format.loss(done.validationLoss), format.percent(done.validationAccuracy)]
      : []),
    format.loss(done.testLoss),
    format.percent(done.testAccuracy),
    done.seconds.toFixed(1),
  ];
  return make("tr", {}, ...cells.map((text) => make("td", {}, text)));
}
