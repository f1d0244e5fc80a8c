// The graph: its picture, its numbers as a table, and files of both.
import { part } from "../../../ui/dom";
import type { FormulaRun } from "../run/formula_run";
import { Drawing } from "./drawing";
import { saveGradients, savePicture, savePixels } from "./graph_files";
import { fillTable } from "./graph_table";

export function mount(place: HTMLElement, run: FormulaRun): void {
  const drawing = new Drawing({
    region: part(place, "graph"),
    onChoose(node) {
      const { op, name, kind } = run.graph!.nodes[node]!;
      if (kind === "value") run.emit("chosen", name);
      if (op === "") return;
      // The way back is shown from its first step on; before that, the way forward.
      const now = run.steps[run.at]!.kind;
      const wanted = now === "backward" || now === "seed" ? "backward" : "forward";
      run.go(run.steps.findIndex((step) => step.kind === wanted && step.node === node));
    },
  });
  part(place, "csv").addEventListener("click", () => run.graph && saveGradients(run.graph));
  part(place, "svg").addEventListener("click", () => savePicture(drawing.svg));
  part(place, "png").addEventListener("click", () => void savePixels(drawing.svg));

  run.on("walk", ({ graph, steps, at }) => {
    drawing.show(graph, steps, at);
    fillTable(part(place, "numbers"), graph, steps, at);
  });
  run.on("complaint", ({ name, sentence }) => {
    if (name === undefined) part(place, "figure").classList.toggle("stale", sentence !== "");
  });
}
