// The picture in hand: what lies on the pad, else the first test picture of the grid. Of a test picture the
// label is known; of a drawing the visitor's.
import type { Grid } from "./grid";

export interface InHand {
  pixels: Float32Array; // 0 to 1, row by row
  label: number | undefined;
  called: string; // within a sentence: "test digit 1, a 7"
}

export class Hand {
  private drawn: Uint8ClampedArray | undefined;

  constructor(private readonly grid: Grid) {}

  // What lies on the pad, in 0 to 255.
  lay(seen: Uint8ClampedArray | undefined): void {
    this.drawn = seen;
  }

  // Undefined before there are pictures.
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
