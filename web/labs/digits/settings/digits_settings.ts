// The settings of a run, and how they stand in the page's address and in its form.
import type { NamedRecipe, RunSettings } from "lanegrad";
import {
  readAddress,
  sentence as sentenceOf,
  writeAddress,
  type Complaint,
} from "../../../settings/address";
import {
  flag,
  line,
  number,
  oneOf,
  strict,
  textOf,
  whole,
  type Fields,
} from "../../../settings/field";
import { changesField, type Changes } from "../../../settings/rates";

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

// The engine says whether a number makes sense, so bounds are asked only for addresses.
const positive = (title: string) => number(title, { from: 0 });
const share = (title: string) => number(title, { from: 0, below: 1 });

export const fields: Fields<Settings> = {
  net: line("net", "expected a net’s name or text", true),
  optimizer: oneOf("optimizer", ["adam", "adamw", "sgd"]),
  lr: number("learning rate", { above: 0 }),
  rates: changesField,
  weightDecay: positive("weight decay"),
  momentum: share("momentum"),
  nesterov: flag("Nesterov’s momentum"),
  schedule: oneOf("schedule", ["constant", "step", "cosine", "one-cycle"]),
  warmUp: number("warm-up", { from: 0, to: 1 }),
  batch: whole("batch size", { from: 1 }),
  // The page refuses 0 epochs; for the engine they are no mistake.
  epochs: strict(whole("epochs", { from: 1 })),
  seed: whole("seed", { from: 0 }),
  labelSmoothing: share("label smoothing"),
  clipNorm: positive("gradient clipping"),
  averaging: share("weight averaging"),
  validation: whole("validation digits", { from: 0 }),
  patience: whole("patience", { from: 0 }),
  shift: positive("shift"),
  rotation: positive("rotation"),
  scale: share("scale"),
  shear: positive("shear"),
  normalize: flag("normalisation"),
};

export const keys = Object.keys(fields) as Key[];

// The settings that a link always has.
const always: Key[] = ["net", "optimizer", "lr", "batch", "epochs", "seed"];

export const text = (settings: Settings, key: Key): string => textOf(fields, settings, key);

// The sentence for a complaint. It names what is used instead: the recipe for the net, which is
// known when the engine is loaded.
export const sentence = (complaint: Complaint<Key>, base: Settings): string =>
  sentenceOf(fields, complaint, base);

// The settings that an address asks for, which of them it names, and what makes no sense.
export function fromAddress(search: string) {
  const settings = structuredClone(defaults);
  return { settings, ...readAddress<Settings, Key>(fields, settings, search) };
}

// The query that repeats these settings; what else the address says (autostart) is kept. Settings
// that equal those of `base`, the recipe for the net, are left out.
export function toAddress(settings: Settings, base: Settings, search: string): string {
  const said = keys.filter(
    (key) => always.includes(key) || text(settings, key) !== text(base, key),
  );
  return writeAddress(
    fields,
    said.map((key) => [key, text(settings, key)]),
    search,
  );
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
