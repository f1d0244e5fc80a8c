// The lab's engine: computes a formula with real Tensors, reads the graph that they record, goes
// backward, and sends plain numbers.
import { load, type Lanegrad, type Tensor } from "lanegrad";
import { serve } from "../../../run/remote";
import type { Around, Difference, Graph, GraphNode, Part } from "./graph";
import { readValue, type Expression } from "../formula/language";
import { long } from "../formula/numbers";
import { unaryNames } from "../../unary";

export interface Question {
  tree: Expression;
  // The values as they were typed.
  values: Record<string, string>;
  // The names of values that need no gradient.
  fixed: readonly string[];
}

// How the engine computes a tensor from others.
type Apply = (of: Tensor[]) => Tensor;

interface Made {
  tensor: Tensor;
  // The text of that part of the formula.
  text: string;
  kind: GraphNode["kind"];
  apply?: Apply;
}

const engine = load();
// Whoever asks gets the error.
engine.catch(() => {});

// ---- Forward ----------------------------------------------------------------

function operations(lg: Lanegrad): Record<string, Apply> {
  const two = (name: "add" | "sub" | "mul" | "div" | "pow" | "maximum" | "matmul"): Apply => {
    return ([a, b]) => lg[name](a!, b!);
  };
  return {
    add: two("add"),
    sub: two("sub"),
    mul: two("mul"),
    div: two("div"),
    pow: two("pow"),
    max: two("maximum"),
    matmul: two("matmul"),
    ...Object.fromEntries(unaryNames.map((name) => [name, ([a]: Tensor[]) => lg[name](a!)])),
    leaky_relu: ([a]) => a!.leakyRelu(),
    softmax: ([a]) => a!.softmax(),
    log_softmax: ([a]) => a!.logSoftmax(),
    sum: ([a]) => a!.sum(),
    mean: ([a]) => a!.mean(),
    mse: ([a, b]) => new lg.MSE().forward(a!, b!),
  };
}

// Computes the result's tensor; `made` collects every tensor on the way to it.
function forward(lg: Lanegrad, question: Question, made: Made[]): Tensor {
  const { values, fixed } = question;
  const known = new Map<string, Tensor>();
  const apply = operations(lg);
  const leaf = (name: string, kind: GraphNode["kind"], tensor: Tensor) => {
    made.push({ tensor, text: name, kind });
    return tensor;
  };
  const visit = (part: Expression): Tensor => {
    if (part.kind === "number") {
      return leaf(long(part.value), "number", lg.tensor(part.value));
    }
    if (part.kind === "name") {
      const { name } = part;
      const old = known.get(name);
      if (old) return old;
      const value = readValue(name, values[name] ?? "");
      const requiresGrad = !fixed.includes(name);
      const tensor = leaf(name, "value", lg.tensor(value.values, value.shape, { requiresGrad }));
      known.set(name, tensor);
      return tensor;
    }
    let how = apply[part.name]!;
    let from = part.of;
    if (part.name === "cross_entropy") {
      // The right class is no tensor, since it cannot be moved a little.
      const [logits, label] = part.of;
      if (label!.kind !== "number") {
        throw new Error("cross_entropy: its right class is a formula, expected a number like 0");
      }
      const right = label!.value;
      from = [logits!];
      how = ([z]) => new lg.SoftmaxCrossEntropy().forward(z!, [right]);
    }
    const tensor = how(from.map(visit));
    made.push({ tensor, text: write(part), kind: "op", apply: how });
    return tensor;
  };
  return visit(question.tree);
}

const signs: Record<string, string> = { add: " + ", sub: " − ", mul: "·", div: " / ", pow: "^" };

const isSigned = (part: Expression) =>
  part.kind === "call" && (part.name === "neg" || part.name in signs);

// A part of the formula as text, for what the engine has not kept.
function write(part: Expression): string {
  if (part.kind === "number") return long(part.value);
  if (part.kind === "name") return part.name;
  const of = part.of.map(write);
  const sign = signs[part.name];
  if (sign) {
    const inner = part.of.map((each, i) =>
      isSigned(each) && part.name !== "add" ? `(${of[i]})` : of[i],
    );
    return inner.join(sign);
  }
  if (part.name !== "neg") return `${part.name}(${of.join(", ")})`;
  return isSigned(part.of[0]!) ? `−(${of[0]})` : `−${of[0]}`;
}

