// The engine's unary functions in the page's words: the derivative as a textbook writes it, and what a
// function does, for people who have not met it before.
import type { Activations, UnaryFunctions } from "lanegrad";

interface Words {
  // The derivative of the function of a, whose result is y.
  derivative: (a: string, y: string) => string;
  // A sentence about the function.
  about?: string;
  // The function's layer, and how its row in the inspector goes on after the layer's name.
  layer?: readonly [keyof Activations<unknown>, string];
}

export const unary: Readonly<Record<keyof UnaryFunctions<unknown>, Words>> = {
  relu: {
    derivative: (a) => `1 where ${a} > 0, else 0`,
    about: "ReLU keeps what is positive and makes the rest 0.",
    layer: ["ReLU", "what is above 0 stays, what is below becomes 0."],
  },
  sigmoid: {
    derivative: (_, y) => `${y} · (1 − ${y})`,
    about: "The sigmoid squeezes any number between 0 and 1.",
    layer: ["Sigmoid", "every number is squeezed to between 0 and 1."],
  },
  tanh: {
    derivative: (_, y) => `1 − ${y}²`,
    about: "The hyperbolic tangent squeezes any number between −1 and 1.",
    layer: ["Tanh", "every number is squeezed to between −1 and 1."],
  },
  gelu: {
    derivative: (a) => `Φ(${a}) + ${a} · φ(${a})`,
    about: "GELU is a ReLU with a soft corner.",
    layer: [
      "GELU",
      "what is far above 0 stays, what is far below becomes 0, with a smooth bend between.",
    ],
  },
  silu: {
    derivative: (a, y) => `${y} + sigmoid(${a}) · (1 − ${y})`,
    about:
      "SiLU, also called Swish, is the number times its sigmoid: a ReLU with a soft dip below 0.",
    layer: ["SiLU", "what is far above 0 stays, what is far below becomes 0, with a dip between."],
  },
  softplus: {
    derivative: (a) => `sigmoid(${a})`,
    about: "Softplus, log(1 + eˣ), is a ReLU without a corner: it comes near 0, and never is 0.",
    layer: ["Softplus", "what is far above 0 stays, what is far below comes near 0, with a bend."],
  },
  exp: { derivative: (_, y) => `${y}, its own value` },
  log: { derivative: (a) => `1 / ${a}` },
  sqrt: { derivative: (_, y) => `1 / (2 · ${y})` },
  abs: { derivative: (a) => `the sign of ${a}` },
  neg: { derivative: () => "−1" },
};

export type UnaryName = keyof typeof unary;
export const unaryNames = Object.keys(unary) as UnaryName[];
