// Makes files for the visitor: tables as CSV, and plots as PNG.
import { csv, downloadCanvas, downloadText, type Cell } from "../../../ui/download";

// Saves a table; `columns` has as many numbers, or texts, for each name.
export function saveColumns(
  file: string,
  names: readonly string[],
  columns: readonly ArrayLike<Cell>[],
): void {
  const rows = Array.from(columns[0]!, (_, i) => columns.map((column) => column[i]));
  saveRows(file, names, rows);
}

export function saveRows(
  file: string,
  names: readonly string[],
  rows: readonly (readonly Cell[])[],
): void {
  downloadText(file, csv([names, ...rows]), "text/csv");
}

// Saves a canvas on the paper's colour, since a canvas has none of its own.
export function saveCanvas(name: string, canvas: HTMLCanvasElement): Promise<void> {
  const sheet = document.createElement("canvas");
  [sheet.width, sheet.height] = [canvas.width, canvas.height];
  const context = sheet.getContext("2d")!;
  context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--paper");
  context.fillRect(0, 0, sheet.width, sheet.height);
  context.drawImage(canvas, 0, 0);
  return downloadCanvas(name, sheet);
}
