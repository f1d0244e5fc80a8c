// What each operation does and what its derivative is, as a textbook writes it. This is text only:
// every number that is shown beside it comes from the engine.
import { unary, unaryNames, type UnaryName } from "../../unary";

// The operation as a formula of its sources' names or numbers: "a × b".
export function formula(op: string, of: readonly string[]): string {
  const [a = "", b = ""] = of;
  switch (op) {
    case "add":
      return `${a} + ${b}`;
    case "sub":
      return `${a} − ${bracket(b)}`;
    case "mul":
      return `${a} × ${b}`;
    case "div":
      return `${a} / ${b}`;
    case "pow":
      return a.startsWith("−") ? `(${a})^${b}` : `${a}^${b}`;
    case "neg":
      return a.startsWith("−") ? `−(${a})` : `−${a}`;
    case "maximum":
      return `max(${a}, ${b})`;
    case "softmax_cross_entropy":
      return `cross_entropy(${a})`;
    default:
      return `${op}(${of.join(", ")})`;
  }
}

const bracket = (text: string) => (text.startsWith("−") ? `(${text})` : text);

// The derivative of `op`, whose result is called `own`, with respect to its source number `i`.
export function rule(op: string, of: readonly string[], own: string, i: number): string {
  const [a = "", b = ""] = of;
  const to = (text: string) => {
    const whole = formula(op, of);
    const inner = /[ +−×/^]/.test(whole) && !/^\w+\(.*\)$/.test(whole) ? `(${whole})` : whole;
    const space = /^\w{2}/.test(inner) ? " " : "";
    return `d${space}${inner}/d${of[i]!.length > 2 ? " " : ""}${of[i]} = ${text}`;
  };
  if (Object.hasOwn(unary, op)) return to(unary[op as UnaryName].derivative(a, own));
  switch (op) {
    case "add":
      return to("1");
    case "sub":
      return to(i === 0 ? "1" : "−1");
    case "mul":
      return to(i === 0 ? b : a);
    case "div":
      return to(i === 0 ? `1 / ${b}` : `−${a} / ${b}²`);
    case "pow":
      return to(i === 0 ? power(a, b) : `${own} · ln ${a}`);
    case "leaky_relu":
      return to(`1 where ${a} > 0, else the slope`);
    case "maximum":
      return to(`1 where ${of[i]} is the larger, else 0`);
    case "sum":
      return to("1 for each element");
    case "mean":
      return to("1 / how many there are, for each element");
    case "mse":
      return to(i === 0 ? `(${a} − ${b}) / their number` : `(${b} − ${a}) / their number`);
    case "softmax_cross_entropy":
      return to("softmax − 1 for the right class, softmax for the others");
    case "matmul":
      return i === 0
        ? `gradient of ${a} = gradient of ${own} times ${b} transposed`
        : `gradient of ${b} = ${a} transposed times gradient of ${own}`;
    case "softmax":
    case "log_softmax":
      return `each element of ${own} depends on every element of ${a}`;
    default:
      return "";
  }
}

const power = (a: string, b: string) =>
  b === "2"
    ? `2 · ${a}`
    : /^\d+$/.test(b)
      ? `${b} · ${a}^${Number(b) - 1}`
      : `${b} · ${a}^(${b} − 1)`;

// One sentence on what each operation does, for people who have not met it before.
export const about: Readonly<Record<string, string | undefined>> = {
  ...Object.fromEntries(unaryNames.map((name) => [name, unary[name].about])),
  add: "A bias is added: each neuron’s own threshold.",
  conv2d: "Small filters slide over the picture; each makes a map of where it fits.",
  max_pool2d: "Of each small square only the largest number goes on.",
  avg_pool2d: "Each small square becomes its mean.",
  leaky_relu: "Leaky ReLU keeps what is positive and lets a little of the rest through.",
  reshape: "The same numbers in another shape.",
  matmul: "A product of matrices: each row of the left one with each column of the right one.",
  softmax: "Softmax makes scores into shares that sum to 1.",
  log_softmax: "The logarithms of the shares that softmax makes of scores.",
  softmax_cross_entropy:
    "Softmax makes the scores into probabilities; the loss is −log of the right one.",
  mse: "The mean of the squared differences, halved.",
  maximum: "The larger of both.",
};
