// What the page makes of the engine's table of settings: a field for each, and rows of a form for
// those that the form has none for.
import type { Setting, Value } from "lanegrad/settings";
import { make } from "../ui/dom";
import { flag, line, number, oneOf, whole, type Field } from "./field";

/** The type of a setting's values. */
export type ValueOf<Row> = Row extends { kind: "flag" }
  ? boolean
  : Row extends { kind: "text" | "choice" }
    ? string
    : number;

/** How a setting is read and written. */
export function fieldOf({ kind, title, choices = [], bounds = {} }: Setting): Field<Value> {
  const field =
    kind === "choice"
      ? oneOf(title, choices)
      : kind === "flag"
        ? flag(title)
        : kind === "text"
          ? line(title, "a text")
          : kind === "seed"
            ? whole(title, { ...bounds, to: Number.MAX_SAFE_INTEGER })
            : (kind === "number" ? number : whole)(title, bounds);
  return field as Field<Value>;
}

/** Whether the optimizer or the schedule that is chosen has a setting. */
export const applies = ({ of, group }: Setting, settings: object): boolean =>
  !of || of.includes((settings as Record<string, string>)[group!]!);

function rowOf({ id, kind, choices = [] }: Setting, label: string): HTMLElement {
  if (kind === "flag") {
    const input = make("input", { id, name: id, type: "checkbox" });
    return make("label", { className: "check" }, input, ` ${label}`);
  }
  const input =
    kind === "choice"
      ? make("select", { id, name: id }, ...choices.map((choice) => make("option", {}, choice)))
      : make("input", { id, name: id, autocomplete: "off" });
  return make("div", { className: "field" }, make("label", { htmlFor: id }, label), input);
}

/**
 * Puts rows into `place` for the settings that the form has none for: in pairs, and those with a
 * check mark below. They are called by their labels or, without one, by their titles.
 */
export function addRows(
  place: HTMLElement,
  form: HTMLFormElement,
  rows: readonly Setting[],
  labels: Readonly<Record<string, string>>,
): void {
  const missing = rows.filter(({ id }) => form.elements.namedItem(id) === null);
  // Those that only some optimizers and schedules have come last.
  missing.sort((a, b) => Number(a.of !== undefined) - Number(b.of !== undefined));
  const pairs = make("div", { className: "pair" });
  place.append(pairs);
  for (const row of missing) {
    const label = labels[row.id] ?? row.title[0]!.toUpperCase() + row.title.slice(1);
    (row.kind === "flag" ? place : pairs).append(rowOf(row, label));
  }
}

/** Shows the rows of those settings alone that the chosen optimizer and schedule have. */
export function showRows(form: HTMLFormElement, rows: readonly Setting[], settings: object): void {
  for (const row of rows) {
    const input = form.elements.namedItem(row.id) as HTMLElement | null;
    const shown = input?.closest<HTMLElement>(".field, .check");
    if (shown && row.of) shown.hidden = !applies(row, settings);
  }
}
