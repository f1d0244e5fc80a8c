// The test pictures as the page shows them: images, labels and the names of the classes, from the
// bytes of two IDX files, which the engine has checked before. They are MNIST's digits or another
// set.
import { imageHeader, labelHeader, extentsOf } from "../../../data/idx";

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const mnistSize: Size = { width: 28, height: 28 };

export class Digits implements Size {
  readonly count: number;
  readonly width: number;
  readonly height: number;
  // One name per class; people may change them.
  names: readonly string[];

  constructor(
    private readonly images: Uint8Array,
    private readonly labels: Uint8Array,
    readonly classes = 10,
    // What sentences call one of the pictures; MNIST's are digits.
    readonly noun: "digit" | "picture" = "digit",
  ) {
    const [, height, width] = extentsOf(images);
    [this.height, this.width] = [height!, width!];
    this.count = labels.length - labelHeader;
    this.names = Array.from({ length: classes }, (_, i) => String(i));
  }

  get pixels(): number {
    return this.width * this.height;
  }

  // The brightnesses of a picture, 0 to 255, row by row: [height · width].
  image(index: number): Uint8Array {
    const start = imageHeader + index * this.pixels;
    return this.images.subarray(start, start + this.pixels);
  }

  label(index: number): number {
    return this.labels[labelHeader + index]!;
  }

  // The number of the picture with exactly these pixels, if there is one.
  find(brightness: ArrayLike<number>): number | undefined {
    const { pixels } = this;
    if (brightness.length !== pixels) return undefined;
    const same = (start: number, from: number, to: number) => {
      for (let p = from; p < to; p++) {
        if (this.images[start + p] !== brightness[p]) return false;
      }
      return true;
    };
    // Pictures differ soonest in their middle.
    const middle = pixels >> 1;
    for (let index = 0, start = imageHeader; index < this.count; index++, start += pixels) {
      if (same(start, middle, pixels) && same(start, 0, middle)) return index;
    }
    return undefined;
  }

  // A picture of one class within a sentence: "a 7", but "ankle boot".
  called(label: number): string {
    return this.noun === "digit" ? `a ${this.names[label]}` : this.names[label]!;
  }
}

// Makes a canvas as large as a picture, which empties it.
export function resize(canvas: HTMLCanvasElement, { width, height }: Size): void {
  canvas.width = width;
  canvas.height = height;
}

// Paints brightnesses, row by row, as ink on a canvas of as many pixels; the brightness becomes the
// opacity of the ink.
export function paint(canvas: HTMLCanvasElement, brightness: ArrayLike<number>): void {
  const context = canvas.getContext("2d")!;
  const image = context.createImageData(canvas.width, canvas.height);
  for (let i = 0; i < brightness.length; i++) image.data[4 * i + 3] = brightness[i]!;
  context.putImageData(image, 0, 0);
}
