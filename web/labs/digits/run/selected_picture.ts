// The picture that the page looks at closely: what is on the pad, or else the first test picture of
// the grid. The label of a test picture is known; for a drawing the visitor says it.
import type { PictureSet } from "./picture_set";

export interface SelectedPicture {
  // The pixels from 0 to 1, row by row.
  pixels: Float32Array;
  label: number | undefined;
  called: string; // within a sentence: "test digit 1, a 7"
}

// `drawn` is what is on the pad, as brightnesses from 0 to 255, and `first` the number of the
// grid's first picture.
export function selectedPicture(
  pictures: PictureSet,
  drawn: Uint8ClampedArray | undefined,
  first: number,
): SelectedPicture {
  const { noun } = pictures;
  const index = drawn ? pictures.find(drawn) : first;
  if (index === undefined) {
    return { pixels: shares(drawn!), label: undefined, called: `the ${noun} you drew` };
  }
  const label = pictures.label(index);
  const called = `test ${noun} ${index + 1}, ${pictures.called(label).replace(" ", "\u00a0")}`;
  return { pixels: shares(pictures.image(index)), label, called };
}

// What the picture is, as far as anybody has said: a test picture's label, or what the visitor says of a drawing.
export const labelOf = (run: {
  selected: SelectedPicture | undefined;
  drawnLabel: string;
}): number | undefined =>
  run.selected?.label ?? (run.drawnLabel === "" ? undefined : Number(run.drawnLabel));

// Brightnesses from 0 to 255 as the net takes them.
export const shares = (brightness: ArrayLike<number>) =>
  Float32Array.from(brightness, (value) => value / 255);
