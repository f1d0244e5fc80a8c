// The small buttons below the curves and the table of epochs, which save a picture, or the numbers
// as CSV.
import type { EpochResult } from "lanegrad";
import type { Chart } from "../../../ui/plots/chart";
import { retriable, type Problem } from "../../../ui/problems";
import { csv, downloadCanvas, downloadText } from "../../../ui/download";

export interface SaveOptions {
  place: ParentNode;
  loss: Chart;
  accuracy: Chart;
  epochs(): readonly EpochResult[];
  // The title of the run, for a picture.
  title(): Promise<string>;
  onProblem(problem: Problem): void;
}

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

export class SaveButtons {
  constructor({ place, loss, accuracy, epochs, title, onProblem }: SaveOptions) {
    const button = (name: string, save: (file: string) => Promise<void> | void) => {
      const file = `lanegrad-${name.replace(/-(?=[a-z]+$)/, ".")}`;
      const attempt = async (): Promise<void> => {
        try {
          await save(file);
        } catch (error) {
          onProblem(retriable(error, () => void attempt()));
        }
      };
      place.querySelector(`[data-save="${name}"]`)!.addEventListener("click", () => void attempt());
    };
    for (const [name, chart] of Object.entries({ loss, accuracy })) {
      button(`${name}-png`, async (file) =>
        downloadCanvas(file, await chart.picture(await title())),
      );
      button(`${name}-csv`, (file) => downloadText(file, csv(chart.table()), "text/csv"));
    }
    button("epochs-csv", (file) => {
      const keys = Object.keys(columns) as (keyof EpochResult)[];
      const rows = epochs().map((done) => keys.map((key) => done[key]));
      downloadText(file, csv([keys.map((key) => columns[key]), ...rows]), "text/csv");
    });
  }
}
