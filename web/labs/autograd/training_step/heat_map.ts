// A tensor as a small picture: blue above 0, orange below, paler towards 0. Images and filters are
// drawn as they are, a row of many numbers is folded, and weights of pixels are one picture for
// each neuron.
import { numel } from "../../../data/numel";

const mostTiles = 64;
// The most pixels of a side.
const mostPixels = 512;

export interface Folding {
  // The number of pictures.
  tiles: number;
  // The number of rows of each picture.
  rows: number;
  columns: number;
  // The index into the values; −1 where there is nothing.
  at(tile: number, row: number, column: number): number;
  // A sentence on what is not in sight.
  note: string;
}

/**
 * How values of this shape become pictures. `pixels` is the number of pixels of the input if that
 * is a square image.
 */
export function fold(shape: readonly number[], pixels: number): Folding {
  if (shape.length === 4) {
    const [rows, columns] = [shape[2]!, shape[3]!];
    const all = shape[0]! * shape[1]!;
    const tiles = Math.min(all, mostTiles);
    const at = (tile: number, row: number, column: number) =>
      (tile * rows + row) * columns + column;
    return { tiles, rows, columns, at, note: cut(tiles, all) };
  }
  const columns = shape.at(-1) ?? 1;
  const rows = numel(shape) / columns;
  const side = Math.sqrt(pixels);
  const isSquare = Number.isInteger(side) && side > 3;
  if (rows === 1 && columns > 24) {
    const width = isSquare && columns === pixels ? side : Math.ceil(Math.sqrt(columns * 2));
    const at = (_: number, row: number, column: number) => {
      const index = row * width + column;
      return index < columns ? index : -1;
    };
    return { tiles: 1, rows: Math.ceil(columns / width), columns: width, at, note: "" };
  }
  if (isSquare && rows === pixels) {
    const tiles = Math.min(columns, mostTiles);
    const at = (tile: number, row: number, column: number) =>
      (row * side + column) * columns + tile;
    return { tiles, rows: side, columns: side, at, note: cut(tiles, columns) };
  }
  if (Math.max(rows, columns) > 24 && Math.max(rows / columns, columns / rows) > 4) {
    // A strip that is too thin to read becomes one folded picture for each column, or for each row
    // of a flat strip.
    const isTall = rows > columns;
    const [count, length] = isTall ? [columns, rows] : [rows, columns];
    const tiles = Math.min(count, mostTiles);
    const width = Math.ceil(Math.sqrt(length));
    const at = (tile: number, row: number, column: number) => {
      const index = row * width + column;
      if (index >= length) return -1;
      return isTall ? index * columns + tile : tile * columns + index;
    };
    const folded = `a folded picture for each ${isTall ? "column" : "row"}`;
    const note = [folded, cut(tiles, count)].filter(Boolean).join(", ");
    return { tiles, rows: Math.ceil(length / width), columns: width, at, note };
  }
  // A picture that would be a tower lies on its side.
  const lies = rows > columns;
  const [height, width] = lies ? [columns, rows] : [rows, columns];
  const seen = [Math.min(height, mostPixels), Math.min(width, mostPixels)] as const;
  const at = (_: number, row: number, column: number) =>
    lies ? column * columns + row : row * columns + column;
  const note = seen[0] < height || seen[1] < width ? "a part of it" : "";
  return { tiles: 1, rows: seen[0], columns: seen[1], at, note };
}

const cut = (seen: number, all: number) => (seen < all ? `the first ${seen} of ${all}` : "");

export function heatMap(canvas: HTMLCanvasElement, values: Float32Array, folding: Folding): void {
  const { tiles, rows, columns, at } = folding;
  // The tiles stand in rows that together are about twice as wide as high.
  const across = Math.min(tiles, Math.max(1, Math.round(Math.sqrt((tiles * 2 * rows) / columns))));
  const down = Math.ceil(tiles / across);
  canvas.width = across * (columns + 1) - 1;
  canvas.height = down * (rows + 1) - 1;
  const context = canvas.getContext("2d")!;
  const image = context.createImageData(canvas.width, canvas.height);
  const style = getComputedStyle(canvas);
  const [above, below] = ["--train", "--test"].map((name) =>
    colour(style.getPropertyValue(name)),
  ) as [number[], number[]];
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value) || 0);
  for (let tile = 0; tile < tiles; tile++) {
    const left = (tile % across) * (columns + 1);
    const top = Math.floor(tile / across) * (rows + 1);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const index = at(tile, row, column);
        if (index < 0) continue;
        const share = largest > 0 ? values[index]! / largest : 0;
        const place = 4 * ((top + row) * canvas.width + left + column);
        image.data.set(share < 0 ? below : above, place);
        // Numbers near 0 leave a trace of grey, which shows that they are there.
        image.data[place + 3] = 10 + 245 * Math.min(1, Math.abs(share));
      }
    }
  }
  context.putImageData(image, 0, 0);
}

const colour = (hex: string) =>
  [1, 3, 5].map((at) => parseInt(hex.trim().slice(at, at + 2), 16) || 0);
