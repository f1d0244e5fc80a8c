// The functions that f may use, and the values of f. The page checks the text; the worker samples
// it.
import { compact } from "../ui/format";
import { parse, type Expression } from "./expression";

const known: Record<string, (...of: number[]) => number> = {
  add: (a, b) => a! + b!,
  sub: (a, b) => a! - b!,
  mul: (a, b) => a! * b!,
  div: (a, b) => a! / b!,
  pow: (a, b) => a! ** b!,
  neg: (a) => -a!,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  abs: Math.abs,
  tanh: Math.tanh,
  sigmoid: (a) => 1 / (1 + Math.exp(-a!)),
  relu: (a) => Math.max(a!, 0),
  sign: Math.sign,
  floor: Math.floor,
  min: Math.min,
  max: Math.max,
};
const binary = ["min", "max"];
const operators = ["add", "sub", "mul", "div", "pow", "neg"];
const functions = Object.fromEntries(
  Object.keys(known)
    .filter((name) => !operators.includes(name))
    .map((name) => [name, binary.includes(name) ? 2 : 1]),
);

// Reads the formula; throws an Error with one sentence. `names` are x, or x and y.
export function readFormula(text: string, names: readonly string[]): Expression {
  return parse(text, { what: "f", names, functions });
}

// The tree as a function of the names, in their order.
export function compile(tree: Expression, names: readonly string[]): (...at: number[]) => number {
  switch (tree.kind) {
    case "number": {
      const { value } = tree;
      return () => value;
    }
    case "name": {
      const place = names.indexOf(tree.name);
      return (...at) => at[place]!;
    }
    case "call": {
      const f = known[tree.name]!;
      const [first, second] = tree.of.map((part) => compile(part, names));
      return second ? (...at) => f(first!(...at), second(...at)) : (...at) => f(first!(...at));
    }
  }
}

/** The sentence on why f is no number at a place. */
export function whyNot(tree: Expression, names: readonly string[], at: readonly number[]): string {
  const place = names.map((name, i) => `${name} = ${compact(at[i]!)}`).join(", ");
  const { name, of } = culprit(tree, names, at) ?? { name: "", of: [] };
  const [a = NaN, b = NaN] = of;
  const gets = `and gets ${compact(a)}`;
  const why =
    name === "log" && a <= 0
      ? `log needs a number above 0, ${gets}`
      : name === "sqrt" && a < 0
        ? `sqrt needs a number of at least 0, ${gets}`
        : name === "div" && b === 0
          ? "it divides by 0"
          : name === "pow" && a < 0
            ? `a number below 0 has no power ${compact(b)}, and ${compact(a)} is one`
            : name === "pow" && a === 0
              ? `0 has no power ${compact(b)}`
              : "it is larger than any number here, which reach 3.4·10³⁸";
  return `f: it has no value at ${place}: ${why}.`;
}

// The innermost part that is no number although its arguments are numbers.
function culprit(
  part: Expression,
  names: readonly string[],
  at: readonly number[],
): { name: string; of: number[] } | undefined {
  if (part.kind !== "call") return undefined;
  for (const inner of part.of) {
    const found = culprit(inner, names, at);
    if (found) return found;
  }
  const of = part.of.map((inner) => compile(inner, names)(...at));
  return Number.isFinite(Math.fround(known[part.name]!(...of)))
    ? undefined
    : { name: part.name, of };
}
