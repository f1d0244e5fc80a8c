// The attributes of an element: the settings of a training by their names, and a few of its own.
import { settings, type Setting, type Value } from "lanegrad/settings";
import type { TrainerOptions } from "lanegrad";
import { refusal, whole, type Field } from "../settings/field";
import { known, similar } from "../settings/names";
import { fieldOf } from "../settings/rows";

const labs = ["digits", "functions"] as const;
const themes = ["light", "dark"] as const;

/** What the attributes say. */
export interface Asked {
  lab: (typeof labs)[number];
  data: string;
  settings: Omit<TrainerOptions, "data">;
  epochs: number | undefined;
  seed: number;
  autostart: boolean;
  /** What is wrong with an attribute, in a sentence each. */
  complaints: string[];
}

/** A setting's name as an attribute: learningRate is learning-rate, and the name of an optimizer is optimizer. */
const attributeOf = ({ name, id }: Setting): string =>
  (name === "name" ? id : name).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const rows = new Map((settings as readonly Setting[]).map((row) => [attributeOf(row), row]));
const threads = whole("threads", { from: 1 });

/** The attributes that an element listens to. */
export const attributes = ["lab", "data", "threads", "autostart", "theme", ...rows.keys()];

/** Reads the attributes of an element. */
export function readAttributes(element: Element): Asked {
  const complaints: string[] = [];
  const text = (name: string) => element.getAttribute(name)?.trim();
  const read = <T>(name: string, { read, ...rest }: Field<T>, said = text(name)): T | undefined => {
    if (said === undefined) return undefined;
    const value = read(said);
    if (value === undefined)
      complaints.push(`${name}: ${refusal({ read, ...rest } as Field<unknown>, said)}`);
    return value;
  };
  const choice = <T extends string>(name: string, names: readonly T[]) => {
    const said = text(name);
    const value = names.find((each) => each === said?.toLowerCase());
    if (said !== undefined && value === undefined)
      complaints.push(`${name}: ${names.join(" or ")}, not “${said}”`);
    return value;
  };
  const taken: Record<string, unknown> = {};
  for (const [name, row] of rows) {
    const said = text(name);
    const value = read<Value>(
      name,
      fieldOf(row),
      row.kind === "flag" && said === "" ? "true" : said,
    );
    if (value !== undefined && value !== "") place(taken, row, value);
  }
  const most = read("threads", threads);
  choice("theme", themes);
  complaints.push(...misspelt(element));
  return {
    lab: choice("lab", labs) ?? "digits",
    data: text("data") ?? "",
    settings: { ...taken, ...(most !== undefined && { threads: most }) },
    epochs: taken["epochs"] as number | undefined,
    seed: (taken["seed"] as number | undefined) ?? 1,
    autostart: element.hasAttribute("autostart"),
    complaints,
  };
}

// Puts a setting where Trainer.create takes it: the optimizer's own into an object of that name.
function place(taken: Record<string, unknown>, { name, group }: Setting, value: Value): void {
  if (group === undefined) taken[name] = value;
  else taken[group] = { ...(taken[group] as object | undefined), [name]: value };
}

// Pages put attributes of all kinds on elements; told of are those that look like one of these.
function misspelt(element: Element): string[] {
  return element.getAttributeNames().flatMap((name) => {
    if (attributes.includes(name) || /^(?:data-|aria-|on|_|v-)/.test(name)) return [];
    const byName = known(name, attributes) ?? similar(name, attributes);
    const id = known(
      name,
      settings.map((row) => row.id as string),
    );
    const row = (settings as readonly Setting[]).find((each) => each.id === id);
    const meant = byName ?? (row && attributeOf(row));
    return meant ? [`${name}: there is no such attribute, expected ${meant}`] : [];
  });
}
