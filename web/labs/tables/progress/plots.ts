// The curves of the loss and of the accuracy, and answers against what is true.
import { lazy } from "../../../ui/lazy";
import { part } from "../../../ui/dom";
import { curvesRest, Paced, Sight } from "../../../ui/pace";
import type { TablesRun } from "../run/tables_run";
import { Plane } from "../../../ui/plots/plane";
import { CurvePlot } from "./curve_plot";
import { drawScatter } from "./scatter";

const loadDownload = lazy(() => import("../../../ui/download"), "downloadTable");

export function mount(place: HTMLElement, run: TablesRun): void {
  const { session } = run;
  const curves = (["loss", "accuracy"] as const).map((name) => {
    const figure = part(place, name);
    const plot = new CurvePlot(figure, run, name);
    part(figure, "save-picture").addEventListener("click", () => {
      const save = loadDownload().then(({ downloadPlot }) =>
        downloadPlot(`lanegrad-${name}.png`, plot.plane.canvas),
      );
      run.watch(save);
    });
    part(figure, "save-csv").addEventListener("click", () => {
      const save = loadDownload().then(({ downloadTable }) =>
        downloadTable(`lanegrad-${name}.csv`, plot.table()),
      );
      run.watch(save);
    });
    return plot;
  });
  const scatter = new Plane(part(place, "tb-scatter"), (plane) => drawScatter(plane, run));

  // Less often where the visitor wants less motion.
  const lessMotion = matchMedia("(prefers-reduced-motion: reduce)");
  const drawing = new Paced(
    () => (lessMotion.matches ? 500 : curvesRest),
    () => {
      for (const plot of curves) plot.show();
      scatter.redraw();
    },
  );
  const sight = new Sight(place, () => drawing.renew());
  run.onAny(["settings", "made", "progress", "judged", "status"], () => {
    if (sight.seen || session.status !== "training") drawing.renew();
    if (session.status !== "training") drawing.flush();
  });
}
