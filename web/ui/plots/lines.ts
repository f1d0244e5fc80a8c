// The curves of a run, kept for comparison or current, and their values.
import type { CurvePoints } from "./curves";

export type CurveName = "training" | "validation" | "test";

export interface Lines {
  readonly training: Readonly<Pick<CurvePoints["training"], "x" | "smooth">>;
  readonly ended: CurvePoints["ended"];
}

// The x and y of one curve; for training the line through the points.
export function line({ training, ended }: Lines, curve: CurveName): [number[], number[]] {
  if (curve === "training") return [training.x, training.smooth];
  return [ended[curve].x, ended[curve].y];
}

// The value at a place, or before it; without a place, the last value. NaN where there is none.
export function valueAt(points: Lines, curve: CurveName, place?: number): number {
  const [x, y] = line(points, curve);
  return y[place === undefined ? x.length - 1 : x.findLastIndex((each) => each <= place)] ?? NaN;
}
