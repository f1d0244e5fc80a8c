// The buttons that save what the evaluation shows, as tables.
import { csv, downloadText, type Cell } from "../../../ui/download";
import { part } from "../../../ui/dom";
import type { PictureSet } from "../run/picture_set";
import { perClass } from "./classes";
import { bins, confusion, type Answered } from "./statistics";

// `shown` gives what is shown now; undefined where nothing is.
export function saveButtons(
  place: HTMLElement,
  shown: () => { answered: Answered; pictures: PictureSet } | undefined,
): void {
  for (const [name, rows] of Object.entries(tables)) {
    part(place, `save-${name}`).addEventListener("click", () => {
      const now = shown();
      if (!now) return;
      const text = csv(rows(now.answered, now.pictures));
      downloadText(`lanegrad-${name}.csv`, text, "text/csv");
    });
  }
}

const tables: Record<string, (answered: Answered, pictures: PictureSet) => Cell[][]> = {
  answers: (answered, { names }) => [
    ["number", "label", "answer", "confidence", "probability of label"],
    ...Array.from(answered.labels, (label, i) => [
      i + 1,
      names[label],
      names[answered.answers[i]!],
      answered.confidences[i],
      answered.ofLabels[i],
    ]),
  ],
  confusion(answered, { names, classes }) {
    const counts = confusion(answered);
    return [
      ["label", ...names.map((name) => `read as ${name}`)],
      ...names.map((name, i) => [name, ...counts.subarray(i * classes, (i + 1) * classes)]),
    ];
  },
  classes: (answered, pictures) => [
    ["class", "count", "right", "accuracy", "lower bound", "upper bound"],
    ...perClass(pictures, confusion(answered)).map(
      ({ name, count, right, accuracy, low, high }) => [name, count, right, accuracy, low, high],
    ),
  ],
  calibration: (answered) => [
    ["confidence above", "up to", "count", "right", "mean confidence", "accuracy"],
    ...bins(answered).map((bin) =>
      (["from", "to", "count", "right", "confidence", "accuracy"] as const).map((key) => bin[key]),
    ),
  ],
};
