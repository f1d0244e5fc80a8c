// How well each class is read: its share of right answers, and how far chance alone may have moved
// it.
import { make, part, row } from "../../../ui/dom";
import { shape } from "../../../ui/svg";
import * as format from "../../../ui/format";
import type { PictureSet } from "../run/picture_set";
import { wilson } from "./statistics";

export interface ClassResult {
  name: string;
  count: number;
  right: number;
  // The share of right answers; NaN where there are no pictures of the class.
  accuracy: number;
  low: number;
  high: number;
}

export function perClass({ classes, names }: PictureSet, counts: Int32Array): ClassResult[] {
  return Array.from({ length: classes }, (_, label) => {
    const row = counts.subarray(label * classes, (label + 1) * classes);
    const count = row.reduce((sum, each) => sum + each, 0);
    const right = row[label]!;
    const [low, high] = wilson(right, count);
    return { name: names[label]!, count, right, accuracy: right / count, low, high };
  });
}

export class Classes {
  constructor(private readonly place: HTMLElement) {}

  show(results: readonly ClassResult[], accuracy: number): void {
    const lowest = Math.min(...results.map(({ low }) => low));
    const from = starts.findLast((start) => start <= lowest) ?? 0;
    const at = (share: number) => `${((100 * (share - from)) / (1 - from)).toFixed(2)}%`;
    part(this.place, "class-scale").replaceChildren(
      ...[from, 1].map((end) => make("span", {}, format.percentage(100 * end))),
    );
    part(this.place, "class-rows").replaceChildren(
      ...results.map((result) => {
        const { name, count, right, low, high } = result;
        return row(
          name,
          format.grouped(count),
          format.grouped(right),
          count > 0 ? format.percent(result.accuracy) : "–",
          count > 0 ? `${short(low)} to ${short(high)}` : "–",
          drawing(result, at(accuracy), at),
        );
      }),
    );
    part(this.place, "class-summary").textContent =
      `${verdict(results, accuracy)} ${chance(results)}`;
  }
}

const starts = [0, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98];
const short = (share: number) => (100 * share).toFixed(1);

// A sentence on the classes whose interval does not hold the accuracy of all classes.
function verdict(results: readonly ClassResult[], accuracy: number): string {
  const seen = results.filter(({ count }) => count > 0);
  const list = (names: string[]) => names.join(", ").replace(/, ([^,]*)$/, " and $1");
  const below = seen.filter(({ high }) => high < accuracy).map(({ name }) => name);
  const above = seen.filter(({ low }) => low > accuracy).map(({ name }) => name);
  const parts = [
    ...(below.length > 0 ? [`clearly below that: ${list(below)}`] : []),
    ...(above.length > 0 ? [`clearly above: ${list(above)}`] : []),
  ];
  const all = `Of all, ${format.percent(accuracy)} are right`;
  if (parts.length === 0) return `${all}; every class may differ from that by chance alone.`;
  return `${all}; ${parts.join("; ")}. The others may differ by chance alone.`;
}

// What the intervals say, for as many pictures as there are.
export function chance(results: readonly ClassResult[]): string {
  const counts = results.map(({ count }) => count).filter((count) => count > 0);
  const [least, most] = [Math.min(...counts), Math.max(...counts)].map(format.grouped);
  const measured = least === most ? `${least}` : `${least} to ${most}`;
  return (
    `Measured on ${measured} pictures of a class, such a share is uncertain: as many others would most likely ` +
    `(${format.percentage(95)}) have given one within the interval.`
  );
}

function drawing(
  { accuracy, low, high }: ClassResult,
  mean: string,
  at: (share: number) => string,
) {
  const svg = shape("svg", { class: "interval", "aria-hidden": "true" });
  svg.append(
    shape("line", { class: "mean", x1: mean, x2: mean, y1: "0", y2: "100%" }),
    shape("line", { class: "reach", x1: at(low), x2: at(high), y1: "50%", y2: "50%" }),
  );
  if (Number.isFinite(accuracy)) {
    svg.append(shape("circle", { cx: at(accuracy), cy: "50%", r: "4" }));
  }
  return svg;
}
