// Pictures as pixels: the browser decodes them as it would show them, with their palette, their profile and the way
// up that their camera noted; what is transparent lies on white.

import { isPlainPng } from "./kinds.js";

export interface Size {
  width: number;
  height: number;
}

/** Pixels, row by row, in three planes: red, green, blue. */
export interface Pixels extends Size {
  planes: Uint8Array<ArrayBuffer>;
  /** Whether some of it is transparent. */
  isTransparent: boolean;
}

/** Something that can be drawn, until it is closed. */
export interface Source extends Size {
  image: CanvasImageSource;
  close?(): void;
}

/** Decodes a picture; undefined where the browser cannot. */
export async function decode(bytes: Uint8Array<ArrayBuffer>): Promise<Source | undefined> {
  if (isPlainPng(bytes) && "ImageDecoder" in globalThis) {
    const source = await decodeHere(bytes).catch(() => undefined);
    if (source) return source;
  }
  const image = await createImageBitmap(new Blob([bytes])).catch(() => undefined);
  return image && { image, width: image.width, height: image.height, close: () => image.close() };
}

/** The same by WebCodecs, six times as fast for small pictures, as the bytes need not leave this thread. */
async function decodeHere(data: Uint8Array<ArrayBuffer>): Promise<Source> {
  const decoder = new ImageDecoder({ data, type: "image/png" });
  try {
    const { image } = await decoder.decode();
    const { displayWidth: width, displayHeight: height } = image;
    return { image, width, height, close: () => image.close() };
  } finally {
    decoder.close();
  }
}

/** Draws pictures at a size of their own, or fitted to another. */
export class Painter {
  #canvas = new OffscreenCanvas(1, 1);
  #context = contextOf(this.#canvas);

  /** The picture's own pixels. */
  plain(source: Source): Pixels {
    return this.#drawn(source, source);
  }

  /**
   * The picture as large as fits into the size with its ratio kept, in the middle; what is left beside it has
   * the mean colour of its edge there.
   */
  fitted(source: Source, size: Size): Pixels {
    const scale = Math.min(size.width / source.width, size.height / source.height);
    const width = Math.max(1, Math.round(source.width * scale));
    const height = Math.max(1, Math.round(source.height * scale));
    const inner = this.#drawn(halved(source, { width, height }), { width, height });
    if (width === size.width && height === size.height) return inner;
    const { isTransparent } = inner;
    return { ...size, planes: framed(inner, size), isTransparent };
  }

  #drawn({ image }: Source, { width, height }: Size): Pixels {
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas = new OffscreenCanvas(width, height);
      this.#context = contextOf(this.#canvas);
    }
    this.#context.clearRect(0, 0, width, height);
    this.#context.drawImage(image, 0, 0, width, height);
    return onWhite(this.#context.getImageData(0, 0, width, height));
  }
}

function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  context.imageSmoothingQuality = "high";
  return context;
}

/**
 * The picture at half its size, as often as it stays at least twice as large as it is wanted: one step from very
 * large to very small would leave most pixels out.
 */
function halved(source: Source, wanted: Size): Source {
  while (source.width >= 4 * wanted.width && source.height >= 4 * wanted.height) {
    const half = new OffscreenCanvas(source.width >> 1, source.height >> 1);
    contextOf(half).drawImage(source.image, 0, 0, half.width, half.height);
    source = { image: half, width: half.width, height: half.height };
  }
  return source;
}

function onWhite({ width, height, data }: ImageData): Pixels {
  const count = width * height;
  const planes = new Uint8Array(3 * count);
  let isTransparent = false;
  for (let i = 0; i < count; i++) {
    const alpha = data[4 * i + 3]!;
    if (alpha < 255) isTransparent = true;
    for (let c = 0; c < 3; c++) {
      const value = data[4 * i + c]!;
      planes[c * count + i] =
        alpha === 255 ? value : Math.round(255 + ((value - 255) * alpha) / 255);
    }
  }
  return { width, height, planes, isTransparent };
}

/** The pixels in the middle of a larger frame in the mean colour of the edge that lies inside of it. */
function framed({ width, height, planes }: Pixels, size: Size): Uint8Array<ArrayBuffer> {
  const [left, top] = [(size.width - width) >> 1, (size.height - height) >> 1];
  const [area, count] = [size.width * size.height, width * height];
  const framed = new Uint8Array(3 * area);
  for (let c = 0; c < 3; c++) {
    const plane = planes.subarray(c * count, (c + 1) * count);
    const beside = top > 0 ? [plane.subarray(0, width), plane.subarray(-width)].map(mean) : [];
    if (left > 0) {
      for (const x of [0, width - 1]) beside.push(mean(plane.filter((_, i) => i % width === x)));
    }
    framed.fill(Math.round(mean(beside)), c * area, (c + 1) * area);
    for (let y = 0; y < height; y++) {
      const row = plane.subarray(y * width, (y + 1) * width);
      framed.set(row, c * area + (top + y) * size.width + left);
    }
  }
  return framed;
}

const mean = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return values.length === 0 ? 0 : sum / values.length;
};

/** Pixels as something that can be drawn. */
export function drawable({ width, height, planes }: Pixels): Source {
  const canvas = new OffscreenCanvas(width, height);
  const context = contextOf(canvas);
  const image = context.createImageData(width, height);
  const count = width * height;
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = planes[c * count + i]!;
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return { image: canvas, width, height };
}

// JPEG may leave this much between the channels of a grey picture.
const mostTint = 3;

/** Whether red, green and blue are the same everywhere, but for what a JPEG may add. */
export function isGrey(planes: Uint8Array): boolean {
  const count = planes.length / 3;
  for (let i = 0; i < count; i++) {
    const [r, g, b] = [planes[i]!, planes[count + i]!, planes[2 * count + i]!];
    if (Math.max(r, g, b) - Math.min(r, g, b) > mostTint) return false;
  }
  return true;
}

/** The picture's brightness, by the weights of ITU-R BT.601, as other programs turn colours grey. */
export function grey(planes: Uint8Array, into: Uint8Array): void {
  const count = into.length;
  for (let i = 0; i < count; i++) {
    into[i] = Math.round(
      0.299 * planes[i]! + 0.587 * planes[count + i]! + 0.114 * planes[2 * count + i]!,
    );
  }
}
