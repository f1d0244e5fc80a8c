// The settings of a run, and how they stand in the page's address and in its form.
import type { NamedRecipe, RunSettings } from "lanegrad";
import type { WhichMnist } from "../../../data/mnist";
import { settings as table, type Setting } from "lanegrad/settings";
import { readAddress, writeAddress } from "../../../settings/address";
import { line, number, oneOf, textOf, whole, type Fields } from "../../../settings/field";
import { grouped } from "../../../ui/format";
import { changesField, type Changes } from "../../../settings/rates";
import { applies, fieldOf, type ValueOf } from "../../../settings/rows";

type OfTable = { [Row in (typeof table)[number] as Row["id"]]: ValueOf<Row> };

/** The settings by their ids: "lr" is the rate that the run begins with. */
export interface Settings extends OfTable {
  rates: Changes;
  /** Which MNIST is learned, unless it is other pictures. */
  data: WhichMnist;
}

/** All settings of the engine's table. */
export const rows: readonly Setting[] = table;

export type Key = keyof Settings;

// How many samples the page holds back where nobody says so: it judges by these as it learns, and
// keeps the test for the end.
export const heldBack = (samples = 60_000): number => Math.min(5000, Math.floor(samples / 6));

// The settings for a net that the engine has no recipe for, which the form also shows before there
// is an engine. The page trains longer than the engine does where nobody says how long.
export const defaults = {
  ...Object.fromEntries(rows.map((row) => [row.id, row.default])),
  rates: [],
  data: "full",
  epochs: 5,
  validation: heldBack(),
} as unknown as Settings;

// The first run learns from plain digits and plain labels, so that its loss on these can be compared
// with that on others. Somebody who names a net gets all that the recipe for it recommends.
const plain: Key[] = ["labelSmoothing", "shift", "rotation"];

// Where the page has bounds or words of its own.
const own: Partial<Fields<Settings>> = {
  net: {
    ...line("net", "a net’s name or text", true),
    // The names of the catalog are in small letters.
    read: (text) =>
      /^\s*\w+\s*$/.test(text) ? text.trim().toLowerCase() : text.trim() || undefined,
  },
  lr: number("learning rate", { above: 0 }), // the slider shows powers of ten
  validation: whole("validation digits", { from: 0 }),
};

// The rates follow the one that the run begins with.
export const fields = Object.fromEntries([
  ["data", oneOf("data", ["full", "small"])],
  ...rows.flatMap((row) => {
    const field = [row.id, own[row.id as Key] ?? fieldOf(row)];
    return row.id === "lr" ? [field, ["rates", changesField]] : [field];
  }),
]) as Fields<Settings>;

export const keys = Object.keys(fields) as Key[];

// The settings that a link always has.
const always: Key[] = ["net", "optimizer", "lr", "batch", "epochs", "seed"];

export const text = (settings: Settings, key: Key): string => textOf(fields, settings, key);

// The settings that an address asks for, which of them are not the recipe's, and what is not taken.
// The rest is the page's usual, until the engine has its recipes.
export function fromAddress(search: string) {
  const read = structuredClone(defaults);
  const { named, complaints } = readAddress<Settings, Key>(fields, read, search);
  const first = named.includes("net") ? [] : plain.filter((key) => !named.includes(key));
  const asked = [...named, ...first];
  return { settings: completed(only(read, asked), []), named: asked, complaints };
}

// The query that repeats these settings; what else the address says (autostart) is kept. Settings
// that follow from the net, the optimizer and the schedule are left out.
export function toAddress(
  settings: Settings,
  recipes: readonly NamedRecipe[],
  search: string,
): string {
  const base = completed(only(settings, ["net", "optimizer", "schedule", "data"]), recipes);
  base.data = defaults.data;
  base.schedule = recipeFor(settings.net, recipes).schedule;
  const said = keys.filter(
    (key) => always.includes(key) || text(settings, key) !== text(base, key),
  );
  return writeAddress<Settings>(
    said.map((key) => [key, text(settings, key)]),
    search,
  );
}

