// The lab's state and its part of the address: the formula, its values, which of them need no
// gradient, and the current step. What equals its default is left out.
import { defaultValue, presets, read } from "./language/language";

export interface State {
  formula: string;
  values: Record<string, string>;
  fixed: string[];
  // The current step; undefined for the last one.
  at: number | undefined;
  opened?: Opened | undefined;
}

/** A step of a run in Digits: where it was taken, but not its numbers, which only that run has. */
export interface Opened {
  step: string;
  sample: string;
  run: string; // the run's own part of the address
}

interface Base {
  values: Record<string, string>;
  fixed: string[];
}

/** The default values of a formula. */
export function baseOf(formula: string, names: readonly string[]): Base {
  const preset = presets.find((each) => each.formula === formula);
  if (preset) return { values: { ...preset.values }, fixed: [...preset.fixed] };
  return {
    values: Object.fromEntries(names.map((name, i) => [name, defaultValue(i)])),
    fixed: [],
  };
}

const namesOf = (formula: string): string[] => {
  try {
    return read(formula).names;
  } catch {
    return [];
  }
};

const openedKeys = ["step", "sample", "run"] as const;

export function fromAddress(search: string): State {
  const query = new URLSearchParams(search);
  const formula = query.get("f") ?? presets[0]!.formula;
  const names = namesOf(formula);
  const { values, fixed } = baseOf(formula, names);
  for (const name of names) values[name] = query.get(name) ?? values[name]!;
  const said = query
    .get("fixed")
    ?.split(",")
    .filter((name) => names.includes(name));
  const at = query.get("at");
  const [step, sample, run] = openedKeys.map((key) => query.get(key)?.slice(0, 2000) ?? "");
  return {
    formula,
    values,
    fixed: said ?? fixed,
    at: at !== null && /^\d+$/.test(at) ? Number(at) : undefined,
    opened: /^\d+$/.test(step!) ? { step: step!, sample: sample!, run: run! } : undefined,
  };
}

export function toAddress({ formula, values, fixed, at, opened }: State): string {
  const names = namesOf(formula);
  const base = baseOf(formula, names);
  const parts: [string, string][] = [];
  if (formula !== presets[0]!.formula) parts.push(["f", formula]);
  for (const name of names) {
    if (values[name] !== base.values[name]) parts.push([name, values[name]!]);
  }
  const own = fixed.filter((name) => names.includes(name));
  if (own.join() !== base.fixed.join()) parts.push(["fixed", own.join(",")]);
  if (at !== undefined) parts.push(["at", String(at)]);
  if (opened) for (const key of openedKeys) if (opened[key]) parts.push([key, opened[key]]);
  return parts.length > 0 ? `?${new URLSearchParams(parts)}` : "";
}
