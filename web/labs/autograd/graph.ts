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

// Central differences of one element of a value.
export interface Difference {
  name: string;
  shape: number[];
  index: number;
  below: number; // f(value − h)
  above: number; // f(value + h)
  step: number; // 2h as float32 has it
  numeric: number; // (above − below) / step
  gradient: number; // the engine's
  relative: number; // |numeric − gradient| / the larger of both, 0 for two zeros
}
