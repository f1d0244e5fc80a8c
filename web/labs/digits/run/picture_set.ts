// The test pictures as the page shows them: images, labels and the names of the classes, from the
// bytes of two IDX files, which the engine has checked before. They are MNIST's digits or another
// set.
import { extentsOf, headerSize, labelHeader } from "../../../data/idx";
import type { Size } from "../../../ui/ink";

export const mnistSize: Size = { width: 28, height: 28 };

export class PictureSet implements Size {
  readonly count: number;
  readonly width: number;
  readonly height: number;
  // 1 for grey, 3 for colour.
  readonly channels: number;
  // The numbers of a picture.
  readonly pixels: number;
  // Whether they are shown as they are, and not as ink.
  readonly plain: boolean;
  // One name per class; people may change them.
  names: readonly string[];

  constructor(
    private readonly images: Uint8Array,
    private readonly labels: Uint8Array,
    readonly classes = 10,
    // What sentences call one of the pictures; MNIST's are digits.
    readonly noun: "digit" | "picture" = "digit",
    plain = false,
  ) {
    const extents = extentsOf(images);
    [this.height, this.width] = extents.slice(-2) as [number, number];
    this.channels = extents[3] ? 3 : 1;
    this.plain = plain || this.channels > 1;
    this.pixels = this.channels * this.width * this.height;
    this.count = labels.length - labelHeader;
    this.names = Array.from({ length: classes }, (_, i) => String(i));
  }

  // The brightnesses of a picture, 0 to 255, row by row and channel by channel: [channels · height · width].
  image(index: number): Uint8Array {
    const start = this.start + index * this.pixels;
    return this.images.subarray(start, start + this.pixels);
  }

  // The pixels of some pictures, from 0 to 1, as a net takes them: [count, channels · height · width].
  inputs(indices: readonly number[]): Float32Array {
    const { pixels } = this;
    const inputs = new Float32Array(indices.length * pixels);
    indices.forEach((index, i) => {
      const image = this.image(index);
      for (let p = 0; p < pixels; p++) inputs[i * pixels + p] = image[p]! / 255;
    });
    return inputs;
  }

  private get start(): number {
    return headerSize(this.images[3]!);
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
    for (let index = 0, { start } = this; index < this.count; index++, start += pixels) {
      if (same(start, middle, pixels) && same(start, 0, middle)) return index;
    }
    return undefined;
  }

  // A picture of one class within a sentence: "a 7", but "ankle boot", or "class 7" where nobody has named it.
  called(label: number): string {
    const name = this.names[label]!;
    if (this.noun === "digit") return `a ${name}`;
    return /^\d+$/.test(name) ? `class ${name}` : name;
  }
}
