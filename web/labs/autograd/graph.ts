// What the worker says about a graph of real Tensors: plain numbers, read from the engine.

export interface Part {
  source: number; // index of the node that it goes to
  // What the op's own backward gives for a gradient of 1, as large as the op's result or, where the result is
  // one number, as its source; null where no element belongs to one other element, as in products of matrices.
  local: Float32Array | null;
  contribution: Float32Array; // what the op's own backward gives for the gradient that came in
  before: Float32Array | null; // what the source had from others, null: nothing yet
  after: Float32Array; // before + contribution
}

export interface GraphNode {
  op: string; // the engine's grad_fn; "" of a leaf
  // Of a leaf: its name, the number it is, or the part of the formula that needs no gradient.
  name: string;
  kind: "op" | "value" | "number" | "forgotten";
  shape: number[];
  values: Float32Array;
  grad: Float32Array | null;
  requiresGrad: boolean;
  sources: number[]; // indices
  parts: Part[]; // for the sources that need a gradient, in their order
}

export interface Graph {
  nodes: GraphNode[]; // each after its sources; the last is the result
  backward: number[]; // ops in the order in which the engine goes backward
}

// f on both sides of one element of a value.
export interface Around {
  below: number; // f(value − h), NaN where value − h is no float32
  above: number; // f(value + h)
  step: number; // 2h as float32 has it
  numeric: number; // (above − below) / step
  left: number; // (f(value) − below) / h
  right: number; // (above − f(value)) / h
  noise: number; // what rounding alone may do to these, about
}

// Central differences of one element of a value.
export interface Difference extends Around {
  name: string;
  shape: number[];
  index: number;
  at: number; // f(value)
  largest: number; // of the sizes of all numbers on the way to f(value)
  closer: Around; // the same at a distance of an eighth, or less
  gradient: number; // the engine's
  relative: number; // |numeric − gradient| / the larger of both, 0 for two zeros
}
