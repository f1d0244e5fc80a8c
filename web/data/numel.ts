/** The number of numbers in an array of this shape. */
export const numel = (shape: readonly number[]): number =>
  shape.reduce((product, extent) => product * extent, 1);
