// The pad: a sheet to draw one picture on, which is handed over as the pictures of the set are that the net learns from.
import { paint, resize, type Size } from "../../../ui/ink";
import { lazy } from "../../../ui/lazy";
import { Sheet, type Drawing } from "../../../ui/sheet";
import { mnistSize, type PictureSet } from "../run/picture_set";

const loadFit = lazy(() => import("../../../data/fit_drawing"), "fit");

export interface PadOptions {
  canvas: HTMLCanvasElement;
  pen: HTMLElement; // shows where the keyboard's pen is
  // Called with what the net sees now, row by row from 0 to 255, or undefined for an empty sheet, and with what was done
  // to a drawing for that.
  onChange(seen: Uint8ClampedArray | undefined, size: Size, done: string): void;
  say(sentence: string): void;
}

export class Pad {
  private readonly sheet: Sheet;
  private pictures: PictureSet | undefined;
  private drawing: Drawing | undefined;
  private size: Size = mnistSize;

  constructor(private readonly options: PadOptions) {
    const { canvas, pen, say } = options;
    this.sheet = new Sheet({ canvas, pen, say, onDrawn: (drawing) => void this.change(drawing) });
    // Whoever comes here is going to draw.
    for (const name of ["pointerenter", "focus"] as const)
      canvas.addEventListener(name, () => void loadFit().catch(() => {}));
  }

  // Draws for these pictures from now on. Where they have another shape or are other things, the sheet is cleared.
  use(pictures: PictureSet): void {
    const { size, drawing } = this;
    const { width, height, plain, noun } = pictures;
    const isOther = noun !== (this.pictures?.noun ?? "digit");
    this.pictures = pictures;
    this.size = { width, height, plain };
    if (width === size.width && height === size.height && !isOther) {
      if (drawing) void this.change(drawing);
      return;
    }
    this.sheet.shape(this.size);
    this.clear();
  }

  clear(): void {
    this.sheet.clear();
  }

  // Lays a picture on the sheet, of the test or out of a link. The net sees exactly its pixels, until something is drawn
  // in its place.
  show(picture: Uint8Array): void {
    const small = document.createElement("canvas");
    resize(small, this.size);
    paint(small, picture);
    this.sheet.lay(small, this.size.plain);
    this.drawing = undefined;
    this.options.onChange(new Uint8ClampedArray(picture), this.size, "");
  }

  // Tells what the net sees of what was drawn.
  private async change(drawing: Drawing | undefined): Promise<void> {
    this.drawing = drawing;
    if (!drawing) return this.options.onChange(undefined, this.size, "");
    const { fit } = await loadFit();
    // Something else may lie there meanwhile.
    if (this.drawing !== drawing) return;
    const { seen, done } = fit(drawing, this.pictures);
    this.options.onChange(seen, this.size, done);
  }
}
