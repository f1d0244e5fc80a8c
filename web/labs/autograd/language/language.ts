// What a formula of this lab may contain: its functions, the names of its values, and values as
// people type them: a number, or the rows of a matrix such as "1, 2; 3, 4".
import { readNumber } from "../../../settings/field";
import { unaryNames } from "../../unary";
import { parse, wordsOf, type Expression } from "../../expression";

export type { Expression };

export interface Value {
  values: number[];
  // [] for a number, [rows, columns] for a matrix.
  shape: number[];
}

// The functions: name → number of arguments. neg is written as a sign.
export const functions: Readonly<Record<string, number>> = {
  ...Object.fromEntries(unaryNames.filter((name) => name !== "neg").map((name) => [name, 1])),
  leaky_relu: 1,
  max: 2,
  sum: 1,
  mean: 1,
  matmul: 2,
  softmax: 1,
  log_softmax: 1,
  mse: 2,
  cross_entropy: 2,
};

// A name is a letter, or a letter and a digit. "e" is a number and "f" the formula, so they are no
// names.
const oneName = /^(?![ef]$)[A-Za-z]\d?$/;
const mostElements = 64;

/** The formula's tree, and the names in it in the order of the alphabet of their first use. */
export function read(text: string): { tree: Expression; names: string[] } {
  const names = [...new Set(wordsOf(text))].filter((word) => oneName.test(word));
  const tree = parse(text, { what: "f", names: names.length > 0 ? names : ["a"], functions });
  return { tree, names };
}

export function readValue(name: string, text: string): Value {
  const refuse = (): never => {
    throw new Error(
      `${name}: “${text}” is no number and no matrix, expected one like 2 or rows like 1, 2; 3, 4`,
    );
  };
  const rows = text.split(";").map((row) =>
    row.split(/[,\s]+/).flatMap((part, i, parts) => {
      // Spaces around a row are no elements; a comma without a number is one.
      if (part === "" && (i === 0 || i === parts.length - 1) && parts.length > 1) return [];
      const value = Math.fround(readNumber(part));
      return Number.isFinite(value) ? [value] : refuse();
    }),
  );
  const columns = rows[0]!.length;
  if (columns === 0) refuse();
  const short = rows.find((row) => row.length !== columns);
  if (short) {
    throw new Error(
      `${name}: a row of ${short.length} beside rows of ${columns}, expected all of one length`,
    );
  }
  if (rows.length * columns > mostElements) {
    throw new Error(
      `${name}: ${rows.length * columns} numbers, expected at most ${mostElements}, which can be looked at`,
    );
  }
  const isNumber = rows.length === 1 && columns === 1;
  return { values: rows.flat(), shape: isNumber ? [] : [rows.length, columns] };
}

// The first values, until somebody changes them: small, different, of both signs.
const first = ["2", "-3", "4", "1", "-2", "3", "0.5", "-1"];
export const defaultValue = (position: number) => first[position % first.length]!;

export interface Preset {
  title: string;
  formula: string;
  values: Record<string, string>;
  // The names of values that need no gradient.
  fixed: string[];
  about: string;
}

export const presets: readonly Preset[] = [
  {
    title: "A product and a sum",
    formula: "(a*b + c)^2",
    values: { a: "2", b: "-3", c: "10" },
    fixed: [],
    about: "Three numbers, three operations. Which way should each number move to make f larger?",
  },
  {
    title: "Used twice",
    formula: "a*b + a",
    values: { a: "3", b: "4" },
    fixed: [],
    about: "There are two paths from a to the result. What comes back along both is added.",
  },
  {
    title: "One neuron",
    formula: "(sigmoid(w*x + b) - y)^2",
    values: { w: "0.5", x: "2", b: "-0.4", y: "1" },
    fixed: ["x", "y"],
    about:
      "Input times weight, plus bias, through a sigmoid; the loss is the squared distance to the target y. Only w and b can learn.",
  },
  {
    title: "Two rectifiers",
    formula: "relu(a*x) + relu(b*x)",
    values: { a: "1.5", b: "-2", x: "2" },
    fixed: [],
    about:
      "ReLU lets positive numbers through and makes negative ones 0. Where it gives 0, no gradient comes back.",
  },
  {
    title: "A small network",
    formula: "(matmul(tanh(matmul(x, W) + b), V) + c - y)^2",
    values: {
      x: "1, -2",
      W: "0.5, -0.3; 0.2, 0.8",
      b: "0.1, 0.4",
      V: "1.2; -0.7",
      c: "0.1",
      y: "1",
    },
    fixed: ["x", "y"],
    about:
      "Two inputs, two hidden neurons, one output. Each matrix holds a layer’s weights, and is one node.",
  },
  {
    title: "Softmax and cross-entropy",
    formula: "cross_entropy(z, 0)",
    values: { z: "2, 1, -1" },
    fixed: [],
    about:
      "Three scores become three probabilities; the loss is −log of that of the right class, here class 0.",
  },
];
