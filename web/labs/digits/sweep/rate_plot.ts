// The validation accuracy by learning rate: a mark for each run, of one shape for each net, and a
// line through the means of a net.
import { make } from "../../../ui/dom";
import * as format from "../../../ui/format";
import { accuracyScale } from "../../../ui/plots/scales";
import { shape, text } from "../../../ui/svg";
import type { SweepResult } from "../storage/stored_sweep";
import type { Plan } from "./plan";
import { rowsOf, spread } from "./statistics";

const height = 240;
const edge = { left: 52, right: 14, top: 10, bottom: 40 };

// Shapes around 0 of about the same area, in turn for the nets.
const shapes = [
  "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z",
  "M-4 -4h8v8h-8z",
  "M0 -5.5l5.5 9.5h-11z",
  "M0 -6l5 6l-5 6l-5 -6z",
  "M-5 -1.6h3.4v-3.4h3.2v3.4h3.4v3.2h-3.4v3.4h-3.2v-3.4h-3.4z",
];
const shapeOf = (i: number) => shapes[i % shapes.length]!;

/** The figure's content, `width` pixels wide; nothing where no run has ended. */
export function ratePlot(plan: Plan, results: readonly SweepResult[], width: number): Node[] {
  const ended = results.filter(({ problem, accuracy }) => !problem && Number.isFinite(accuracy));
  if (ended.length === 0) return [];
  const place = placing(plan, ended, width);
  const svg = shape("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img" });
  svg.setAttribute("aria-label", spoken(plan, ended));
  svg.append(...axes(plan, place, width));
  plan.nets.forEach((net, i) => {
    const own = ended.filter((each) => each.net === net);
    const means = rowsOf({ ...plan, nets: [net] }, own)
      .toSorted((a, b) => a.rate - b.rate)
      .map(({ rate, accuracy }) => `${place.x(rate)} ${place.y(accuracy.mean)}`);
    svg.append(shape("path", { d: `M${means.join("L")}`, class: `line n${i % shapes.length}` }));
    for (const run of own) {
      const at = `translate(${place.x(run.rate)} ${place.y(run.accuracy)})`;
      const title = `${net}, rate ${run.rate}, seed ${run.seed}: ${format.percent(run.accuracy)}`;
      const mark = { d: shapeOf(i), transform: at, class: `mark n${i % shapes.length}` };
      svg.append(shape("path", mark, shape("title", {}, title)));
    }
  });
  return [key(plan.nets), svg];
}

interface Place {
  x(rate: number): number;
  y(accuracy: number): number;
  lines: number[];
}

// Rates have a logarithmic axis, and accuracies that of the curves, as far as they reach.
function placing({ rates }: Plan, ended: readonly SweepResult[], width: number): Place {
  const logs = rates.map(Math.log10);
  const [first, last] = [Math.min(...logs) - 0.15, Math.max(...logs) + 0.15];
  const all = ended.map(({ accuracy }) => accuracy);
  const [lowest, highest] = [Math.min(...all), Math.max(...all)];
  const known = accuracyScale.lines(0, 1);
  const bottom = known.findLast((line) => line < lowest) ?? 0;
  const top = accuracyScale.range(lowest, highest)[1];
  const [from, to] = [bottom, top].map((each) => accuracyScale.toAxis(each)) as [number, number];
  const [across, up] = [width - edge.left - edge.right, height - edge.top - edge.bottom];
  const round = (value: number) => Math.round(10 * value) / 10;
  return {
    x: (rate) => round(edge.left + (across * (Math.log10(rate) - first)) / (last - first)),
    y: (accuracy) =>
      round(edge.top + up * (1 - (accuracyScale.toAxis(accuracy) - from) / (to - from))),
    lines: accuracyScale.lines(bottom, top),
  };
}

function* axes({ rates }: Plan, place: Place, width: number): Generator<Node> {
  for (const line of place.lines) {
    const y = place.y(line);
    yield shape("path", { d: `M${edge.left} ${y}H${width - edge.right}`, class: "grid" });
    yield text(edge.left - 6, y + 4, "up", accuracyScale.writeLine(line));
  }
  // A rate whose number has no room beside the one before goes without.
  let free = 0;
  for (const rate of rates.toSorted((a, b) => a - b)) {
    const [x, name] = [place.x(rate), String(rate)];
    const room = 3.6 * name.length;
    if (x - room < free) continue;
    free = x + room + 6;
    yield text(x, height - edge.bottom + 18, "across", name);
  }
  yield text((edge.left + width - edge.right) / 2, height - 5, "across", "learning rate");
}

function key(nets: readonly string[]): HTMLElement {
  const entries = nets.map((net, i) => {
    const box = { viewBox: "-7 -7 14 14", class: "sample", "aria-hidden": "true" };
    const mark = shape("path", { d: shapeOf(i), class: `mark n${i % shapes.length}` });
    return make("span", {}, shape("svg", box, mark), net);
  });
  return make("p", { className: "key" }, ...entries);
}

function spoken(plan: Plan, ended: readonly SweepResult[]): string {
  const means = rowsOf(plan, ended).map(
    ({ net, rate, accuracy }) => `${net} at ${rate} ${format.percent(accuracy.mean)}`,
  );
  const { mean } = spread(ended.map(({ accuracy }) => accuracy));
  return `Validation accuracy by learning rate, ${format.percent(mean)} in the mean: ${means.join("; ")}. The table has the numbers.`;
}
