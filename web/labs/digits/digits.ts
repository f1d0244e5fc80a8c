// The test digits as the page shows them: images and labels from the bytes of two IDX files, which the
// engine has checked by then.

export const side = 28;
export const pixels = side * side;

export class Digits {
  readonly count: number;

  constructor(
    private readonly images: Uint8Array,
    private readonly labels: Uint8Array,
  ) {
    this.count = labels.length - labelHeader;
  }

  // Brightness 0 to 255, row by row: [784].
  image(index: number): Uint8Array {
    const start = imageHeader + index * pixels;
    return this.images.subarray(start, start + pixels);
  }

  label(index: number): number {
    return this.labels[labelHeader + index]!;
  }
}

const imageHeader = 16;
const labelHeader = 8;

// Paints [784] brightnesses as ink on a 28 × 28 canvas; the brightness becomes the ink's opacity.
export function paint(canvas: HTMLCanvasElement, brightness: ArrayLike<number>): void {
  const context = canvas.getContext("2d")!;
  const image = context.createImageData(side, side);
  for (let i = 0; i < pixels; i++) image.data[4 * i + 3] = brightness[i]!;
  context.putImageData(image, 0, 0);
}
