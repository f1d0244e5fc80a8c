// Curves of earlier runs, kept to compare with: thinner and paler than those of the run under way, and at their
// ends the letter of their run.
import type uPlot from "uplot";
import type { ChartPoints } from "./chart";

export interface KeptCurves {
  name: string; // "A"
  points: ChartPoints;
}

const curves = [
  { curve: "training", color: "--train", dash: [] },
  { curve: "validation", color: "--validation", dash: [2, 4] },
  { curve: "test", color: "--test", dash: [7, 5] },
] as const;

type KeptCurve = (typeof curves)[number]["curve"];

// x and y of one curve; of training the running mean.
export function line({ training, ended }: ChartPoints, curve: KeptCurve): [number[], number[]] {
  if (curve === "training") return [training.x, training.smooth];
  return [ended[curve].x, ended[curve].y];
}

// The value at a place, or before it; the last one without a place; NaN where there is none.
export function valueAt(points: ChartPoints, curve: KeptCurve, place?: number): number {
  const [x, y] = line(points, curve);
  return y[place === undefined ? x.length - 1 : x.findLastIndex((each) => each <= place)] ?? NaN;
}

// How far the runs reach along the axis, and up and down it.
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

export function drawKept(
  plot: uPlot,
  runs: readonly KeptCurves[],
  color: (name: string) => string,
  scale: number, // canvas pixels per pixel of the design
): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.lineWidth = 1.25 * scale;
  ctx.font = `600 ${12 * scale}px "Source Sans 3", system-ui, sans-serif`;
  ctx.textAlign = "right";
  ctx.textBaseline = "bottom";
  for (const { name, points } of runs) {
    const ends: (readonly [number, number])[] = [];
    for (const { curve, color: named, dash } of curves) {
      const [x, y] = line(points, curve);
      if (x.length === 0) continue;
      ctx.globalAlpha = 0.7;
      ctx.strokeStyle = color(named);
      ctx.setLineDash(dash.map((length) => length * scale));
      ctx.beginPath();
      const places = x.map((each, i) => {
        return [plot.valToPos(each, "x", true), plot.valToPos(y[i]!, "y", true)] as const;
      });
      for (const [left, top] of places) ctx.lineTo(left, top);
      ctx.stroke();
      ends.push(places.at(-1)!);
    }
    // One letter for all of a run's curves, above the uppermost end.
    const [left, top] = ends.reduce((best, end) => (end[1] < best[1] ? end : best), [0, Infinity]);
    ctx.globalAlpha = 1;
    ctx.fillStyle = color("--ink");
    ctx.fillText(name, left - 2 * scale, top - 3 * scale);
  }
  ctx.restore();
}