// ---- The graph --------------------------------------------------------------

// All tensors that the result was computed from, sources first, as the tensors themselves have
// recorded them.
function walk(result: Tensor): { tensors: Tensor[]; sources: number[][] } {
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

function graphOf(lg: Lanegrad, question: Question): Graph {
  const made: Made[] = [];
  const result = forward(lg, question, made);
  if (result.gradFn === "") {
    throw new Error(
      "f: nothing in it requires a gradient, so the engine keeps no graph; expected at least one value that requires a gradient",
    );
  }
  result.backward();
  const { tensors, sources } = walk(result);
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

// ---- Numerically ------------------------------------------------------------

// The distance for central differences. They err by about h² and by the rounding of f over h; the
// sum of both is smallest near the third root of 2⁻²⁴, since a float32 has 24 bits. A power of two
// makes value ± h round least.
const h = 2 ** -8;
const rounding = 2 ** -24;

const powerBelow = (value: number) => 2 ** Math.floor(Math.log2(Math.abs(value)));

function differencesOf(lg: Lanegrad, question: Question): Difference[] {
  const names = Object.keys(question.values).filter((name) => !question.fixed.includes(name));
  const made: Made[] = [];
  const result = forward(lg, question, made);
  result.backward();
  const at = result.item();
  const largest = made.reduce(
    (most, { tensor }) => tensor.data.reduce((all, value) => Math.max(all, Math.abs(value)), most),
    0,
  );
  const measured = (name: string, values: ArrayLike<number>) =>
    lg.scope(() => {
      const text = Array.from(values).join(" ");
      const { shape } = readValue(name, question.values[name]!);
      const rows = shape.length === 0 ? text : inRows(values, shape[1]!);
      const changed = { ...question, values: { ...question.values, [name]: rows } };
      return lg.noGrad(() => forward(lg, changed, []).item());
    });
  return names.flatMap((name) => {
    const leaf = made.find(({ kind, text }) => kind === "value" && text === name)?.tensor;
    const gradients = leaf?.grad?.data;
    if (!leaf || !gradients) return [];
    const { data, shape } = leaf;
    return Array.from(data, (value, index): Difference => {
      const around = (width: number): Around => {
        const [low, high] = [Math.fround(value - width), Math.fround(value + width)];
        const f = (place: number) => {
          const values = data.map((each, i) => (i === index ? place : each));
          return Number.isFinite(place) ? measured(name, values) : NaN;
        };
        const [below, above] = [f(low), f(high)];
        const step = high - low;
        return {
          below,
          above,
          step,
          numeric: (above - below) / step,
          left: (at - below) / (value - low),
          right: (above - at) / (high - value),
          noise: (4 * rounding * largest) / step,
        };
      };
      const width = h * Math.max(1, powerBelow(value));
      const wide = around(width);
      const closer = around(Math.min(width / 8, value === 0 ? width : h * powerBelow(value)));
      const main = Number.isFinite(wide.numeric) ? wide : closer;
      const gradient = gradients[index]!;
      const size = Math.max(Math.abs(main.numeric), Math.abs(gradient));
      const relative = size === 0 ? 0 : Math.abs(main.numeric - gradient) / size;
      return { name, shape, index, at, largest, ...main, closer, gradient, relative };
    });
  });
}

function inRows(values: ArrayLike<number>, columns: number): string {
  const rows: number[][] = [];
  Array.from(values).forEach((value, i) => (rows[Math.floor(i / columns)] ??= []).push(value));
  return rows.map((row) => row.join(", ")).join("; ");
}

const work = {
  graph: async (question: Question) => {
    const lg = await engine;
    return lg.scope(() => graphOf(lg, question));
  },
  differences: async (question: Question) => {
    const lg = await engine;
    return lg.scope(() => differencesOf(lg, question));
  },
};
export type Work = typeof work;

serve(work);
