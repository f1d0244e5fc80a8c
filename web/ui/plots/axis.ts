// Round numbers for axes, and where the axis of epochs ends.

/** The numbers 1, 2, 5, 10, … between two powers of ten. */
export const roundNumbers = (least: number, most: number): number[] =>
  Array.from({ length: 3 * (most - least) + 1 }, (_, i) =>
    Number(`${[1, 2, 5][i % 3]}e${Math.floor(i / 3) + least}`),
  );

/**
 * Where the axis of epochs ends: where the run will, or, as long as that is far away, at a round
 * number well before it, so that one sees what there is.
 */
export function axisEnd(reached: number, epochs: number): number {
  const near = roundNumbers(1, 6).find((end) => end >= 2 * reached);
  return near !== undefined && near < epochs / 2 ? near : epochs;
}
