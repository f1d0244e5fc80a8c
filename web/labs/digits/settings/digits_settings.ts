// The settings of a run, and how they stand in the page's address and in its form.
import type { NamedRecipe, RunSettings } from "lanegrad";
import { readNumber } from "../../../settings/number";
import { changesExpected, readChanges, writeChanges, type Changes } from "../../../settings/rates";

export interface Settings {
  net: string; // a name of the engine's catalog, or a text
  optimizer: string;
  // The rate that the run begins with.
  lr: number;
  rates: Changes;
  weightDecay: number;
  momentum: number;
  nesterov: boolean;
  schedule: string;
  warmUp: number;
  batch: number;
  epochs: number;
  seed: number;
  labelSmoothing: number;
  clipNorm: number;
  averaging: number;
  validation: number;
  patience: number;
  shift: number;
  rotation: number;
  scale: number;
  shear: number;
  normalize: boolean;
}

export type Key = keyof Settings;

// The settings for a net that the engine has no recipe for, which the form also shows before there
// is an engine.
export const defaults: Settings = {
  net: "mlp",
  optimizer: "adam",
  lr: 0.001,
  rates: [],
  weightDecay: 0,
  momentum: 0,
  nesterov: false,
  schedule: "constant",
  warmUp: 0.3,
  batch: 64,
  epochs: 5,
  seed: 1,
  labelSmoothing: 0,
  clipNorm: 0,
  averaging: 0,
  validation: 0,
  patience: 0,
  shift: 0,
  rotation: 0,
  scale: 0,
  shear: 0,
  normalize: false,
};

// One setting: its name in sentences, its text, and what an address may ask for. `read` throws a
// sentence where the text is not of its kind. The engine says whether a number makes sense, so
// `allows` is asked only for addresses.
interface Field<T> {
  title: string;
  expected: string;
  read(text: string): T;
  write(value: T): string;
  allows(value: T): boolean;
}

const number = (title: string, expected: string, allows: (value: number) => boolean) => ({
  title,
  expected,
  allows,
  read(text: string): number {
    const value = readNumber(text);
    if (!Number.isFinite(value)) throw new Error(`"${text}" is no number`);
    return value;
  },
  write: String,
});

const strict = (field: Field<number>): Field<number> => ({
  ...field,
  read(text) {
    const value = field.read(text);
    if (!field.allows(value)) throw new Error(`"${text}" makes no sense`);
    return value;
  },
});

const oneOf = (title: string, ...names: string[]): Field<string> => ({
  title,
  expected: `expected ${names.slice(0, -1).join(", ")} or ${names.at(-1)}`,
  allows: () => true,
  read(text) {
    const name = names.find((known) => known === text.trim().toLowerCase());
    if (!name) throw new Error(`"${text}" is not known`);
    return name;
  },
  write: (value) => value,
});

const flag = (title: string): Field<boolean> => {
  const names = oneOf(title, "true", "false");
  return {
    ...names,
    read: (text) => names.read(text) === "true",
    write: String,
    allows: () => true,
  };
};

const whole = (least: number) => (value: number) => Number.isSafeInteger(value) && value >= least;
const least = (title: string, value: number) =>
  number(title, `expected a whole number from ${value}`, whole(value));
const positive = (title: string) =>
  number(title, "expected a number from 0", (value) => value >= 0);
const share = (title: string) =>
  number(title, "expected a number from 0 to below 1", (value) => value >= 0 && value < 1);

export const fields: { [K in Key]: Field<Settings[K]> } = {
  net: {
    title: "net",
    expected: "expected a net’s name or text",
    allows: () => true,
    read(text) {
      if (text.trim() === "") throw new Error("nothing is there");
      return text.trim();
    },
    write: (value) => value,
  },
  optimizer: oneOf("optimizer", "adam", "adamw", "sgd"),
  lr: number("learning rate", "expected a number above 0", (value) => value > 0),
  rates: {
    title: "changes of the learning rate",
    expected: changesExpected,
    read(text) {
      const changes = readChanges(text);
      if (!changes) throw new Error(`"${text}" makes no sense`);
      return changes;
    },
    write: writeChanges,
    allows: () => true,
  },
  weightDecay: positive("weight decay"),
  momentum: share("momentum"),
  nesterov: flag("Nesterov’s momentum"),
  schedule: oneOf("schedule", "constant", "step", "cosine", "one-cycle"),
  warmUp: number("warm-up", "expected a number from 0 to 1", (value) => value >= 0 && value <= 1),
  batch: least("batch size", 1),
  // The page refuses 0 epochs; for the engine they are no mistake.
  epochs: strict(least("epochs", 1)),
  seed: least("seed", 0),
  labelSmoothing: share("label smoothing"),
  clipNorm: positive("gradient clipping"),
  averaging: share("weight averaging"),
  validation: least("validation digits", 0),
  patience: least("patience", 0),
  shift: positive("shift"),
  rotation: positive("rotation"),
  scale: share("scale"),
  shear: positive("shear"),
  normalize: flag("normalisation"),
};

export const keys = Object.keys(fields) as Key[];

// The settings that a link always has.
const always: Key[] = ["net", "optimizer", "lr", "batch", "epochs", "seed"];

// The name in the address, as in the terminal: "weightDecay" is weight-decay.
const inAddress = (key: Key) => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

