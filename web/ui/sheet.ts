// A sheet to draw on, by mouse, finger or keyboard. It keeps the strokes, so that others can draw them again, smaller and
// with another pen; its canvas shows them, and its opacity is the ink.
import { resize, type Size } from "./ink";

/** What was drawn: strokes of a round pen on a sheet. All lengths are the sheet's pixels. */
export interface Drawing extends Size {
  pen: number;
  // From where to where: x, y, x, y, one line after the other.
  lines: readonly number[];
}

// The width of the pen as a share of the sheet.
const penWidth = 0.075;
const sheetWidth = 448;
// The sheet is at most this many times as long as wide; longer pictures are squeezed.
const mostOblong = 3;

interface Point {
  x: number;
  y: number;
}

export interface SheetOptions {
  canvas: HTMLCanvasElement;
  pen: HTMLElement; // shows where the keyboard's pen is
  // Something was drawn, before the next frame is painted; undefined for an empty sheet.
  onDrawn(drawing: Drawing | undefined): void;
  say(sentence: string): void;
}

export class Sheet {
  private readonly context: CanvasRenderingContext2D;
  // The pixels of the pictures that are drawn, which the keyboard's pen steps by.
  private size: Size = { width: 28, height: 28 };
  private lines: number[] = [];
  // The pointer that draws.
  private pointer: number | undefined;
  private last: Point = { x: 0.5, y: 0.5 };
  private pen: Point = { x: 0.5, y: 0.5 };
  private penDown = false;
  // Whether a picture lies on the sheet, which the first ink of a drawing takes away.
  private isLaid = false;
  private pending = false;

  constructor(private readonly options: SheetOptions) {
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
    this.movePen(this.pen);
    this.shape(this.size);
  }

  /** Clears the sheet for pictures of this shape. */
  shape(size: Size): void {
    const { canvas } = this.options;
    const tall = Math.min(Math.max(size.height / size.width, 1 / mostOblong), mostOblong);
    this.size = size;
    this.lines = [];
    resize(canvas, { width: sheetWidth, height: Math.round(sheetWidth * tall) });
    canvas.style.aspectRatio = `${canvas.width} / ${canvas.height}`;
    this.context.lineCap = this.context.lineJoin = "round";
    this.context.lineWidth = penWidth * Math.min(canvas.width, canvas.height);
  }

  clear(): void {
    this.wipe();
    this.options.onDrawn(undefined);
  }

  /** Lays a picture on the sheet, until something is drawn in its place; a plain one keeps its colours. */
  lay(picture: CanvasImageSource, plain = false): void {
    const { canvas } = this.options;
    const { width, height } = canvas;
    this.wipe();
    this.isLaid = true;
    canvas.classList.toggle("plain", plain);
    this.context.drawImage(picture, 0, 0, width, height);
  }

  private wipe(): void {
    const { width, height } = this.options.canvas;
    this.context.clearRect(0, 0, width, height);
    this.options.canvas.classList.remove("plain");
    this.lines = [];
    this.isLaid = false;
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
    const { context, options } = this;
    const { width, height } = options.canvas;
    if (this.isLaid) this.wipe();
    const ends = [from.x * width, from.y * height, to.x * width, to.y * height] as const;
    this.lines.push(...ends);
    context.beginPath();
    context.moveTo(ends[0], ends[1]);
    context.lineTo(ends[2], ends[3]);
    context.stroke();
    if (this.pending) return;
    this.pending = true;
    requestAnimationFrame(() => {
      this.pending = false;
      const { lines } = this;
      // It may have been cleared meanwhile, or a picture laid on it.
      if (lines.length > 0) options.onDrawn({ width, height, pen: context.lineWidth, lines });
    });
  }
}
