// Gives the visitor a file: text, bytes or a picture that the page has made.
import { make } from "./dom";

export function downloadText(name: string, text: string, type = "text/plain"): void {
  downloadBlob(name, new Blob([text], { type: `${type};charset=utf-8` }));
}

export function downloadTable(name: string, rows: readonly (readonly Cell[])[]): void {
  downloadText(name, csv(rows), "text/csv");
}

export async function downloadCanvas(name: string, canvas: HTMLCanvasElement): Promise<void> {
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (!blob) {
    const size = `${canvas.width} × ${canvas.height}`;
    throw new Error(`${name}: a picture of ${size} pixels could not be made.`);
  }
  downloadBlob(name, blob);
}

// A plot whose canvas has no paper of its own, on the page's.
export function downloadPlot(name: string, canvas: HTMLCanvasElement): Promise<void> {
  const sheet = document.createElement("canvas");
  [sheet.width, sheet.height] = [canvas.width, canvas.height];
  const context = sheet.getContext("2d")!;
  context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--paper");
  context.fillRect(0, 0, sheet.width, sheet.height);
  context.drawImage(canvas, 0, 0);
  return downloadCanvas(name, sheet);
}

export function downloadBlob(name: string, blob: Blob): void {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// A table as text (RFC 4180): commas between cells, CRLF after rows, quotes where a cell needs
// them. A number that is not finite and an undefined cell are empty cells.
export function csv(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

export type Cell = string | number | null | undefined;

function cell(value: Cell): string {
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  const text = value ?? "";
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
