// Training pictures as they are, and below each as the net sees it once it is augmented.
import { make } from "../../../ui/dom";
import { paint, resize, type Size } from "../../../ui/ink";
import { mnistSize } from "../run/picture_set";

export class AugmentedSamples {
  private readonly canvases: [HTMLCanvasElement, HTMLCanvasElement][] = [];

  constructor(place: HTMLElement, count: number) {
    for (let i = 0; i < count; i++) {
      const pair = [0, 1].map(() => make("canvas", { className: "ink" })) as [
        HTMLCanvasElement,
        HTMLCanvasElement,
      ];
      for (const canvas of pair) resize(canvas, mnistSize);
      place.append(make("div", {}, ...pair));
      this.canvases.push(pair);
    }
  }

  get count(): number {
    return this.canvases.length;
  }

  // Shows pictures as stored and as augmented, both [count, pixels] from 0 to 1; a small set may have
  // fewer.
  show(
    stored: Float32Array,
    augmented: Float32Array,
    size: Size,
    pixels = size.width * size.height,
  ): void {
    this.canvases.forEach((pair, i) => {
      for (const [k, pictures] of [stored, augmented].entries()) {
        resize(pair[k]!, size);
        const picture = pictures.subarray(i * pixels, (i + 1) * pixels);
        paint(
          pair[k]!,
          picture.map((value) => 255 * value),
        );
      }
    });
  }
}
