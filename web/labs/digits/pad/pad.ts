// The sheet to draw a picture on, by mouse, finger or keyboard. The canvas's opacity is the ink.
import { paint, resize, type Size } from "../../../ui/ink";
import { lazy } from "../../../ui/lazy";
import { mnistSize } from "../run/picture_set";

const loadPreprocess = lazy(() => import("./preprocess"), "asMnist");

// The width of the pen as a share of the sheet.
const penWidth = 0.075;
const sheetWidth = 448;
// The sheet is at most this many times as long as wide; longer pictures are squeezed.
const mostOblong = 3;

interface Point {
  x: number;
  y: number;
}

export interface PadOptions {
  canvas: HTMLCanvasElement;
  pen: HTMLElement; // shows where the keyboard's pen is
  // Called with what the net sees now, row by row from 0 to 255, or undefined for an empty sheet.
  onChange(seen: Uint8ClampedArray | undefined, size: Size): void;
  say(sentence: string): void;
}

export class Pad {
  private readonly context: CanvasRenderingContext2D;
  private size = mnistSize;
  private asMnist = true;
  // The pointer that draws.
  private pointer: number | undefined;
  private last: Point = { x: 0.5, y: 0.5 };
  private pen: Point = { x: 0.5, y: 0.5 };
  private penDown = false;
  // Whether a test picture lies on the sheet, which the first ink of a drawing takes away.
  private isPicked = false;
  private pending = false;

  constructor(private readonly options: PadOptions) {
    const { canvas } = options;
    this.context = canvas.getContext("2d", { willReadFrequently: true })!;
    canvas.addEventListener("pointerdown", (event) => this.press(event));
    canvas.addEventListener("pointermove", (event) => this.drag(event));
    for (const name of ["pointerup", "pointercancel"] as const) {
      canvas.addEventListener(name, (event) => {
        if (event.pointerId === this.pointer) this.pointer = undefined;
      });
    }
    canvas.addEventListener("keydown", (event) => this.type(event));
    canvas.addEventListener("blur", () => this.lower(false));
    // Whoever comes here is going to draw.
    for (const name of ["pointerenter", "focus"] as const)
      canvas.addEventListener(name, () => void loadPreprocess().catch(() => {}));
    this.movePen(this.pen);
    this.shape();
  }

  // Clears the sheet for pictures of this shape. With `asMnist`, drawings are centred as MNIST's
  // digits are.
  use({ width, height }: Size, asMnist: boolean): void {
    const { size } = this;
    if (width === size.width && height === size.height && asMnist === this.asMnist) return;
    this.size = { width, height };
    this.asMnist = asMnist;
    this.shape();
    this.clear();
  }

  private shape(): void {
    const { canvas } = this.options;
    const { size } = this;
    const tall = Math.min(Math.max(size.height / size.width, 1 / mostOblong), mostOblong);
    resize(canvas, { width: sheetWidth, height: Math.round(sheetWidth * tall) });
    canvas.style.aspectRatio = `${canvas.width} / ${canvas.height}`;
    this.context.lineCap = this.context.lineJoin = "round";
    this.context.lineWidth = penWidth * Math.min(canvas.width, canvas.height);
  }

  clear(): void {
    this.wipe();
    this.options.onChange(undefined, this.size);
  }

  // Lays a picture on the sheet, of the test or out of a link. The net sees exactly its pixels, until something is drawn
  // in its place.
  show(picture: Uint8Array): void {
    const { canvas } = this.options;
    const small = document.createElement("canvas");
    resize(small, this.size);
    paint(small, picture);
    this.wipe();
    this.isPicked = true;
    this.context.drawImage(small, 0, 0, canvas.width, canvas.height);
    this.options.onChange(new Uint8ClampedArray(picture), this.size);
  }

  private wipe(): void {
    const { width, height } = this.options.canvas;
    this.context.clearRect(0, 0, width, height);
    this.isPicked = false;
  }

  private press(event: PointerEvent): void {
    if (this.pointer !== undefined || event.button !== 0) return;
    this.pointer = event.pointerId;
    this.options.canvas.setPointerCapture(event.pointerId);
    this.last = this.place(event);
    this.line(this.last, this.last);
  }

  private drag(event: PointerEvent): void {
    if (event.pointerId !== this.pointer) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length > 0 ? events : [event]) {
      const point = this.place(each);
      this.line(this.last, point);
      this.last = point;
    }
  }

  private place(event: PointerEvent): Point {
    const { left, top, width, height } = this.options.canvas.getBoundingClientRect();
    return { x: (event.clientX - left) / width, y: (event.clientY - top) / height };
  }

  private type(event: KeyboardEvent): void {
    const moves: Record<string, [number, number]> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    };
    const move = moves[event.key];
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (move) {
      const clamp = (value: number) => Math.min(Math.max(value, 0), 1);
      const from = this.pen;
      this.movePen({
        x: clamp(from.x + move[0] / this.size.width),
        y: clamp(from.y + move[1] / this.size.height),
      });
      if (this.penDown) this.line(from, this.pen);
    } else if (event.key === " ") {
      this.lower(!this.penDown);
      const row = Math.round(this.pen.y * this.size.height);
      const column = Math.round(this.pen.x * this.size.width);
      const state = this.penDown ? "down" : "up";
      this.options.say(`Pen ${state} at row ${row}, column ${column} of ${this.size.width}.`);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      this.lower(false);
      this.clear();
      this.options.say("The sheet is empty.");
    } else {
      return;
    }
    event.preventDefault();
  }

  private lower(down: boolean): void {
    this.penDown = down;
    this.options.pen.classList.toggle("down", down);
    if (down) this.line(this.pen, this.pen);
  }

  private movePen(point: Point): void {
    this.pen = point;
    this.options.pen.style.left = `${100 * point.x}%`;
    this.options.pen.style.top = `${100 * point.y}%`;
  }

  private line(from: Point, to: Point): void {
    const { context } = this;
    const { width, height } = this.options.canvas;
    if (this.isPicked) this.wipe();
    context.beginPath();
    context.moveTo(from.x * width, from.y * height);
    context.lineTo(to.x * width, to.y * height);
    context.stroke();
    if (this.pending) return;
    this.pending = true;
    requestAnimationFrame(() => void this.change());
  }

  // Tells what the net sees of what was drawn.
  private async change(): Promise<void> {
    const { asMnist, scaled } = await loadPreprocess().finally(() => (this.pending = false));
    // A test picture may have come meanwhile.
    if (this.isPicked) return;
    const { width, height } = this.options.canvas;
    const rgba = this.context.getImageData(0, 0, width, height).data;
    const ink = new Uint8ClampedArray(width * height);
    for (let i = 0; i < ink.length; i++) ink[i] = rgba[4 * i + 3]!;
    const seen = this.asMnist ? asMnist(ink, width, height) : scaled(ink, width, height, this.size);
    this.options.onChange(seen, this.size);
  }
}
