// Reads the graph that Tensors have recorded, and what each operation sends back through it.
import type { Lanegrad, Tensor } from "lanegrad";
import { forward, type Apply, type Made, type Question } from "./forward";
import type { Graph, GraphNode, Part } from "./graph";
import { unaryNames } from "../../unary";

// All tensors that the result was computed from, sources first, as the tensors themselves have
// recorded them.
function recorded(result: Tensor): { tensors: Tensor[]; sources: number[][] } {
  const tensors: Tensor[] = [];
  const sources: number[][] = [];
  const visit = (tensor: Tensor): number => {
    const seen = tensors.findIndex((other) => other.is(tensor));
    if (seen >= 0) return seen;
    const from = tensor.sources.map(visit);
    tensors.push(tensor);
    return sources.push(from) - 1;
  };
  visit(result);
  return { tensors, sources };
}

// The order of the engine's own backward (engine/tensor/backward.cpp): a tensor's turn comes when
// all tensors that were computed from it have sent their part.
function backwardOrder(tensors: Tensor[], sources: number[][]): number[] {
  const needs = tensors.map((tensor) => tensor.requiresGrad);
  const pending = tensors.map(() => 0);
  for (const from of sources) for (const source of from) pending[source]!++;
  const order: number[] = [];
  const ready = [tensors.length - 1];
  while (ready.length > 0) {
    const node = ready.pop()!;
    if (sources[node]!.length === 0) continue;
    order.push(node);
    for (const source of sources[node]!) {
      if (needs[source] && --pending[source]! === 0) ready.push(source);
    }
  }
  return order;
}

// What one operation alone sends to each source for `grad`. It is computed with fresh leaves of the
// same values, one for each operand, so that the two contributions of a·a stay apart.
function alone(lg: Lanegrad, apply: Apply, from: Tensor[], grad: Tensor): (Tensor | null)[] {
  const fresh = from.map((tensor) =>
    lg.tensor(tensor.data, tensor.shape, { requiresGrad: tensor.requiresGrad }),
  );
  apply(fresh).backward(grad);
  return fresh.map((tensor) => tensor.grad);
}

const elementWise = new Set<string>([
  ..."add sub mul div pow maximum leaky_relu".split(" "),
  ...unaryNames,
]);

function locals(lg: Lanegrad, op: string, apply: Apply, from: Tensor[], result: Tensor) {
  if (result.size === 1 && !elementWise.has(op)) {
    return alone(lg, apply, from, lg.ones(result.shape));
  }
  if (!elementWise.has(op)) return from.map(() => null);
  // Numbers that would be broadcast to a matrix are spread beforehand, so that each element has its
  // own derivative.
  const spread = from.map((tensor) => {
    const wide = lg.noGrad(() => lg.add(tensor, lg.zeros(result.shape)));
    wide.requiresGrad = tensor.requiresGrad;
    return wide;
  });
  return alone(lg, apply, spread, lg.ones(result.shape));
}

export function graphOf(lg: Lanegrad, question: Question): Graph {
  const made: Made[] = [];
  const result = forward(lg, question, made);
  if (result.gradFn === "") {
    throw new Error(
      "f: nothing in it requires a gradient, so the engine keeps no graph; expected at least one value that requires a gradient",
    );
  }
  result.backward();
  const { tensors, sources } = recorded(result);
  const backward = backwardOrder(tensors, sources);
  const origin = tensors.map((tensor) => made.find((each) => each.tensor.is(tensor))!);

  const parts = tensors.map((): Part[] => []);
  // The gradients as they are added up.
  const sums = tensors.map((): Tensor | null => null);
  for (const node of backward) {
    const { apply } = origin[node]!;
    const tensor = tensors[node]!;
    const from = sources[node]!.map((source) => tensors[source]!);
    const local = locals(lg, tensor.gradFn, apply!, from, tensor);
    const sent = alone(lg, apply!, from, tensor.grad!);
    sources[node]!.forEach((source, i) => {
      const contribution = sent[i];
      if (!contribution) return;
      const before = sums[source]!;
      const after = before ? lg.noGrad(() => lg.add(before, contribution)) : contribution;
      sums[source] = after;
      parts[node]!.push({
        source,
        local: local[i]?.data ?? null,
        contribution: contribution.data,
        before: before?.data ?? null,
        after: after.data,
      });
    });
  }

  const nodes = tensors.map((tensor, i): GraphNode => {
    const { text, kind } = origin[i]!;
    return {
      op: tensor.gradFn,
      name: tensor.gradFn === "" ? text : "",
      kind: kind === "op" && tensor.gradFn === "" ? "forgotten" : kind,
      shape: tensor.shape,
      values: tensor.data,
      grad: tensor.grad?.data ?? null,
      requiresGrad: tensor.requiresGrad,
      sources: sources[i]!,
      parts: parts[i]!,
    };
  });
  return { nodes, backward };
}
