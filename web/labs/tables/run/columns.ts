// What a table's columns are taken for, and which one is to be predicted.
import type { Table } from "lanegrad/data";
import type { ColumnKind, Kinds, Settings } from "../settings/tables_settings";

const targetNames = ["target", "label", "class", "y"];

/** The number of the column to predict: the one that is named, or what is usually the target. */
export function targetOf({ columns }: Table, { target }: Settings): number {
  const named = columns.findIndex(({ name }) => name === target);
  if (named >= 0) return named;
  const called = columns.findIndex(({ name }) => targetNames.includes(name.trim().toLowerCase()));
  if (called >= 0) return called;
  return Math.max(
    0,
    columns.findLastIndex(({ kind }) => kind !== "ignored"),
  );
}

/** The kinds of the columns as the table was read. */
export const kindsOf = ({ columns }: Table): ColumnKind[] => columns.map(({ kind }) => kind);

/**
 * Takes the columns for what the settings say, and for what they were at `first` otherwise; what cannot be is dropped from
 * the settings, and a sentence for each returned.
 */
export function applied(table: Table, settings: Settings, first: readonly ColumnKind[]): string[] {
  const notices: string[] = [];
  for (const [column, kind] of first.entries()) {
    if (table.columns[column]!.kind !== kind) table.setKind(column, kind);
  }
  for (const [number, kind] of settings.kinds) {
    try {
      if (!table.columns[number - 1])
        throw new Error(`There is no column ${number} in this table.`);
      table.setKind(number - 1, kind);
    } catch (error) {
      settings.kinds = settings.kinds.filter(([each]) => each !== number);
      notices.push((error as Error).message);
    }
  }
  if (settings.target && table.columns.every(({ name }) => name !== settings.target)) {
    notices.push(
      `There is no column “${settings.target}” in this table; another one is predicted.`,
    );
    settings.target = "";
  }
  return notices;
}

/** What is changed of the columns after this change. */
export function changedKinds(
  kinds: Kinds,
  column: number,
  kind: ColumnKind,
  first: readonly ColumnKind[],
): Kinds {
  const others = kinds.filter(([number]) => number !== column + 1);
  if (kind === first[column]) return others;
  return [...others, [column + 1, kind] as const].sort(([a], [b]) => a - b);
}
