// For the tests of formulas: the page's parser, and what JavaScript makes of what it gives.
import { runnerImport } from "vite";
import { root } from "./support.mjs";

export const { parse } = (
  await runnerImport(`${root}web/labs/expression.ts`, { configFile: false, logLevel: "error" })
).module;
export const operations = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  pow: (a, b) => a ** b,
  neg: (a) => -a,
  sin: Math.sin,
  relu: (a) => Math.max(a, 0),
  max: Math.max,
};
export const evaluate = (expression, values) => {
  if (expression.kind === "number") return expression.value;
  if (expression.kind === "name") return values[expression.name];
  return operations[expression.name](...expression.of.map((each) => evaluate(each, values)));
};
