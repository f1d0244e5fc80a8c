// What the lab Functions learns: samples of a formula of x, or points in classes, by the seed.
import type { DataDescription } from "lanegrad";
import { classSets, pointOf, type Chance, type ClassSet } from "../data/class_points";
import { Failure } from "./failure";

const noise: Record<ClassSet, number> = { spiral: 0.05, moons: 0.15, circles: 0.1, clouds: 0.4 };
const [low, high] = [-3, 3];

/** Samples to learn, and what there is to draw of them. */
export interface Task {
  train: DataDescription;
  inputs: number[];
  /** The values of f, or the labels. */
  values: number[];
  /** The number of classes; 0 where a function is learned. */
  classes: number;
  /** From where to where each axis of the inputs reaches. */
  reach: [number, number];
  truth: ((x: number) => number) | undefined;
}

/** The task that the attribute `data` names: a set of classes, or a formula of x. */
export async function taskOf(data: string, seed: number): Promise<Task> {
  const set = (Object.keys(classSets) as ClassSet[]).find((name) => name === data.toLowerCase());
  if (set) return classTask(set, chanceOf(seed));
  // What reads formulas is as large as a third of the rest.
  const formulas = await import("../labs/formula").catch((error: Error) => {
    throw new Failure(
      "LoadFailed",
      `data: what reads formulas could not be loaded (${error.message})`,
    );
  });
  return functionTask(formulas, data || "sin(2x)", chanceOf(seed));
}

type Formulas = typeof import("../labs/formula");

function functionTask(formulas: Formulas, text: string, chance: Chance): Task {
  const tree = read(formulas, text);
  const f = formulas.compile(tree, ["x"]);
  const inputs = Array.from({ length: 60 }, () => low + (high - low) * chance.uniform());
  for (const x of [...inputs, low, high]) {
    if (!Number.isFinite(Math.fround(f(x))))
      throw new Failure("InvalidArgument", `data: ${formulas.whyNot(tree, ["x"], [x])}`);
  }
  const size = Math.max(...inputs.map((x) => Math.abs(f(x))));
  const values = inputs.map((x) => f(x) + 0.05 * size * chance.normal());
  return {
    train: { kind: "numbers", inputs, shape: [inputs.length, 1], targets: values, outputs: 1 },
    inputs,
    values,
    classes: 0,
    reach: [low, high],
    truth: f,
  };
}

function read({ readFormula }: Formulas, text: string) {
  try {
    return readFormula(text, ["x"]);
  } catch (error) {
    const sets = Object.keys(classSets).join(", ");
    const why = (error as Error).message;
    throw new Failure("InvalidArgument", `data: ${why}; or one of the sets ${sets}`);
  }
}

function classTask(set: ClassSet, chance: Chance): Task {
  const classes = classSets[set];
  const labels = Array.from({ length: 300 }, (_, i) => i % classes);
  const inputs = labels.flatMap((label) => pointOf(set, label, noise[set], chance));
  const edge = Math.ceil(11 * Math.max(...inputs.map(Math.abs))) / 10;
  return {
    train: { kind: "labels", inputs, shape: [labels.length, 2], labels, classes },
    inputs,
    values: labels,
    classes,
    reach: [-edge, edge],
    truth: undefined,
  };
}

/** Random numbers by a seed: Mulberry32, and normal ones by Box and Muller's method. */
function chanceOf(seed: number): Chance {
  let state = seed | 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}
