// The buttons that give the visitor plots as pictures, and what they show as tables.
import { part } from "../../../ui/dom";
import { downloadPlot } from "../../../ui/download";
import type { FunctionsRun } from "../run/functions_run";
import { saveCurve, saveLandscape, saveLosses, savePlane, savePoints, saveWeights } from "./tables";

export function mount(place: HTMLElement, run: FunctionsRun): void {
  const picture = (plot: string, file: string) => () =>
    run.watch(downloadPlot(file, part(place, `${plot}-plot`).querySelector("canvas")!));
  const saves: Record<string, () => void> = {
    "curve-png": picture("curve", "curve.png"),
    "answer-png": picture("answer", "surface.png"),
    "classes-png": picture("classes", "decision.png"),
    "loss-png": picture("loss", "loss.png"),
    "landscape-png": picture("landscape", "landscape.png"),
    "curve-csv": () => run.info && run.snapshot && saveCurve(run.info, run.snapshot),
    "answer-csv": () => run.info && run.snapshot && savePlane(run.info, run.snapshot),
    "samples-csv": () => run.info && savePoints("points.csv", run.info.points, run.info),
    "held-csv": () =>
      run.info?.heldPoints && savePoints("held_out.csv", run.info.heldPoints, run.info),
    "loss-csv": () => run.snapshot && saveLosses(run.snapshot),
    "landscape-csv": () => run.slice && saveLandscape(run.slice),
    "weights-csv": () => run.watch(run.experiment.remote.weights().then(saveWeights)),
  };
  for (const button of place.querySelectorAll<HTMLElement>("[data-save]")) {
    button.addEventListener("click", saves[button.dataset["save"]!]!);
  }
}
