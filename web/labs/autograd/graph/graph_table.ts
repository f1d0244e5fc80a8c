// All numbers of the graph as a table, for people who cannot see the picture and people who copy
// them.
import { table } from "../../../ui/dom";
import type { Graph } from "../engine/graph";
import { inline, labels } from "../language/numbers";
import { known, type Step } from "../run/walk_steps";

export function fillTable(
  place: HTMLElement,
  graph: Graph,
  steps: readonly Step[],
  at: number,
): void {
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
