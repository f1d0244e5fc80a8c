// All settings of an experiment, as texts in the page's address and in the form, and back.
import { readAddress, writeAddress } from "../../../settings/address";
import { sentence } from "../../../settings/complaints";
import {
  line,
  number,
  oneOf,
  readNumber,
  textOf,
  whole,
  type Fields,
} from "../../../settings/field";
import { optimizers, type Optimizer } from "../../../settings/optimizers";
import { changesField, type Changes } from "../../../settings/rates";

export const tasks = [
  "curve",
  "surface",
  "spiral",
  "moons",
  "circles",
  "clouds",
  "points",
] as const;
export type Task = (typeof tasks)[number];

export interface Settings {
  task: Task;
  f: string;
  points: string; // "x,y;x,y" or "x,y,z;…"
  low: number;
  high: number;
  samples: number;
  noise: number;
  seed: number;
  // The hidden layers.
  net: string;
  optimizer: Optimizer;
  lr: number;
  rates: Changes;
  batch: number;
  steps: number;
  // Steps per second; 0 for as many as possible.
  pace: number;
}
export type Key = keyof Settings;

const base: Settings = {
  task: "curve",
  f: "sin(2x)",
  points: "",
  low: -3,
  high: 3,
  samples: 60,
  noise: 0.1,
  seed: 2,
  net: "dense 8, tanh",
  optimizer: "adam",
  lr: 0.05,
  rates: [],
  batch: 20,
  steps: 3000,
  pace: 300,
};
const wide = { samples: 300, batch: 50, lr: 0.02, net: "dense 16, tanh" };
const classes = { ...wide, lr: 0.01, steps: 3000 };
const defaults: Record<Task, Settings> = {
  curve: base,
  surface: { ...base, ...wide, task: "surface", f: "sin(x) * cos(y)", noise: 0 },
  spiral: {
    ...base,
    ...classes,
    task: "spiral",
    noise: 0.05,
    net: "dense 16, tanh, dense 16, tanh",
  },
  moons: { ...base, ...classes, task: "moons", noise: 0.15, net: "dense 8, relu" },
  circles: { ...base, ...classes, task: "circles", noise: 0.1, net: "dense 8, relu" },
  clouds: { ...base, ...classes, task: "clouds", noise: 0.4, net: "dense 4, tanh" },
  points: {
    ...base,
    task: "points",
    points: "0,1.5;1,3;2,3.6;3,2.4;4,2.2;5,3.1;6,5.2;7,6.8;8,6.5;9,7.4",
    batch: 10,
  },
};
export const defaultsOf = (task: Task): Settings => ({ ...defaults[task], rates: [] });

export const isClasses = (task: Task) => ["spiral", "moons", "circles", "clouds"].includes(task);
// The most characters of points in an address.
export const longestPoints = 6000;

// The engine knows more about some of them; its sentence comes when the net is made.
export const fields: Fields<Settings> = {
  task: oneOf("what to learn", tasks),
  f: line("f", "a formula"),
  points: line("points", "numbers"),
  low: number("range"),
  high: number("range"),
  samples: whole("number of points", { from: 1, to: 5000 }),
  noise: number("noise", { from: 0, to: 1e6 }),
  seed: whole("seed", { from: 0, to: 1e9 }),
  net: line("net", "layers"),
  optimizer: oneOf("optimizer", optimizers),
  lr: number("learning rate", { above: 0 }),
  rates: changesField,
  batch: whole("batch size", { from: 1, to: 5000 }),
  steps: whole("steps", { from: 1, to: 1e7 }),
  pace: {
    ...number("pace"),
    expected: "0, 10, 100, 300 or 1000",
    read: (text) => [0, 10, 100, 300, 1000].find((pace) => pace === readNumber(text)),
  },
};
export const keys = Object.keys(fields) as Key[];

// The settings that the address asks for, and one sentence for each part that makes no sense.
export function fromAddress(search: string): { settings: Settings; complaints: string[] } {
  const asked = new URLSearchParams(search).get("task") ?? "";
  const settings = defaultsOf(fields.task.read(asked) ?? "curve");
  const { complaints } = readAddress<Settings, Key>(fields, settings, search);
  return { settings, complaints: complaints.map((each) => sentence(fields, each, settings)) };
}

export function toAddress(settings: Settings): string {
  const { task } = settings;
  const usual: Settings = { ...defaultsOf(task), task: "curve" };
  const texts = keys.map((key) => [key, textOf(fields, settings, key)] as const);
  const said = texts.filter(([key, text]) => {
    if (key === "points" && (task !== "points" || text.length > longestPoints)) return false;
    if (key === "f" && task !== "curve" && task !== "surface") return false;
    return text !== textOf(fields, usual, key);
  });
  return writeAddress(said);
}
