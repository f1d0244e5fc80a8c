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
