// All settings of an experiment, as texts in the page's address and in the form, and back.
import { readNumber } from "../../settings/number";
import { changesExpected, readChanges, writeChanges, type Changes } from "../../settings/rates";

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
  optimizer: string;
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

interface Field<T> {
  title: string;
  expected: string;
  // Returns undefined where the text is wrong.
  read(text: string): T | undefined;
  write(value: T): string;
}

function number(
  title: string,
  expected: string,
  allows: (value: number) => boolean,
): Field<number> {
  return {
    title,
    expected,
    read(text) {
      const value = readNumber(text);
      return Number.isFinite(Math.fround(value)) && allows(value) ? value : undefined;
    },
    write: String,
  };
}
const whole = (title: string, least: number, most: number) =>
  number(
    title,
    `expected a whole number from ${least} to ${most.toLocaleString("en-US")}`,
    (value) => Number.isInteger(value) && value >= least && value <= most,
  );
function oneOf<T extends string>(title: string, names: readonly T[]): Field<T> {
  return {
    title,
    expected: `expected ${names.slice(0, -1).join(", ")} or ${names.at(-1)}`,
    read: (text) => names.find((name) => name === text),
    write: String,
  };
}
const words = (title: string, expected: string): Field<string> => ({
  title,
  expected,
  read: (text) => text.trim(),
  write: String,
});

// The engine knows more about some of them; its sentence comes when the net is made.
export const fields: { [K in Key]: Field<Settings[K]> } = {
  task: oneOf("what to learn", tasks),
  f: words("f", "expected a formula"),
  points: words("points", "expected numbers"),
  low: number("range", "expected a number", () => true),
  high: number("range", "expected a number", () => true),
  samples: whole("samples", 1, 5000),
  noise: number(
    "noise",
    "expected a number from 0 to 1,000,000",
    (value) => value >= 0 && value <= 1e6,
  ),
  seed: whole("seed", 0, 1e9),
  net: words("net", "expected layers"),
  optimizer: oneOf("optimizer", ["adam", "adamw", "sgd"]),
  lr: number("learning rate", "expected a number above 0", (value) => value > 0),
  rates: {
    title: "changes of the rate",
    expected: changesExpected,
    read: readChanges,
    write: writeChanges,
  },
  batch: whole("batch size", 1, 5000),
  steps: whole("steps", 1, 1e7),
  pace: number("pace", "expected 0, 10, 100, 300 or 1000", (pace) =>
    [0, 10, 100, 300, 1000].includes(pace),
  ),
};
export const keys = Object.keys(fields) as Key[];

// Sets one setting from its text; throws one sentence where the text is wrong.
export function assign<K extends Key>(settings: Settings, key: K, text: string): void {
  const { title, expected, read } = fields[key];
  const value = read(text);
  if (value === undefined) throw new Error(`${title}: “${text}” makes no sense, ${expected}.`);
  settings[key] = value;
}

export const text = <K extends Key>(settings: Settings, key: K): string =>
  fields[key].write(settings[key]);

// The settings that the address asks for, and one sentence for each part that makes no sense.
export function fromAddress(search: string): { settings: Settings; complaints: string[] } {
  const query = new URLSearchParams(search);
  const task = fields.task.read(query.get("task") ?? "curve") ?? "curve";
  const settings = defaultsOf(task);
  const complaints: string[] = [];
  for (const key of keys) {
    const given = query.get(key);
    if (given === null) continue;
    try {
      assign(settings, key, given);
    } catch (error) {
      const used = text(settings, key) || "none";
      const said = (error as Error).message.replace(/\.$/, "");
      complaints.push(`${said}; this page’s address says so, ${used} is used instead.`);
    }
  }
  return { settings, complaints };
}

export function toAddress(settings: Settings): string {
  const usual = defaultsOf(settings.task);
  const query = new URLSearchParams();
  for (const key of keys) {
    const written = text(settings, key);
    if (key === "points" && (settings.task !== "points" || written.length > longestPoints))
      continue;
    if (key === "f" && !["curve", "surface"].includes(settings.task)) continue;
    if (key === "task" ? written !== "curve" : written !== text(usual, key))
      query.set(key, written);
  }
  const said = String(query).replaceAll("%2C", ",").replaceAll("%3A", ":").replaceAll("%3B", ";");
  return said === "" ? "" : `?${said}`;
}
