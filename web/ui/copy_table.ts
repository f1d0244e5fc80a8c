// Copies a table as CSV; where the browser refuses, the table is saved as a file instead.
import { csv, downloadTable, type Cell } from "./download";

/** Copies a text; resolves with whether that could be. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Resolves with a sentence on what has become of the table. */
export async function copyTable(name: string, rows: readonly (readonly Cell[])[]): Promise<string> {
  if (await copyText(csv(rows))) return "Copied. Paste it into a spreadsheet.";
  downloadTable(name, rows);
  return `This browser lets nothing be copied here; it is saved as ${name}.`;
}
