// The functions that the lab knows in f, and f's values: the page checks the text, the worker samples it.
import { parse, type Expression } from "../expression";

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

// Throws an Error with one sentence. `names`: x, or x and y.
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
