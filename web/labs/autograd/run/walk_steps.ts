// The steps through a graph, and what is known after each of them.
import type { Graph } from "../engine/graph";

export type Step =
  | { kind: "leaves" }
  | { kind: "forward"; node: number }
  | { kind: "seed" }
  | { kind: "backward"; node: number };

/**
 * The steps: forward operation by operation, then the gradient 1 of the result, then backward
 * operation by operation.
 */
export function stepsOf({ nodes, backward }: Graph): Step[] {
  const ops = nodes.flatMap(({ op }, node) => (op === "" ? [] : [node]));
  return [
    { kind: "leaves" },
    ...ops.map((node): Step => ({ kind: "forward", node })),
    { kind: "seed" },
    ...backward.map((node): Step => ({ kind: "backward", node })),
  ];
}

/** What is known after the first `count` + 1 steps. */
export interface Known {
  // Whether the value of each node is known.
  values: boolean[];
  // The gradients as far as they have been added up.
  gradients: (Float32Array | null)[];
  // Whether nothing more is added to the gradient of each node.
  complete: boolean[];
  passed: Set<string>; // edges that a gradient has gone through, "to>from"
}

export function known(graph: Graph, steps: readonly Step[], count: number): Known {
  const { nodes } = graph;
  const values = nodes.map(({ op }) => op === "");
  const gradients = nodes.map((): Float32Array | null => null);
  const pending = nodes.map(() => 0);
  for (const { parts } of nodes) for (const { source } of parts) pending[source]!++;
  const passed = new Set<string>();
  for (const step of steps.slice(0, count + 1)) {
    if (step.kind === "forward") values[step.node] = true;
    if (step.kind === "seed") gradients[nodes.length - 1] = nodes.at(-1)!.grad;
    if (step.kind !== "backward") continue;
    for (const { source, after } of nodes[step.node]!.parts) {
      gradients[source] = after;
      pending[source]!--;
      passed.add(`${step.node}>${source}`);
    }
  }
  // A complete gradient is the one that the engine itself has stored.
  const complete = gradients.map((gradient, i) => gradient !== null && pending[i] === 0);
  complete.forEach((whole, i) => {
    if (whole) gradients[i] = nodes[i]!.grad;
  });
  return { values, gradients, complete, passed };
}
