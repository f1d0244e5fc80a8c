// What the worker says of an experiment: plain numbers, for the view and for files.

// What stays the same while the net learns.
export interface ExperimentInfo {
  dimension: number;
  classes: number;
  // The number of inputs of the last layer.
  units: number;
  // Whether those are hidden units, rather than the net's own inputs.
  hidden: boolean;
  unitsShown: number;
  box: [number, number][];
  // The number of places along each axis.
  grid: number;
  // The formula of f; undefined where there is no f.
  formula: string | undefined;
  // The values of f on the grid; NaN where f has none.
  truth: Float32Array | undefined;
  // The values of f that are −1 and 1 for the net, where f is scaled.
  scaled: [number, number] | undefined;
  points: Points;
  heldPoints: Points | undefined;
}

// Points in the visitor's units; `values` are targets or class labels.
export interface Points {
  inputs: Float32Array;
  values: Float32Array;
}

export interface Score {
  loss: number;
  // The share of right answers; NaN where there are no classes.
  accuracy: number;
}

export interface Snapshot {
  step: number;
  rate: number;
  train: Score;
  held: Score | undefined;
  curve: { x: number[]; y: number[]; smooth: number[] }; // the loss of each step's batch
  heldCurve: { x: number[]; y: number[] };
  view: View;
}

export interface View {
  // The answers: [grid…], or the probabilities: [grid…, classes].
  answer: Float32Array;
  // [unitsShown, grid…]: what each unit adds to the answer, or, with classes, its activation.
  units: Float32Array;
  weights: Float32Array; // [units, outputs], the last layer's
  // The biases: [outputs].
  bias: Float32Array;
}

// One array, with a number for each place, for each unit that is shown.
export function partsOf(view: View, info: ExperimentInfo): Float32Array[] {
  const places = view.units.length / info.unitsShown;
  return Array.from({ length: info.unitsShown }, (_, i) =>
    view.units.subarray(i * places, (i + 1) * places),
  );
}

// The columns of x and y from rows of both.
export function coordinates(inputs: Float32Array): [number[], number[]] {
  const all = Array.from(inputs);
  return [all.filter((_, i) => i % 2 === 0), all.filter((_, i) => i % 2 === 1)];
}

// The grid on which the net answers: places along each axis of the plot, in the visitor's units.
export function gridPlaces(box: [number, number][]): number[][] {
  const count = box.length === 1 ? 201 : 41;
  return box.map(([low, high]) =>
    Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1)),
  );
}
