// The reliability diagram, which shows whether the net is right as often as it is sure: for answers
// of about the same confidence, how many are right, with the range of chance; below it the number
// of answers.
import { part, row } from "../../../ui/dom";
import { shape } from "../../../ui/svg";
import * as format from "../../../ui/format";
import { calibrationError, wilson, type Bin } from "./statistics";

// The height of the diagram in pixels.
const tall = 250;
// The height of the counts below it in pixels.
const strip = 46;
const margin = { left: 44, right: 10, top: 26, bottom: 40 };

// A share in whole hundredths.
const whole = (share: number) => format.percentage(Math.round(100 * share));

export interface Examined {
  nouns: string; // what sentences call the pictures
  smoothing: number; // of the labels that the net learned from
  steps: number; // that the net has learned
}

// Sentences on how far the net's confidence is off, and on which side.
export function summary(bins: readonly Bin[], { nouns, smoothing, steps }: Examined): string {
  const error = `${(100 * calibrationError(bins)).toFixed(2)} points`;
  const top = bins.at(-1)!;
  const surest =
    top.count === 0
      ? ""
      : ` Of the ${format.grouped(top.count)} ${nouns} it was more than ${whole(top.from)} sure of, ` +
        `${format.coarsePercent(top.accuracy)} are right; it was ${format.coarsePercent(top.confidence)} sure of them on average.`;
  return `On average its confidence is off by ${error}, the expected calibration error.${surest}${leaning(bins, smoothing, steps)}`;
}

// Whether the net is too modest or too sure of itself over all answers, by more than chance may make.
function leaning(bins: readonly Bin[], smoothing: number, steps: number): string {
  const seen = bins.filter(({ count }) => count > 0);
  const over = (of: (bin: Bin) => number) => seen.reduce((sum, bin) => sum + of(bin), 0);
  const all = over(({ count }) => count);
  const [low, high] = wilson(
    over(({ right }) => right),
    all,
  );
  const confidence = over(({ count, confidence }) => count * confidence) / all;
  const little = Math.abs(confidence - over(({ right }) => right) / all) < 0.01 ? "a little " : "";
  if (confidence > high) return ` It is ${little}too sure of itself.`;
  if (!(confidence < low)) return "";
  return smoothing > 0 && steps > 0
    ? ` It is ${little}too modest: label smoothing of ${smoothing} taught it to keep some doubt.`
    : ` It is ${little}too modest.`;
}

export class Calibration {
  private bins: readonly Bin[] = [];

  constructor(private readonly place: HTMLElement) {
    new ResizeObserver(() => this.draw()).observe(part(place, "reliability"));
  }

  // Shows what came of the pictures.
  show(bins: readonly Bin[], of: Examined): void {
    this.bins = bins;
    this.draw();
    this.fill();
    part(this.place, "calibration-summary").textContent = summary(bins, of);
  }

  private fill(): void {
    part(this.place, "calibration-rows").replaceChildren(
      ...this.bins.map(({ from, to, count, confidence, accuracy }) =>
        row(
          `${Math.round(100 * from)} to ${whole(to)}`,
          format.grouped(count),
          format.coarsePercent(confidence),
          format.coarsePercent(accuracy),
          points(accuracy - confidence),
        ),
      ),
    );
  }

  private draw(): void {
    const place = part(this.place, "reliability");
    const width = place.clientWidth;
    if (width === 0 || this.bins.length === 0) return;
    const { left, right, top, bottom } = margin;
    const height = top + tall + strip + bottom;
    const x = (share: number) => left + share * (width - left - right);
    const y = (share: number) => top + (1 - share) * tall;
    const label = "Share of right answers over confidence; the table below has it";
    const svg = shape("svg", { width, height, role: "img", "aria-label": label });
    const add = (...given: Parameters<typeof shape>) => svg.append(shape(...given));

    for (const share of [0, 0.2, 0.4, 0.6, 0.8, 1]) {
      add("line", { class: "grid", x1: x(0), x2: x(1), y1: y(share), y2: y(share) });
      const text = whole(share);
      add("text", { x: left - 6, y: y(share) + 4, class: "end" }, text);
      const anchor = share === 1 ? "end" : "middle";
      add("text", { x: x(share), y: height - bottom + 16, class: anchor }, text);
    }
    add("text", { x: x(0.5), y: height - 6, class: "middle" }, "how sure it was");
    add("text", { x: 0, y: 12 }, "how often it is right");
    add("line", { class: "perfect", x1: x(0), y1: y(0), x2: x(1), y2: y(1) });

    const most = Math.max(...this.bins.map(({ count }) => count));
    const foot = height - bottom;
    for (const { from, to, count, right: hits, confidence, accuracy } of this.bins) {
      if (count === 0) continue;
      // Lengths grow with the square root: nearly all answers are in one bin, and the others should
      // be visible.
      const length = Math.max(1, (strip - 8) * Math.sqrt(count / most));
      const bar = { x: x(from) + 1, width: x(to) - x(from) - 2, y: foot - length, height: length };
      add("rect", { class: "count", ...bar });
      const [low, high] = wilson(hits, count);
      const at = x(confidence);
      add("line", { class: "reach", x1: at, x2: at, y1: y(low), y2: y(high) });
      add("circle", { cx: at, cy: y(accuracy), r: 4.5 });
    }
    place.replaceChildren(svg);
  }
}

const points = (difference: number) => {
  if (Number.isNaN(difference)) return "–"; // no answer was so sure
  const text = (100 * difference).toFixed(1);
  return `${difference > 0 ? "+" : ""}${text.replace("-", "−")}`;
};
