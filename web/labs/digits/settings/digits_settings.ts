// The settings of a run, and how they stand in the page's address and in its form.
import type { NamedRecipe, RunSettings } from "lanegrad";
import { settings as table, type Setting } from "lanegrad/settings";
import {
  readAddress,
  sentence as sentenceOf,
  writeAddress,
  type Complaint,
} from "../../../settings/address";
import { line, number, strict, textOf, whole, type Fields } from "../../../settings/field";
import { changesField, type Changes } from "../../../settings/rates";
import { applies, fieldOf, type ValueOf } from "../../../settings/rows";

type OfTable = { [Row in (typeof table)[number] as Row["id"]]: ValueOf<Row> };

/** The settings by their ids: "lr" is the rate that the run begins with. */
export interface Settings extends OfTable {
  rates: Changes;
}

/** All settings of the engine's table. */
export const rows: readonly Setting[] = table;

export type Key = keyof Settings;

// The settings for a net that the engine has no recipe for, which the form also shows before there
// is an engine. The page trains longer than the engine does where nobody says how long.
export const defaults = {
  ...Object.fromEntries(rows.map((row) => [row.id, row.default])),
  rates: [],
  epochs: 5,
} as unknown as Settings;

// Where the page has bounds or words of its own.
const own: Partial<Fields<Settings>> = {
  net: line("net", "expected a net’s name or text", true),
  lr: number("learning rate", { above: 0 }), // the slider shows powers of ten
  // The page refuses 0 epochs; for the engine they are no mistake.
  epochs: strict(whole("epochs", { from: 1 })),
  validation: whole("validation digits", { from: 0 }),
};

// The engine says whether a number makes sense, so bounds are asked only for addresses. The rates
// follow the one that the run begins with.
export const fields = Object.fromEntries(
  rows.flatMap((row) => {
    const field = [row.id, own[row.id as Key] ?? fieldOf(row)];
    return row.id === "lr" ? [field, ["rates", changesField]] : [field];
  }),
) as Fields<Settings>;

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

// How a net is best trained: the engine's recipe, or the page's usual settings.
export function recipeFor(net: string, recipes: readonly NamedRecipe[]): Settings {
  const known = recipes.find(({ name }) => name === net);
  return known ? { ...fromEngine(known.settings), net } : { ...defaults, net };
}
