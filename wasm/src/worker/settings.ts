// Between settings as JavaScript has them and the entries of the engine's recipes, which are text
// by name: { optimizer: { name: "sgd", learningRate: 0.1 } } is optimizer: "sgd", learning-rate:
// "0.1". The engine knows what a setting means, and says what is wrong with it.
import { optimizerOptions, scheduleOptions } from "../api/optimizers.js";
import * as check from "../check.js";
import { weightsOption } from "./weights.js";
import type {
  Augmentation,
  OptimizerDescription,
  RunSettings,
  ScheduleDescription,
  TrainingSettings,
} from "../protocol/settings.js";

const optimizer: check.Options<OptimizerDescription> = { name: check.text, ...optimizerOptions };
const schedule: check.Options<ScheduleDescription> = scheduleOptions;
export const augmentOptions: check.Options<Augmentation> = {
  shift: check.element,
  rotation: check.element,
  scale: check.element,
  shear: check.element,
};

/** The settings that stand in objects of their own, by the name of the object. */
const groups: Record<string, object> = { optimizer, schedule, augment: augmentOptions };

/** The kinds of values. The engine knows what numbers mean, and which are too large. */
export const runOptions: check.Options<RunSettings> = {
  net: check.text,
  optimizer: { what: "optimizer", known: optimizer },
  schedule: { what: "schedule", known: schedule },
  epochs: check.element,
  batchSize: check.element,
  seed: (what, value) => (typeof value === "bigint" ? value : check.element(what, value)),
  labelSmoothing: check.element,
  clipNorm: check.element,
  averaging: check.element,
  validation: check.element,
  patience: check.element,
  augment: { what: "augment", known: augmentOptions },
  normalize: check.boolean,
};

export const trainingOptions: check.Options<TrainingSettings> = {
  ...runOptions,
  weights: weightsOption,
  checkpoint: check.bytes,
};

/**
 * The entries as names and texts in turn, ["net", "mlp", "batch-size", "64"]; an optimizer's name
 * comes before its settings.
 */
export function entriesOf(settings: RunSettings): string[] {
  const entries: string[] = [];
  const add = (name: string, value: unknown): void => {
    if (value !== undefined) entries.push(kebab(name), String(value));
  };
  for (const [group, value] of Object.entries(settings) as [string, unknown][]) {
    if (!Object.hasOwn(groups, group)) {
      add(group, value);
      continue;
    }
    const { name, ...parts } = (value ?? {}) as { name?: unknown };
    add(group, name);
    for (const [part, inner] of Object.entries(parts)) add(part, inner);
  }
  return entries;
}

/** The settings that entries describe; an empty text is a setting that is left out. */
export function settingsOf(entries: readonly string[]): RunSettings {
  const settings: Record<string, unknown> = {};
  for (let i = 0; i < entries.length; i += 2) {
    const [name, text] = [camel(entries[i]!), entries[i + 1]!];
    if (text === "") continue;
    const group = Object.keys(groups).find(
      (key) => key === name || Object.hasOwn(groups[key]!, name),
    );
    const value = valueOf(name, text);
    if (group === undefined) settings[name] = value;
    else Object.assign((settings[group] ??= {}), { [group === name ? "name" : name]: value });
  }
  return settings as RunSettings;
}

function valueOf(name: string, text: string): string | number | bigint | boolean {
  if (text === "true" || text === "false") return text === "true";
  const number = Number(text);
  if (name === "seed" && !Number.isSafeInteger(number)) return BigInt(text);
  return Number.isNaN(number) ? text : number;
}

/** The name as recipes have it: "learningRate" → "learning-rate". */
const kebab = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const camel = (name: string): string =>
  name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
