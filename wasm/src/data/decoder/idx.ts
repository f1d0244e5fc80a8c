// Pictures as the bytes of IDX files.
import { chanceOf } from "../chance.js";
import type { Size } from "./decode.js";

/** An IDX file of bytes, with room for its values: [extents]. */
export function idx(extents: readonly number[]): Uint8Array<ArrayBuffer> {
  const header = 4 + 4 * extents.length;
  const bytes = new Uint8Array(header + extents.reduce((product, extent) => product * extent, 1));
  bytes.set([0, 0, 8, extents.length]);
  const view = new DataView(bytes.buffer);
  extents.forEach((extent, axis) => view.setUint32(4 + 4 * axis, extent));
  return bytes;
}

/** Swaps rows and columns of a picture in its place; `size` is what it has then. */
export function turn(image: Uint8Array, channels: number, { height, width }: Size): void {
  const area = height * width;
  for (let c = 0; c < channels; c++) {
    const plane = image.subarray(c * area, (c + 1) * area);
    const before = plane.slice();
    for (let i = 0; i < area; i++) plane[i] = before[(i % width) * height + Math.floor(i / width)]!;
  }
}

/** The same in an order that is the same each time but not class by class, as folders are. */
export function mixed<T>(given: readonly T[]): T[] {
  const all = [...given];
  const random = chanceOf(1);
  for (let i = all.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [all[i], all[j]] = [all[j]!, all[i]!];
  }
  return all;
}