// Sets one setting from its text; throws one sentence where it cannot be read.
export function assign<K extends Key>(settings: Settings, key: K, text: string): void {
  try {
    settings[key] = fields[key].read(text);
  } catch (error) {
    const { title, expected } = fields[key];
    throw new Error(`${title}: ${(error as Error).message}, ${expected}.`);
  }
}

// A part of an address that makes no sense.
export interface Complaint {
  key: Key;
  reason: string;
}

// The sentence for a complaint. It names what is used instead: the recipe for the net, which is
// known when the engine is loaded.
export function sentence({ key, reason }: Complaint, base: Settings): string {
  const { title, expected } = fields[key];
  const used = text(base, key) || "none";
  return `${title}: ${reason} in this page’s address, ${expected}; ${used} is used instead.`;
}

// The settings that an address asks for, which of them it names, and what makes no sense.
export function fromAddress(search: string): {
  settings: Settings;
  named: Key[];
  complaints: Complaint[];
} {
  const settings = structuredClone(defaults);
  const named: Key[] = [];
  const complaints: Complaint[] = [];
  const query = new URLSearchParams(search);
  for (const key of keys) {
    const text = query.get(inAddress(key));
    if (text !== null && adopt(settings, key, text, complaints)) named.push(key);
  }
  return { settings, named, complaints };
}

function adopt<K extends Key>(
  settings: Settings,
  key: K,
  text: string,
  complaints: Complaint[],
): boolean {
  const field = fields[key];
  let reason = `"${text}" makes no sense`;
  try {
    const value = field.read(text);
    if (field.allows(value)) {
      settings[key] = value;
      return true;
    }
  } catch (error) {
    reason = (error as Error).message;
  }
  complaints.push({ key, reason });
  return false;
}

// The query that repeats these settings; what else the address says (autostart) is kept. Settings
// that equal those of `base`, the recipe for the net, are left out.
export function toAddress(settings: Settings, base: Settings, search: string): string {
  const query = new URLSearchParams(search);
  for (const key of keys) query.delete(inAddress(key));
  const own = keys
    .filter((key) => always.includes(key) || text(settings, key) !== text(base, key))
    .map((key) => [inAddress(key), text(settings, key)] as const);
  const others = [...query];
  // Commas and colons are legal in a query, and a list reads better with them.
  return `?${new URLSearchParams([...own, ...others].map((pair) => [...pair]))}`
    .replaceAll("%2C", ",")
    .replaceAll("%3A", ":");
}

export function text<K extends Key>(settings: Settings, key: K): string {
  return fields[key].write(settings[key]);
}

// The learning rate after a number of steps.
export function rateAt({ lr, rates }: Pick<Settings, "lr" | "rates">, step: number): number {
  return rates.findLast(([after]) => after <= step)?.[1] ?? lr;
}

export function wantsAutostart(search: string): boolean {
  const value = new URLSearchParams(search).get("autostart");
  return value !== null && value !== "0" && value !== "false";
}

// ---- To the engine and back -------------------------------------------------

// The settings that `only` names, for the engine; it has a recipe for the rest.
export function forEngine(settings: Settings, only: readonly Key[] = keys): RunSettings {
  const given = Object.fromEntries(only.map((key) => [key, settings[key]])) as Partial<Settings>;
  const { optimizer, schedule, lr, weightDecay, momentum, nesterov, warmUp, batch } = given;
  const { shift, rotation, scale, shear, ...rest } = given;
  const group = (parts: object, name?: string) => {
    const said = Object.entries({ name, ...parts }).filter(([, value]) => value !== undefined);
    return said.length > 0 ? Object.fromEntries(said) : undefined;
  };
  const steps = settings.optimizer === "sgd" ? { momentum, nesterov } : {};
  return {
    net: rest.net,
    optimizer: group({ learningRate: lr, weightDecay, ...steps }, optimizer),
    schedule: group({ warmUp }, schedule),
    epochs: rest.epochs,
    batchSize: batch,
    seed: rest.seed,
    labelSmoothing: rest.labelSmoothing,
    clipNorm: rest.clipNorm,
    averaging: rest.averaging,
    validation: rest.validation,
    patience: rest.patience,
    augment: group({ shift, rotation, scale, shear }),
    normalize: rest.normalize,
  } as RunSettings;
}

export function fromEngine(run: RunSettings): Settings {
  const { optimizer, schedule, augment, batchSize, ...rest } = run;
  const { name, learningRate, ...parts } = optimizer ?? {};
  // An optimizer's own settings have these values where they are left out.
  const lr = learningRate ?? (name === "sgd" ? 0.01 : 0.001);
  const weightDecay = name === "adamw" ? 0.01 : 0;
  const given: Record<string, unknown> = { weightDecay, ...parts, ...augment, ...rest, lr };
  if (name) given["optimizer"] = name;
  if (schedule?.name) given["schedule"] = schedule.name;
  if (schedule?.warmUp !== undefined) given["warmUp"] = schedule.warmUp;
  if (batchSize !== undefined) given["batch"] = batchSize;
  if (rest.seed !== undefined) given["seed"] = Number(rest.seed);
  const settings = structuredClone(defaults) as unknown as Record<string, unknown>;
  for (const key of keys) if (given[key] !== undefined) settings[key] = given[key];
  return settings as unknown as Settings;
}

// How a net is best trained: the engine's recipe, or the page's usual settings.
export function recipeFor(net: string, recipes: readonly NamedRecipe[]): Settings {
  const known = recipes.find(({ name }) => name === net);
  return known ? { ...fromEngine(known.settings), net } : { ...defaults, net };
}
