// Computes a formula with real Tensors.
import type { Lanegrad, Tensor } from "lanegrad";
import type { GraphNode } from "./graph";
import { readValue, type Expression } from "../language/language";
import { long } from "../language/numbers";
import { unaryNames } from "../../unary";

export interface Question {
  tree: Expression;
  // The values as they were typed.
  values: Record<string, string>;
  // The names of values that need no gradient.
  fixed: readonly string[];
}

// How the engine computes a tensor from others.
export type Apply = (of: Tensor[]) => Tensor;

export interface Made {
  tensor: Tensor;
  // The text of that part of the formula.
  text: string;
  kind: GraphNode["kind"];
  apply?: Apply;
}

function operations(lg: Lanegrad): Record<string, Apply> {
  const two = (name: "add" | "sub" | "mul" | "div" | "pow" | "maximum"): Apply => {
    return ([a, b]) => lg[name](a!, b!);
  };
  return {
    add: two("add"),
    sub: two("sub"),
    mul: two("mul"),
    div: two("div"),
    pow: two("pow"),
    max: two("maximum"),
    matmul([a, b]) {
      const [[rows = 0, inner = 0], [height = 0, columns = 0]] = [a!.shape, b!.shape];
      if (inner > 0 && inner === height) return lg.matmul(a!, b!);
      const size = (m: number, n: number) => (m > 0 ? `a matrix of ${m} × ${n}` : "a number");
      throw new Error(
        `matmul: it gets ${size(rows, inner)} and ${size(height, columns)}, expected two matrices, ` +
          "like 1, 2; 3, 4, of which the second has as many rows as the first has columns",
      );
    },
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
export function forward(lg: Lanegrad, question: Question, made: Made[]): Tensor {
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
