// A row for each epoch: what the curves show, in numbers.
import type { EpochResult } from "lanegrad";
import * as format from "../format";

export class EpochTable {
  constructor(private readonly body: HTMLElement) {}

  add(done: EpochResult): void {
    const row = document.createElement("tr");
    const cells = [
      String(done.epoch),
      format.loss(done.trainLoss),
      format.percent(done.trainAccuracy),
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
    this.body.replaceChildren();
  }
}
