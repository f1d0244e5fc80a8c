// The current picture: the one on the pad, else the first test picture of the grid. The label of a
// test picture is known; for a drawing the visitor says it.
import type { Grid } from "../pictures/test_grid";

export interface InHand {
  // The pixels from 0 to 1, row by row.
  pixels: Float32Array;
  label: number | undefined;
  called: string; // within a sentence: "test digit 1, a 7"
}

export class Hand {
  private drawn: Uint8ClampedArray | undefined;

  constructor(private readonly grid: Grid) {}

  // Takes what is drawn on the pad, as brightnesses from 0 to 255.
  lay(seen: Uint8ClampedArray | undefined): void {
    this.drawn = seen;
  }

  // The current picture; undefined before there are pictures.
  get(): InHand | undefined {
    const { grid, drawn } = this;
    const { digits, noun } = grid;
    if (!digits) return undefined;
    const index = drawn ? digits.find(drawn) : grid.first;
    if (index === undefined) {
      return { pixels: shares(drawn!), label: undefined, called: `the ${noun} you drew` };
    }
    const label = digits.label(index);
    const called = `test ${noun} ${index + 1}, ${digits.called(label).replace(" ", "\u00a0")}`;
    return { pixels: shares(digits.image(index)), label, called };
  }
}

const shares = (brightness: ArrayLike<number>) =>
  Float32Array.from(brightness, (value) => value / 255);
