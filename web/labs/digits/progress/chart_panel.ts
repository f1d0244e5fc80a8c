// One learning curve: the loss or the accuracy, with the buttons that save it.
import { lazy } from "../../../ui/lazy";
import { part } from "../../../ui/dom";
import { curvesRest, Paced, Sight } from "../../../ui/pace";
import type { Panel } from "../../../ui/panel";
import { Chart } from "../../../ui/plots/chart";
import { retriable } from "../../../ui/problems";
import { accuracyScale, lossScale } from "../../../ui/plots/scales";
import type { DigitsRun } from "../run/digits_run";
import { drawnOf, plannedEpochs } from "../run/run_record";
import { save } from "./saving";

const loadDifferences = lazy(() => import("../settings/differences"), "summary");

const quantities = {
  loss: { scale: lossScale, index: 0 },
  accuracy: { scale: accuracyScale, index: 1 },
} as const;

export const mountLoss = (place: HTMLElement, run: DigitsRun) => mount(place, run, "loss");
export const mountAccuracy = (place: HTMLElement, run: DigitsRun) => mount(place, run, "accuracy");

function mount(place: HTMLElement, run: DigitsRun, name: keyof typeof quantities): Panel {
  const { history } = run;
  const { scale, index } = quantities[name];
  const chart = new Chart(place, scale, history[name]);

  // Less often where the visitor wants less motion.
  const lessMotion = matchMedia("(prefers-reduced-motion: reduce)");
  const drawing = new Paced(
    () => (lessMotion.matches ? 500 : curvesRest),
    () => {
      chart.draw();
      if (run.status !== "training") chart.flush();
    },
  );
  const sight = new Sight(place, () => drawing.renew());
  // While it trains out of sight, only the values change; the curves are drawn once the figure is in sight.
  const drawSoon = () => {
    chart.setEpochs(plannedEpochs(run));
    chart.setBest(history.restored?.epoch);
    if (sight.seen || run.status !== "training") drawing.renew();
    else chart.renewValues();
  };
  // What comes while it rests is shown at once: it is the last, as the message that says it is paused.
  const drawLast = () => {
    drawSoon();
    if (run.status !== "training") drawing.flush();
  };

  run.onAny(["status", "progress"], drawLast);
  run.onAny(["settings", "best"], drawSoon);
  run.on("net", () => {
    chart.mark(undefined);
    drawSoon();
  });
  run.on("marked", (step) => {
    chart.mark(step === undefined ? step : { at: step / history.batchesPerEpoch, step });
    drawSoon();
  });
  run.on("compared", (runs) => {
    const curves = drawnOf(runs, index);
    const show = () =>
      void chart.setKept(curves).catch((error: unknown) => run.show(retriable(error, show)));
    show();
  });

  part(place, "save-picture").addEventListener("click", () => {
    void save(run, async ({ downloadCanvas }) => {
      const { summary } = await loadDifferences();
      const picture = await chart.picture(summary(run.trainedWith.settings));
      await downloadCanvas(`lanegrad-${name}.png`, picture);
    });
  });
  part(place, "save-csv").addEventListener("click", () => {
    void save(run, ({ downloadTable }) => downloadTable(`lanegrad-${name}.csv`, chart.table()));
  });
  drawSoon();
  return { shown: () => chart.draw() };
}
