// Helpers for shapes and for records, which have values by name.

/** How many numbers an array of this shape has. */
export const numel = (shape: readonly number[]): number =>
  shape.reduce((product, extent) => product * extent, 1);

/** Applies `of` to each value; the results have the same names. */
export const mapped = <V, T>(
  values: Readonly<Record<string, V>>,
  of: (value: V, name: string) => T,
): Record<string, T> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, of(value, name)]));
