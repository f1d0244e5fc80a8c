// Draws curves of earlier runs, kept for comparison: thinner and paler than those of the current run, with the letter of
// their run. It is loaded when there are some.
import type uPlot from "uplot";
import { judgeOf, type CurvePoints } from "./curves";
import { line } from "./lines";

export interface KeptCurves {
  name: string; // "A"
  points: CurvePoints;
  // The epoch whose weights are back; undefined where the weights are the latest.
  best: number | undefined;
}

const curves = [
  { curve: "training", color: "--train", dash: [] },
  { curve: "validation", color: "--validation", dash: [2, 4] },
  { curve: "test", color: "--test", dash: [7, 5] },
] as const;

// How far the runs reach along the axis, and up and down.
export function extent(runs: readonly KeptCurves[]) {
  const ends = runs.flatMap(({ points }) =>
    curves.map(({ curve }) => line(points, curve)[0].at(-1) ?? 0),
  );
  return {
    epochs: Math.max(0, ...ends),
    lowest: Math.min(...runs.map(({ points }) => points.lowest)),
    highest: Math.max(...runs.map(({ points }) => points.highest)),
  };
}

// The point of a curve that is drawn after another one. Not all of many points are, since many runs
// may be drawn as often as the current one; the last one always is.
const mostDrawn = 300;
function next(i: number, count: number): number {
  const stride = Math.ceil(count / mostDrawn);
  return i < count - 1 ? Math.min(i + stride, count - 1) : count;
}

export function drawKept(
  plot: uPlot,
  runs: readonly KeptCurves[],
  color: (name: string) => string,
  // The canvas pixels per pixel of the design.
  scale: number,
): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.lineWidth = 1.25 * scale;
  for (const { points } of runs) {
    for (const { curve, color: named, dash } of curves) {
      const [x, y] = line(points, curve);
      if (x.length === 0) continue;
      ctx.globalAlpha = 0.7;
      ctx.strokeStyle = color(named);
      ctx.setLineDash(dash.map((length) => length * scale));
      ctx.beginPath();
      for (let i = 0; i < x.length; i = next(i, x.length))
        ctx.lineTo(plot.valToPos(x[i]!, "x", true), plot.valToPos(y[i]!, "y", true));
      ctx.stroke();
    }
  }
  ctx.restore();
}

// Draws the letter of each run on its line of training, or what it was judged by where there is
// none, above all curves.
export function drawLetters(
  plot: uPlot,
  runs: readonly KeptCurves[],
  color: (name: string) => string,
  scale: number,
): void {
  const { ctx } = plot;
  ctx.save();
  ctx.font = `600 ${12 * scale}px "Source Sans 3", system-ui, sans-serif`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  runs.forEach(({ points }, i) => {
    const [x, y] = line(points, points.training.x.length > 0 ? "training" : judgeOf(points));
    if (x.length === 0) return;
    // Letters stand one after the other where runs lie on top of each other.
    const share = 0.85 - i * Math.min(0.15, 0.8 / runs.length);
    const near = Math.max(
      0,
      x.findLastIndex((each) => each <= share * x.at(-1)!),
    );
    const at = near - (near % Math.ceil(x.length / mostDrawn));
    const left = plot.valToPos(x[at]!, "x", true);
    const top = plot.valToPos(y[at]!, "y", true);
    ctx.fillStyle = color("--paper");
    ctx.beginPath();
    ctx.arc(left, top, 8 * scale, 0, 2 * Math.PI);
    ctx.fill();
    ctx.fillStyle = color("--ink");
    ctx.fillText(runs[i]!.name, left, top);
  });
  ctx.restore();
}
