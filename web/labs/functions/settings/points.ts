// The visitor's own points as CSV: x,y or x,y,z on each line, with commas, semicolons or tabs
// between them, and perhaps a first line of names.
import { grouped } from "../../../ui/format";
import { readNumber } from "../../../settings/field";

const most = 5000;

// Reads the points; throws an Error with one sentence that names the line.
export function readPoints(text: string): number[][] {
  const rows: number[][] = [];
  // The first line with numbers.
  let first = 0;
  // Whether there is a line of names above.
  let named = false;
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  for (const [i, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const cells = split(line);
    const numbers = cells.map(readNumber);
    const bad = numbers.findIndex((value) => !Number.isFinite(Math.fround(value)));
    const where = `points: line ${i + 1}`;
    if (bad >= 0 && rows.length === 0 && !named && numbers.every(Number.isNaN)) {
      named = true;
      continue;
    }
    if (cells.length !== 2 && cells.length !== 3) {
      const count = `${cells.length} ${cells.length === 1 ? "column" : "columns"}`;
      throw new Error(`${where} has ${count}, expected x,y or x,y,z.`);
    }
    if (bad >= 0) throw new Error(`${where}: “${cells[bad]}” is no number.`);
    if (rows.length > 0 && cells.length !== rows[0]!.length) {
      throw new Error(
        `${where} has ${cells.length} columns, line ${first} has ${rows[0]!.length}, expected as many on each.`,
      );
    }
    if (rows.length === 0) first = i + 1;
    rows.push(numbers);
    if (rows.length > most) {
      throw new Error(`${where} is one too many, expected at most ${grouped(most)} points.`);
    }
  }
  if (rows.length < 2) {
    const found = rows.length === 1 ? "only one point" : "no points";
    throw new Error(
      `points: there ${rows.length === 1 ? "is" : "are"} ${found}, expected at least two lines like 1.5,2.`,
    );
  }
  return rows;
}

// "1,5;2" has decimal commas, so no file may use commas for both.
function split(line: string): string[] {
  const separator = line.includes("\t") ? "\t" : line.includes(";") ? ";" : ",";
  return line.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, "$1"));
}

// The points as the address has them: lines between semicolons.
export const toText = (rows: number[][]) => rows.map((row) => row.join()).join(";");
export const fromText = (text: string) => readPoints(text.replaceAll(";", "\n"));
