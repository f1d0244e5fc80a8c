// The accuracies of a class: a dot for each result along one axis, stacked where they are close, with
// the median.
import * as format from "../../../ui/format";
import { accuracyScale } from "../../../ui/plots/scales";
import { shape, text } from "../../../ui/svg";
import type { BoardResult } from "./results";

const edge = { left: 22, right: 22, top: 12, bottom: 38 };
const size = 11;

/** The middle value; of an even number, the mean of both in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** The figure, `width` pixels wide; undefined without results. */
export function dotPlot(results: readonly BoardResult[], width: number): SVGElement | undefined {
  if (results.length === 0) return undefined;
  const all = results.map(({ accuracy }) => accuracy);
  const known = accuracyScale.lines(0, 1);
  const bottom = known.findLast((line) => line < Math.min(...all)) ?? 0;
  const top = accuracyScale.range(bottom, Math.max(...all))[1];
  const [from, to] = [bottom, top].map((each) => accuracyScale.toAxis(each)) as [number, number];
  const across = width - edge.left - edge.right;
  const x = (accuracy: number) =>
    Math.round(edge.left + (across * (accuracyScale.toAxis(accuracy) - from)) / (to - from));

  const columns = new Map<number, number>();
  const places = results
    .toSorted((a, b) => a.accuracy - b.accuracy)
    .map((result) => {
      const column = Math.round(x(result.accuracy) / size);
      const height = columns.get(column) ?? 0;
      columns.set(column, height + 1);
      return { result, left: column * size, height };
    });
  const tallest = Math.max(6, ...columns.values());
  const floor = edge.top + tallest * size;
  const height = floor + edge.bottom;
  const middle = median(all);
  const svg = shape("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img" });
  const said = `${format.counted(results.length, "result")}, from ${format.percent(Math.min(...all))} to ${format.percent(Math.max(...all))}, with a median of ${format.percent(middle)}. The table has the numbers.`;
  svg.setAttribute("aria-label", said);
  svg.append(shape("path", { d: `M${edge.left} ${floor}H${width - edge.right}`, class: "grid" }));
  for (const line of accuracyScale.lines(bottom, top))
    svg.append(
      shape("path", { d: `M${x(line)} ${edge.top}V${floor}`, class: "grid" }),
      text(x(line), floor + 17, "across", accuracyScale.writeLine(line)),
    );
  const at = x(middle);
  const isMixed = new Set(results.map(({ judge }) => judge)).size > 1;
  const rings = isMixed ? "; rings are of the test" : "";
  svg.append(
    shape("path", { d: `M${at} ${edge.top - 4}V${floor}`, class: "median" }),
    text(
      edge.left + across / 2,
      height - 4,
      "across",
      `accuracy; the line is the median, ${format.percent(middle)}${rings}`,
    ),
  );
  for (const { result, left, height: above } of places) {
    const { name, accuracy, judge } = result;
    const dot = { cx: left, cy: floor - size * (above + 0.5), r: size / 2 - 0.8, class: judge };
    svg.append(shape("circle", dot, shape("title", {}, `${name}: ${format.percent(accuracy)}`)));
  }
  return svg;
}
