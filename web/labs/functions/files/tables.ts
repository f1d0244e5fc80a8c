// The tables of an experiment, as files.
import {
  coordinates,
  gridPlaces,
  partsOf,
  type ExperimentInfo,
  type Snapshot,
  type Points,
} from "../engine/snapshot";
import type { Slice } from "../engine/landscape";
import { downloadTable, type Cell } from "../../../ui/download";

// Saves x, f, the answer, and the parts that the answer is the sum of.
export function saveCurve({ box, truth, ...info }: ExperimentInfo, { view }: Snapshot): void {
  const [x] = gridPlaces(box);
  const parts = partsOf(view, { box, truth, ...info });
  const bias = x!.map(() => view.bias[0]!);
  const names = [
    "x",
    ...(truth ? ["f"] : []),
    "answer",
    "bias",
    ...parts.map((_, i) => `unit${i + 1}`),
  ];
  saveColumns("curve.csv", names, [x!, ...(truth ? [truth] : []), view.answer, bias, ...parts]);
}

// Saves the answer on the grid, or the probability of each class.
export function savePlane({ box, grid, classes, truth }: ExperimentInfo, { view }: Snapshot): void {
  const [x, y] = gridPlaces(box);
  const all = Array.from({ length: grid * grid }, (_, i) => i);
  const places = [all.map((i) => x![i % grid]!), all.map((i) => y![Math.floor(i / grid)]!)];
  const outputs = classes || 1;
  const answers = Array.from({ length: outputs }, (_, c) =>
    all.map((i) => view.answer[i * outputs + c]!),
  );
  const names = classes ? answers.map((_, c) => `class${c}`) : ["answer"];
  saveColumns(
    classes ? "probabilities.csv" : "surface.csv",
    ["x", "y", ...(truth ? ["f"] : []), ...names],
    [...places, ...(truth ? [truth] : []), ...answers],
  );
}

export function savePoints(
  name: string,
  points: Points,
  { dimension, classes }: ExperimentInfo,
): void {
  const inputs = dimension === 1 ? [points.inputs] : coordinates(points.inputs);
  const names = dimension === 1 ? ["x", "y"] : ["x", "y", classes ? "class" : "z"];
  saveColumns(name, names, [...inputs, points.values]);
}

// Saves one row for each point of each curve.
export function saveLosses({ curve: { x, y, smooth }, heldCurve }: Snapshot): void {
  const curves: [string, number[], number[]][] = [
    ["batch", x, y],
    ["running mean", x, smooth],
    ["held out", heldCurve.x, heldCurve.y],
  ];
  const rows = curves.flatMap(([name, x, y]) => x.map((step, i) => [name, step, y[i]]));
  downloadTable("losses.csv", [["curve", "step", "loss"], ...rows]);
}

export function saveLandscape({ x, y, size, losses }: Slice): void {
  const at = ([low, high]: [number, number], i: number) => low + ((high - low) * i) / (size - 1);
  const columns = [
    Array.from(losses, (_, i) => at(x, i % size)),
    Array.from(losses, (_, i) => at(y, Math.floor(i / size))),
    losses,
  ];
  saveColumns("landscape.csv", ["along", "across", "loss"], columns);
}

export function saveWeights(
  tensors: { name: string; shape: number[]; values: Float32Array }[],
): void {
  const rows = tensors.flatMap(({ name, shape, values }) => {
    const columns = shape.at(-1)!;
    const row = (i: number) => (shape.length > 1 ? Math.floor(i / columns) : "");
    return Array.from(values, (value, i) => [name, row(i), i % columns, value]);
  });
  downloadTable("weights.csv", [["tensor", "row", "column", "value"], ...rows]);
}

// Saves a table; `columns` has as many numbers, or texts, for each name.
function saveColumns(
  file: string,
  names: readonly string[],
  columns: readonly ArrayLike<Cell>[],
): void {
  const rows = Array.from(columns[0]!, (_, i) => columns.map((column) => column[i]));
  downloadTable(file, [names, ...rows]);
}
