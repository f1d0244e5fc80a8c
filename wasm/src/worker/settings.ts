// Between settings as JavaScript has them and the entries of the engine's recipes, which are text by name:
// { optimizer: { name: "sgd", learningRate: 0.1 } } is optimizer: "sgd", learning-rate: "0.1". What a
// setting means, and what is wrong with it, is the engine's to say.
import * as check from "../check.js";
import type { RunSettings } from "./protocol.js";

/** What stands in an object of its own. */
const groups: Record<string, readonly string[]> = {
  optimizer: ["learningRate", "weightDecay", "momentum", "nesterov", "beta1", "beta2", "epsilon"],
  schedule: ["drops", "factor", "warmUp", "start", "end"],
  augment: ["shift", "rotation", "scale", "shear"],
};

/** Names and texts in turn, ["net", "mlp", "batch-size", "64"]: an optimizer's name before its settings. */
export function entriesOf(settings: RunSettings): string[] {
  const entries: string[] = [];
  const add = (name: string, value: unknown): void => {
    if (value === undefined) return;
    if (typeof value !== "number" && typeof value !== "boolean" && typeof value !== "string") {
      check.fail(kebab(name), value, "a number, a text, true or false");
    }
    entries.push(kebab(name), String(value));
  };
  for (const [group, value] of Object.entries(settings) as [string, unknown][]) {
    if (!Object.hasOwn(groups, group)) {
      add(group, value);
      continue;
    }
    const { name, ...parts } = check.options(group, value as { name?: unknown } | undefined);
    add(group, name);
    for (const [part, inner] of Object.entries(parts)) add(part, inner);
  }
  return entries;
}

/** The way back; an empty text is a setting left out. */
export function settingsOf(entries: readonly string[]): RunSettings {
  const settings: Record<string, unknown> = {};
  for (let i = 0; i < entries.length; i += 2) {
    const [name, text] = [camel(entries[i]!), entries[i + 1]!];
    if (text === "") continue;
    const value = text === "true" || (text !== "false" && (isNaN(+text) ? text : +text));
    const group = Object.keys(groups).find((key) => key === name || groups[key]!.includes(name));
    if (group === undefined) settings[name] = value;
    else Object.assign((settings[group] ??= {}), { [group === name ? "name" : name]: value });
  }
  return settings as RunSettings;
}

/** "learningRate" → "learning-rate" */
const kebab = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const camel = (name: string): string =>
  name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
