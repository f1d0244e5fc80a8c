// The middle of a picture as a small grey square.
import { make } from "../../../ui/dom";
import type { Size } from "../../../ui/ink";

let canvas: HTMLCanvasElement | undefined;

/** The largest square in the middle of the picture. Returns [side · side] from 0 to 255, row by row. */
export function greySquare(
  picture: CanvasImageSource,
  { width, height }: Size,
  side: number,
  isMirrored = false,
): Uint8Array {
  canvas ??= make("canvas");
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  context.imageSmoothingQuality = "high";
  // What is transparent lies on black, as the digits’ paper is.
  context.fillRect(0, 0, side, side);
  if (isMirrored) context.setTransform(-1, 0, 0, 1, side, 0);
  const part = Math.min(width, height);
  const [left, top] = [(width - part) / 2, (height - part) / 2];
  context.drawImage(picture, left, top, part, part, 0, 0, side, side);
  const { data } = context.getImageData(0, 0, side, side);
  // Luma of ITU-R BT.601, as most programs make grey of colour.
  return Uint8Array.from({ length: side * side }, (_, i) =>
    Math.round(0.299 * data[4 * i]! + 0.587 * data[4 * i + 1]! + 0.114 * data[4 * i + 2]!),
  );
}

/** Paints grey as it is, which the ink of drawings is not. */
export function paintGrey(canvas: HTMLCanvasElement, pixels: ArrayLike<number>): void {
  const context = canvas.getContext("2d")!;
  const image = context.createImageData(canvas.width, canvas.height);
  for (let i = 0; i < pixels.length; i++) {
    const value = pixels[i]!;
    image.data.set([value, value, value, 255], 4 * i);
  }
  context.putImageData(image, 0, 0);
}
