// Makes a drawing look like the pictures of a set. For MNIST's digits, the ink is scaled to fit 20
// × 20, antialiased, and placed in 28 × 28 by its centre of mass
// (http://yann.lecun.com/exdb/mnist). For other sets, the whole sheet is scaled.
import type { Size } from "../../../ui/ink";
import { mnistSize } from "../run/picture_set";

const box = 20;
const side = mnistSize.width;
// Ink below this does not count for the bounding box.
const faint = 16;

interface Rectangle {
  left: number;
  top: number;
  width: number;
  height: number;
}

// The drawing as one of MNIST's digits. `ink` is the opacity from 0 to 255, [height, width].
// Returns [784] from 0 to 255, or undefined where nothing is drawn.
export function asMnist(
  ink: Uint8ClampedArray,
  width: number,
  height: number,
): Uint8ClampedArray | undefined {
  const bounds = boundsOf(ink, width, height);
  if (!bounds) return undefined;
  const scale = box / Math.max(bounds.width, bounds.height);
  const columns = Math.max(1, Math.round(bounds.width * scale));
  const rows = Math.max(1, Math.round(bounds.height * scale));
  const small = shrink(ink, width, bounds, columns, rows);
  return place(small, columns, rows);
}

// The drawing as a picture of another set: all of the sheet in as many pixels as `size` has.
export function scaled(
  ink: Uint8ClampedArray,
  width: number,
  height: number,
  size: Size,
): Uint8ClampedArray | undefined {
  if (!boundsOf(ink, width, height)) return undefined;
  const sheet = { left: 0, top: 0, width, height };
  return Uint8ClampedArray.from(shrink(ink, width, sheet, size.width, size.height));
}

function boundsOf(ink: Uint8ClampedArray, width: number, height: number): Rectangle | undefined {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (ink[y * width + x]! <= faint) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  if (right < 0) return undefined;
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}

// Shrinks a picture: each small pixel is the mean of the rectangle that it covers, with fractions
// of pixels at the edges.
function shrink(
  ink: Uint8ClampedArray,
  width: number,
  bounds: Rectangle,
  columns: number,
  rows: number,
): Float32Array {
  const across = covers(bounds.left, bounds.width, columns);
  const down = covers(bounds.top, bounds.height, rows);
  const small = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (const [y, tall] of down[row]!) {
        for (const [x, wide] of across[column]!) sum += tall * wide * ink[y * width + x]!;
      }
      small[row * columns + column] = sum;
    }
  }
  return small;
}

// The pixels that each of `count` equal parts of a stretch covers, with the share of each.
function covers(start: number, length: number, count: number): [number, number][][] {
  const part = length / count;
  return Array.from({ length: count }, (_, i) => {
    const [from, to] = [start + i * part, start + (i + 1) * part];
    const shares: [number, number][] = [];
    for (let pixel = Math.floor(from); pixel < Math.min(to, start + length); pixel++) {
      const share = Math.min(to, pixel + 1) - Math.max(from, pixel);
      if (share > 1e-9) shares.push([pixel, share / part]);
    }
    return shares;
  });
}

function place(small: Float32Array, columns: number, rows: number): Uint8ClampedArray {
  let [mass, momentX, momentY] = [0, 0, 0];
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const value = small[y * columns + x]!;
      mass += value;
      momentX += value * (x + 0.5);
      momentY += value * (y + 0.5);
    }
  }
  const left = offset(momentX / mass, columns);
  const top = offset(momentY / mass, rows);
  const placed = new Uint8ClampedArray(side * side);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      placed[(top + y) * side + left + x] = small[y * columns + x]!;
    }
  }
  return placed;
}

// How far to move so that the centre is in the middle, as far as the whole stays on the sheet.
function offset(centre: number, extent: number): number {
  return Math.min(Math.max(Math.round(side / 2 - centre), 0), side - extent);
}
