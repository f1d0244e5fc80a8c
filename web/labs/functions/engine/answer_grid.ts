// The grid on which the net answers: places along each axis of the plot, in the visitor's units.

export function gridPlaces(box: [number, number][]): number[][] {
  const count = box.length === 1 ? 201 : 41;
  return box.map(([low, high]) =>
    Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1)),
  );
}
