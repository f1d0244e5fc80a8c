// Helpers for shapes, for records, which have values by name, and for files of bytes.

/** How many numbers an array of this shape has. */
export const numel = (shape: readonly number[]): number =>
  shape.reduce((product, extent) => product * extent, 1);

/** Applies `of` to each value; the results have the same names. */
export const mapped = <V, T>(
  values: Readonly<Record<string, V>>,
  of: (value: V, name: string) => T,
): Record<string, T> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, of(value, name)]));

/** What stands in front of the bytes of an IDX file with these extents. */
export function idxHeader(extents: readonly number[]): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * extents.length));
  header.setUint32(0, 0x800 + extents.length);
  extents.forEach((extent, axis) => header.setUint32(4 + 4 * axis, extent));
  return new Uint8Array(header.buffer);
}
