// What the net says of each held-out row, as a file: with what is true, and the row as it stood in the table.
import { downloadTable, type Cell } from "../../../ui/download";
import type { TablesRun } from "../run/tables_run";

export function saveHeldAnswers({ session, opened }: TablesRun): void {
  const { made, judged } = session;
  if (!made || !judged || !opened) return;
  const { truth, prepared } = made;
  const { name } = prepared.target;
  const say = (value: number): Cell => (truth.isClasses ? prepared.classNames![value] : value);
  const { columns } = opened.table;
  const rows = Array.from(prepared.held.rows, (row, i) => [
    row + 1,
    ...opened.table.texts(row, 1)[0]!,
    say(judged.answers[i]!),
  ]);
  const heads = ["row", ...columns.map((column) => column.name), `${name} (predicted)`];
  downloadTable("lanegrad-held-out.csv", [heads, ...rows]);
}
