// What the net says of the held-out rows against what is true: a dot a row, on the diagonal where both are the same.
import { type Plane, write } from "../../../ui/plots/plane";
import type { TablesRun } from "../run/tables_run";

// More dots than this would only be a blot.
const mostDots = 1500;

export function drawScatter(plane: Plane, run: TablesRun): void {
  const { made, judged } = run.session;
  if (!made || made.truth.isClasses) return;
  const { truth, prepared } = made;
  const { name } = prepared.target;
  const range = around(truth.values);
  plane.setAxes({ x: range, y: range, xName: `true ${name}`, yName: "predicted" });
  plane.frame();
  plane.line(range, range, { color: "--muted", width: 1, dash: [5, 5] });
  const canvas = plane.canvas;
  if (!judged) {
    canvas.ariaLabel = "Predicted against true: nothing is learned yet.";
    return;
  }
  const every = Math.ceil(truth.values.length / mostDots);
  const count = Math.ceil(truth.values.length / every);
  const thinned = (all: ArrayLike<number>) =>
    Array.from({ length: count }, (_, i) => all[i * every]!);
  plane.dots(thinned(truth.values), thinned(judged.answers), {
    color: "--validation",
    shape: "circle",
    size: truth.values.length > 300 ? 2.5 : 3.5,
  });
  canvas.ariaLabel = `Predicted against true ${name} of ${truth.values.length} held-out rows: R² ${write(judged.r2, 3)}, mean absolute error ${write(judged.error, 3)}.`;
}

// From the least to the greatest value, with a margin.
function around(values: ArrayLike<number>): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i]!);
    high = Math.max(high, values[i]!);
  }
  const room = 0.08 * (high - low) || 1;
  return [low - room, high + room];
}
