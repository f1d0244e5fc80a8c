// Training digits as they are, and below each as the net sees it once it is moved, turned and bent.
import { paint, pixels, side } from "./digits";

export class Samples {
  private readonly canvases: [HTMLCanvasElement, HTMLCanvasElement][] = [];

  constructor(place: HTMLElement, count: number) {
    for (let i = 0; i < count; i++) {
      const column = document.createElement("div");
      const pair = [0, 1].map(() => {
        const canvas = document.createElement("canvas");
        canvas.width = canvas.height = side;
        canvas.className = "ink";
        return canvas;
      }) as [HTMLCanvasElement, HTMLCanvasElement];
      column.append(...pair);
      place.append(column);
      this.canvases.push(pair);
    }
  }

  get count(): number {
    return this.canvases.length;
  }

  // Both [count, 784] in 0 to 1.
  show(stored: Float32Array, augmented: Float32Array): void {
    this.canvases.forEach((pair, i) => {
      for (const [k, pictures] of [stored, augmented].entries()) {
        const picture = pictures.subarray(i * pixels, (i + 1) * pixels);
        paint(
          pair[k]!,
          picture.map((value) => 255 * value),
        );
      }
    });
  }
}