// The settings of these names alone.
export const only = (settings: Settings, names: readonly Key[]): Partial<Settings> =>
  Object.fromEntries(names.map((name) => [name, settings[name]]));

export function wantsAutostart(search: string): boolean {
  const value = new URLSearchParams(search).get("autostart");
  return value !== null && value !== "0" && value !== "false";
}

// ---- To the engine and back -------------------------------------------------

// The settings that `only` names, for the engine; it has a recipe for the rest. An optimizer refuses
// what it does not have.
export function forEngine(settings: Settings, only: readonly Key[] = keys): RunSettings {
  const run: Record<string, unknown> = {};
  for (const row of rows) {
    const { id, name, group } = row;
    const place = group ?? name;
    run[place] ??= undefined;
    const wanted = only.includes(id as Key) && (group !== "optimizer" || applies(row, settings));
    if (!wanted) continue;
    const value = settings[id as Key];
    run[place] = group ? { ...(run[place] as object), [name]: value } : value;
  }
  return run as RunSettings;
}

export function fromEngine(run: RunSettings): Settings {
  const settings: Record<string, unknown> = { ...structuredClone(defaults) };
  for (const { id, name, group, kind, defaults: others } of rows) {
    const inside = (group ? run[group as keyof RunSettings] : run) as Record<string, unknown>;
    const value = inside?.[name] ?? others?.[run.optimizer?.name ?? ""];
    if (value !== undefined) settings[id] = kind === "seed" ? Number(value) : value;
  }
  return settings as unknown as Settings;
}

// Whether the net is to see the pictures distorted.
export const isDistorted = ({ shift, rotation, scale, shear }: Settings): boolean =>
  shift > 0 || rotation > 0 || scale > 0 || shear > 0;

// How a net is best trained: the engine's recipe, or the page's usual settings.
export function recipeFor(
  net: string,
  recipes: readonly NamedRecipe[],
  data = defaults.data,
): Settings {
  const known = recipes.find(({ name }) => name === net);
  const validation = heldBack(data === "small" ? 9000 : undefined);
  return { ...(known ? fromEngine(known.settings) : defaults), net, data, validation };
}

// All settings of a run of which some are given. The rest is the recipe's for the net, whose
// optimizer and schedule go with the settings of their own.
export function completed(given: Partial<Settings>, recipes: readonly NamedRecipe[]): Settings {
  const recipe = recipeFor(given.net ?? defaults.net, recipes, given.data);
  const other = fromEngine({
    optimizer: { name: given.optimizer ?? recipe.optimizer },
  } as RunSettings);
  const settings = rows.map(({ id, group }) => {
    const of = group as Key;
    const same = (given[of] ?? recipe[of]) === recipe[of];
    return [id, given[id as Key] ?? (same ? recipe : other)[id as Key]];
  });
  return { ...recipe, ...Object.fromEntries(settings), rates: given.rates ?? [] };
}

// ---- What goes together -----------------------------------------------------

// Settings that do not go together, of which one is to be changed.
export interface Conflict {
  key: Key;
  sentence: string;
}

// What is wrong with the settings together, or with the number of samples that there are; undefined
// before that is known.
export function conflictOf(settings: Settings, samples: number | undefined): Conflict | undefined {
  const { patience, validation, optimizer, nesterov, momentum } = settings;
  if (patience > 0 && validation === 0) {
    const sentence = "Patience needs digits to watch: set “Held back” above 0, or “Patience” to 0.";
    return { key: "patience", sentence };
  }
  if (samples && validation >= samples) {
    const sentence = `Of ${grouped(samples)} some must be left to learn from: hold fewer back.`;
    return { key: "validation", sentence };
  }
  if (optimizer === "sgd" && nesterov && momentum === 0)
    return { key: "nesterov", sentence: "Nesterov’s momentum needs a momentum above 0." };
  return undefined;
}
