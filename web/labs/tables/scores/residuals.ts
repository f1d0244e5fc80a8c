// How far the net's answers are off: the held-out rows by true minus predicted, as bars.
import { type Plane, write } from "../../../ui/plots/plane";
import type { TablesRun } from "../run/tables_run";

const bins = 31;

export function drawResiduals(plane: Plane, run: TablesRun): void {
  const { made, judged } = run.session;
  if (!made || made.truth.isClasses) return;
  if (!judged) {
    plane.canvas.ariaLabel = "Residuals: nothing is learned yet.";
    return plane.note("nothing is learned yet");
  }
  const { values } = made.truth;
  const residuals = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) residuals[i] = values[i]! - judged.answers[i]!;
  residuals.sort();
  const most = Math.max(-residuals[0]!, residuals.at(-1)!) || 1;
  const counts = new Float64Array(bins);
  for (const each of residuals) {
    counts[Math.min(bins - 1, Math.floor(((each / most + 1) / 2) * bins))]!++;
  }
  const edges = Array.from({ length: bins + 1 }, (_, i) => ((2 * i) / bins - 1) * most);
  const highest = counts.reduce((most, count) => Math.max(most, count), 1);
  plane.setAxes({
    x: [-most, most],
    y: [0, 1.08 * highest],
    xName: `true minus predicted ${made.prepared.target.name}`,
    yName: "rows",
  });
  plane.frame();
  plane.bars(edges, counts, "--validation");
  plane.line([0, 0], [0, 1.08 * highest], { color: "--muted", width: 1, dash: [5, 5] });
  const at = (share: number) => write(residuals[Math.round(share * (values.length - 1))]!, 3);
  plane.canvas.ariaLabel = `Residuals of ${values.length} held-out rows: half of them from ${at(0.25)} to ${at(0.75)}, the outermost ${at(0)} and ${at(1)}.`;
}
