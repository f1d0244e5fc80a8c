// A table with a row for each epoch: the curves in numbers.
import type { EpochResult } from "lanegrad";
import * as format from "../../../ui/format";

export class EpochTable {
  readonly rows: EpochResult[] = [];

  constructor(private readonly body: HTMLElement) {}

  add(done: EpochResult): void {
    this.rows.push(done);
    const validated = Number.isFinite(done.validationLoss);
    if (validated) this.showValidation(true);
    const row = document.createElement("tr");
    const cells = [
      String(done.epoch),
      format.loss(done.trainLoss),
      format.percent(done.trainAccuracy),
      ...(validated
        ? [format.loss(done.validationLoss), format.percent(done.validationAccuracy)]
        : []),
      format.loss(done.testLoss),
      format.percent(done.testAccuracy),
      done.seconds.toFixed(1),
    ];
    for (const text of cells) {
      const cell = document.createElement("td");
      cell.textContent = text;
      row.append(cell);
    }
    this.body.append(row);
  }

  reset(): void {
    this.rows.length = 0;
    this.body.replaceChildren();
    this.showValidation(false);
  }

  private showValidation(shown: boolean): void {
    const heads = this.body.closest("table")!.querySelectorAll<HTMLElement>(".of-validation");
    for (const head of heads) head.hidden = !shown;
  }
}
