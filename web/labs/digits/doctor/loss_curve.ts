// A small drawing within the doctor's panel: the loss on its way to where it went wrong.
import { make } from "../../../ui/dom";
import { shape } from "../../../ui/svg";
import * as format from "../../../ui/format";

export interface Point {
  step: number;
  loss: number;
}

const [width, height] = [420, 190];
const margin = { left: 52, right: 12, top: 12, bottom: 24 };
// The steps that are shown before the mark, and after it.
const before = 100;
const after = 200;

// The drawing; undefined where there are too few points.
export function curve(points: readonly Point[], mark: number): HTMLElement | undefined {
  const shown = points.filter(
    ({ step, loss }) =>
      step >= mark - before && step <= mark + after && loss > 0 && loss < Infinity,
  );
  if (shown.length < 2) return undefined;
  const [from, to] = [shown[0]!.step, Math.max(mark, shown.at(-1)!.step)];
  const losses = shown.map(({ loss }) => loss);
  const [low, high] = [Math.min(...losses), Math.max(...losses)];
  const { left, right, top, bottom } = margin;
  const x = (step: number) => left + ((step - from) / (to - from)) * (width - left - right);
  // The axis is logarithmic, since a loss that diverges does so by multiplying.
  const share = (loss: number) => (high > low ? Math.log(loss / low) / Math.log(high / low) : 0.5);
  const y = (loss: number) => height - bottom - share(loss) * (height - top - bottom);

  const svg = shape("svg", { viewBox: `0 0 ${width} ${height}`, role: "img" });
  svg.setAttribute(
    "aria-label",
    `Loss from step ${format.grouped(from)} to ${format.grouped(to)}: between ${format.large(low)} and ` +
      `${format.large(high)}. Step ${format.grouped(mark)} is marked.`,
  );
  const add = (...given: Parameters<typeof shape>) => svg.append(shape(...given));
  for (const loss of high > low ? [low, high] : [low]) {
    add("line", { class: "grid", x1: left, x2: width - right, y1: y(loss), y2: y(loss) });
    add("text", { class: "end", x: left - 6, y: y(loss) + 4 }, format.large(loss));
  }
  add("text", { x: left, y: height - 6 }, `step ${format.grouped(from)}`);
  if (to !== mark || x(mark) > left + 120) {
    add("text", { class: "end", x: width - right, y: height - 6 }, format.grouped(to));
  }
  const line = shown.map(({ step, loss }) => `${x(step).toFixed(1)} ${y(loss).toFixed(1)}`);
  add("path", { class: "loss", d: `M${line.join("L")}` });
  add("line", { class: "mark", x1: x(mark), x2: x(mark), y1: top, y2: height - bottom });

  return make(
    "figure",
    { className: "course", test: "doctor-curve" },
    svg,
    make(
      "figcaption",
      {},
      `The loss around the marked step ${format.grouped(mark)}, on a logarithmic scale.`,
    ),
  );
}
