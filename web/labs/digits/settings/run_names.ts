// Short names for runs that say how their settings differ: "lr 0.01, seed 2".
import type { NamedRecipe } from "lanegrad";
import { nameInAddress } from "../../../settings/address";
import { tidy } from "../../../settings/net_field";
import { applies } from "../../../settings/rows";
import type { TrainedWith } from "../run/run_record";
import { keys, recipeFor, rows, text, type Key, type Settings } from "./digits_settings";

type Named = Pick<TrainedWith, "settings" | "net" | "rates">;

// The most letters of a net's text, and of a name.
const longestNet = 24;
const longest = 60;

/**
 * A name for each of these runs, from the settings in which they differ. A run that is alone, or
 * that differs in nothing, is named by its net and by what is not the recipe's for that.
 */
export function suggestedNames(runs: readonly Named[], recipes: readonly NamedRecipe[]): string[] {
  // What only some optimizers and schedules have follows from these.
  const differing = keys.filter((key) => {
    const texts = runs.map((run) => said(key, run));
    return texts.every(Boolean) && new Set(texts).size > 1;
  });
  return runs.map((run) => {
    const { net, data } = run.settings;
    const settings: Settings = { ...recipeFor(net, recipes, data), data: "full" };
    const usual = { settings, net: run.net, rates: [settings.lr] };
    const own = keys.filter((key) => key === "net" || said(key, run) !== said(key, usual));
    const parts = (differing.length > 0 ? differing : own).map((key) => said(key, run));
    return shortened(parts.filter(Boolean).join(", "), longest);
  });
}

// One setting in a few letters; nothing where the run has no such setting.
function said(key: Key, { settings, net, rates }: Named): string {
  if (key === "data") return settings.data === "small" ? "small MNIST" : "all of MNIST";
  const row = rows.find(({ id }) => id === key);
  if (!row || !applies(row, settings)) return "";
  const value = text(settings, key);
  const name = nameInAddress(key).replaceAll("-", " ");
  if (key === "net") return /[ ,]/.test(value) ? shortened(tidy(net), longestNet) : value;
  // The rates that were changed on the way are told with the first one.
  if (key === "lr") return `lr ${rates.length > 3 ? `${rates[0]} → …` : rates.join(" → ")}`;
  if (row.kind === "choice") return value;
  if (row.kind === "flag") return value === "true" ? name : `no ${name}`;
  return `${name} ${value}`;
}

const shortened = (text: string, most: number) =>
  text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text;
