// A figure of curves in a sentence, for screen readers: where the curves have come to.
import { counted } from "../format";
import { judgeOf, type Curves, type Judge } from "./curves";
import type { KeptCurves } from "./kept";
import { valueAt, type Lines } from "./lines";
import type { ChartOptions } from "./scales";

export function sentenceOf(
  { name, write }: ChartOptions,
  curves: Curves,
  epochs: number,
  best: number | undefined,
  kept: readonly KeptCurves[],
): string {
  const said = (points: Lines, judge: Judge, best: number | undefined) => {
    const judged = valueAt(points, judge, best);
    const rest = Number.isFinite(judged) ? `, ${judge} ${write(judged)}` : "";
    return `training ${write(valueAt(points, "training", best))}${rest}`;
  };
  const own = Number.isFinite(curves.training.latest)
    ? `${name} over ${counted(epochs, "epoch")}: ${said(curves, curves.judge, best)}`
    : `${name}: no training yet`;
  const beside = kept.map(
    ({ name, points, best }) => `; kept run ${name}: ${said(points, judgeOf(points), best)}`,
  );
  return `${own}${beside.join("")}.`;
}
