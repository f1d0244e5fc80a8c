// What the worker says about a graph of real Tensors: plain numbers, read from the engine.

export interface Part {
  // The index of the node that the gradient goes to.
  source: number;
  // What the operation's own backward gives for a gradient of 1: as large as the operation's result
  // or, where the result is one number, as its source. Null where no element belongs to exactly one
  // other element, as in products of matrices.
  local: Float32Array | null;
  contribution: Float32Array; // what the op's own backward gives for the gradient that came in
  // The gradient that the source had from other operations before; null where it had none.
  before: Float32Array | null;
  // The gradient of the source afterwards: before + contribution.
  after: Float32Array;
}

export interface GraphNode {
  op: string; // the engine's grad_fn; "" of a leaf
  // The name of a leaf, or the number that it is, or the part of the formula that needs no
  // gradient.
  name: string;
  kind: "op" | "value" | "number" | "forgotten";
  shape: number[];
  values: Float32Array;
  grad: Float32Array | null;
  requiresGrad: boolean;
  // The indices of the sources.
  sources: number[];
  // The parts for the sources that need a gradient, in the order of the sources.
  parts: Part[];
}

export interface Graph {
  // The nodes, each after its sources; the last is the result.
  nodes: GraphNode[];
  // The operations in the order in which the engine goes backward.
  backward: number[];
}

// The values of f on both sides of one element of a value.
export interface Around {
  // f(value − h); NaN where value − h is no float32.
  below: number;
  // f(value + h).
  above: number;
  // 2h, as float32 has it.
  step: number;
  numeric: number; // (above − below) / step
  left: number; // (f(value) − below) / h
  right: number; // (above − f(value)) / h
  // About how much rounding alone may change these numbers.
  noise: number;
}

// The central differences of one element of a value.
export interface Difference extends Around {
  name: string;
  shape: number[];
  index: number;
  at: number; // f(value)
  // The largest size of all numbers on the way to f(value).
  largest: number;
  // The differences at an eighth of the distance, or less.
  closer: Around;
  gradient: number; // the engine's
  // |numeric − gradient| / the larger of both; 0 for two zeros.
  relative: number;
}
