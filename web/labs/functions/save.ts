// Files for the visitor to keep: tables as CSV, plots as PNG on paper.

export function saveText(name: string, text: string): void {
  save(name, new Blob([text], { type: "text/csv" }));
}

export function csv(names: string[], columns: ArrayLike<number>[]): string {
  const rows = Array.from(columns[0]!, (_, i) => columns.map((column) => column[i]).join());
  return [names.join(), ...rows, ""].join("\n");
}

// A canvas has no paper of its own.
export function savePicture(name: string, canvas: HTMLCanvasElement): void {
  const sheet = document.createElement("canvas");
  [sheet.width, sheet.height] = [canvas.width, canvas.height];
  const context = sheet.getContext("2d")!;
  context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--paper");
  context.fillRect(0, 0, sheet.width, sheet.height);
  context.drawImage(canvas, 0, 0);
  sheet.toBlob((blob) => blob && save(name, blob));
}

function save(name: string, blob: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
