// The data, in the worker: samples of a function, points in classes, or the visitor's own points;
// the engine learns from some, and as many others are held out.
import { LanegradError, type DataLoader, type Lanegrad, type Tensor } from "lanegrad";
import { classSets, pointOf, type ClassSet } from "../../../data/class_points";
import type { Expression } from "../../expression";
import { compile, whyNot } from "../../formula";
import { gridPlaces } from "./snapshot";

export type Source =
  | {
      kind: "function";
      text: string; // the formula as it was typed
      formula: Expression;
      names: string[];
      low: number;
      high: number;
      samples: number;
      noise: number;
    }
  | { kind: "classes"; set: ClassSet; samples: number; noise: number }
  | { kind: "points"; rows: number[][] };

// How the net's values relate to the visitor's units: these are middle + half · (the net's).
export interface Scale {
  middle: number;
  half: number;
}

export interface Samples {
  // The inputs as the net sees them: [S, D].
  inputs: Tensor;
  // The targets: [S, 1].
  targets?: Tensor;
  labels?: Int32Array;
}

export interface Data {
  dimension: number;
  // The number of classes; 0 where numbers are to be learned.
  classes: number;
  loader: DataLoader;
  train: Samples;
  held: Samples | undefined;
  box: [number, number][]; // of each input, in the visitor's units
  inputScales: Scale[];
  targetScale: Scale;
  truth: ((...at: number[]) => number) | undefined;
}

// It is added to the seed for held-out points.
const heldOut = 1_000_000_007;
const plain: Scale = { middle: 0, half: 1 };

export function makeData(lg: Lanegrad, source: Source, batchSize: number, seed: number): Data {
  switch (source.kind) {
    case "function":
      return functionData(lg, source, batchSize, seed);
    case "classes":
      return classData(lg, source, batchSize, seed);
    case "points":
      return pointData(lg, source, batchSize, seed);
  }
}

type Kind<K extends Source["kind"]> = Extract<Source, { kind: K }>;

// Samples of a function, and as many held-out ones.
function functionData(
  lg: Lanegrad,
  source: Kind<"function">,
  batchSize: number,
  seed: number,
): Data {
  const { names, low, high, samples, noise } = source;
  const truth = compile(source.formula, names);
  const box = names.map((): [number, number] => [low, high]);
  const targetScale = scaleOfFunction(truth, box, noise);
  const { middle, half } = targetScale;
  // A place where f is no number.
  let bad: number[] | undefined;
  const seen = (...at: number[]) => {
    const value = truth(...at);
    if (!Number.isFinite(Math.fround(value))) bad ??= at;
    return (value - middle) / half;
  };
  const options = { low, high, samples, noise: noise / half, dimension: names.length };
  const make = (batchSize: number, seed: number) => {
    try {
      return new lg.MathFunc(seen, { ...options, batchSize, seed });
    } catch (thrown) {
      if (!bad) throw thrown;
      const helps =
        "Choose “From” and “To” so that f has a value everywhere between, or another f.";
      throw new LanegradError("InvalidArgument", `${whyNot(source.formula, names, bad)} ${helps}`, {
        details: { field: "f" },
      });
    }
  };
  const all = (seed: number): Samples => {
    const loader = make(samples, seed);
    for (const { inputs, targets } of loader) {
      const kept = { inputs: inputs.detach(), targets: targets.detach() };
      loader.dispose();
      return kept;
    }
    throw new Error("no samples");
  };
  return {
    dimension: names.length,
    classes: 0,
    loader: make(batchSize, seed),
    train: all(seed),
    held: all(seed + heldOut),
    box,
    inputScales: names.map(() => plain),
    targetScale,
    truth,
  };
}

// Points of classes in the plane, and as many held-out ones.
function classData(lg: Lanegrad, source: Kind<"classes">, batchSize: number, seed: number): Data {
  const classes = classSets[source.set];
  let reach = 1;
  const all = (seed: number): Required<Omit<Samples, "targets">> => {
    const random = new lg.Random(seed, 2);
    const inputs = new Float32Array(2 * source.samples);
    const labels = Int32Array.from({ length: source.samples }, (_, i) => i % classes);
    labels.forEach((label, i) => {
      const [x, y] = pointOf(source.set, label, source.noise, random);
      inputs.set([x, y], 2 * i);
      reach = Math.max(reach, Math.abs(x), Math.abs(y));
    });
    random.dispose();
    return { inputs: lg.tensor(inputs, [source.samples, 2]), labels };
  };
  const train = all(seed);
  const held = all(seed + heldOut);
  const edge = Math.ceil(11 * reach) / 10;
  return {
    dimension: 2,
    classes,
    loader: new lg.ArrayLoader(
      { inputs: train.inputs, labels: train.labels, classes },
      { batchSize, seed },
    ),
    train,
    held,
    box: [
      [-edge, edge],
      [-edge, edge],
    ],
    inputScales: [plain, plain],
    targetScale: plain,
    truth: undefined,
  };
}

// The visitor's own points, scaled to what a net learns well.
function pointData(lg: Lanegrad, source: Kind<"points">, batchSize: number, seed: number): Data {
  const { rows } = source;
  const dimension = rows[0]!.length - 1;
  const column = (i: number) => rows.map((row) => row[i]!);
  const inputScales = Array.from({ length: dimension }, (_, i) => scaleOf(column(i), 2));
  const targetScale = scaleOf(column(dimension), 1);
  const inputs = lg.tensor(
    rows.flatMap((row) => inputScales.map(({ middle, half }, i) => (row[i]! - middle) / half)),
    [rows.length, dimension],
  );
  const targets = lg.tensor(
    column(dimension).map((value) => (value - targetScale.middle) / targetScale.half),
    [rows.length, 1],
  );
  return {
    dimension,
    classes: 0,
    loader: new lg.ArrayLoader({ inputs, targets }, { batchSize, seed }),
    train: { inputs, targets },
    held: undefined,
    box: inputScales.map(({ middle, half }) => [middle - 2.1 * half, middle + 2.1 * half]),
    inputScales,
    targetScale,
    truth: undefined,
  };
}

// A function whose values are outside this range is scaled as the visitor's own points are: a net of
// a few units could not reach them in a few thousand steps, or would not notice them.
const [smallest, greatest] = [0.01, 100];

function scaleOfFunction(
  f: (...at: number[]) => number,
  box: [number, number][],
  noise: number,
): Scale {
  const [x, y] = gridPlaces(box);
  const all = y ? y.flatMap((b) => x!.map((a) => f(a, b))) : x!.map((a) => f(a));
  const values = all.filter((value) => Number.isFinite(Math.fround(value)));
  const size = values.reduce((most, value) => Math.max(most, Math.abs(value)), noise);
  const isPlain = size === 0 || (size >= smallest && size <= greatest);
  return isPlain ? plain : scaleOf(values, 1);
}

// The scale by which the values reach from −reach to reach.
function scaleOf(values: number[], reach: number): Scale {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return { middle: (low + high) / 2, half: (high - low) / 2 / reach || 1 };
}
