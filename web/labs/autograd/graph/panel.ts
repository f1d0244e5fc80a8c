// The graph: its picture, its numbers as a table, and files of both.
import { part, table } from "../../../ui/dom";
import type { Graph } from "../engine/graph";
import { inline, labels } from "../language/numbers";
import type { FormulaRun } from "../run/formula_run";
import { known, type Step } from "../run/walk_steps";
import { Drawing } from "./drawing";
import { saveGradients, savePicture, savePixels } from "./graph_files";

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
  const files = ["csv", "svg", "png"].map((name) => part<HTMLButtonElement>(place, name));
  const [csv, svg, png] = files as [HTMLButtonElement, HTMLButtonElement, HTMLButtonElement];
  csv.addEventListener("click", () => run.graph && saveGradients(run.graph));
  svg.addEventListener("click", () => savePicture(drawing.svg));
  png.addEventListener("click", () => void savePixels(drawing.svg));

  run.on("walk", ({ graph, steps, at }) => {
    drawing.show(graph, steps, at);
    for (const file of files) file.disabled = false; // before, there is no graph
    fillTable(part(place, "numbers"), graph, steps, at);
  });
  run.on("earlier", (formula) => part(place, "figure").classList.toggle("stale", formula !== ""));
}

// All numbers of the graph as a table, for people who cannot see the picture and people who copy
// them.
function fillTable(place: HTMLElement, graph: Graph, steps: readonly Step[], at: number): void {
  const names = labels(graph.nodes);
  const now = known(graph, steps, at);
  const rows = graph.nodes.map(({ op, sources, shape, values, requiresGrad, kind }, i) => {
    const gradient = now.gradients[i];
    const leaf = { value: "a leaf", number: "a number", forgotten: "not remembered", op: "" }[kind];
    return [
      names[i]!,
      op ? `${op} of ${sources.map((source) => names[source]).join(", ")}` : leaf,
      shape.length === 0 ? "[]" : `[${shape.join(", ")}]`,
      now.values[i] ? all(values, shape) : "not yet",
      !requiresGrad ? "none" : gradient ? all(gradient, shape) : "not yet",
    ];
  });
  place.replaceChildren(
    table(["tensor", "made by", "shape", "value", "gradient"], rows, "numbers"),
  );
}

const all = (values: Float32Array, shape: number[]) =>
  values.length <= 6
    ? inline(values, shape)
    : Array.from({ length: shape[0]! }, (_, row) =>
        inline(values.slice(row * shape[1]!, (row + 1) * shape[1]!), [1, shape[1]!]),
      ).join(" ");
