// A plot on a canvas: axes with lines at round numbers, and curves, points and pictures between
// them. Its owner draws everything anew each time: when the data have changed, and when size or
// colours have.
import { powerOfTen } from "../format";
import { typeScale } from "../type_scale";
import { powers, ticks } from "./ticks";

export interface Axes {
  x: [number, number];
  y: [number, number];
  // Whether y is in powers of ten.
  log?: boolean;
  xName: string;
  yName: string;
}

export interface Stroke {
  // The name of a custom property.
  color: string;
  width?: number;
  dash?: number[];
  alpha?: number;
}

export type Shape = "circle" | "square" | "triangle";

export interface Dots {
  // The name of a custom property, or a colour.
  color: string;
  shape: Shape;
  size: number;
  hollow?: boolean;
  outline?: string;
}

const margin = { left: 48, right: 16, top: 10, bottom: 40 };

export class Plane {
  readonly canvas = document.createElement("canvas");
  private readonly context = this.canvas.getContext("2d")!;
  private style = getComputedStyle(this.canvas);
  private axes: Axes = { x: [0, 1], y: [0, 1], xName: "", yName: "" };
  // How many times as large as usual type, lines and margins are.
  private scale = 1;
  private width = 0;
  private height = 0;

  constructor(
    private readonly box: HTMLElement,
    private readonly draw: (plane: Plane) => void,
  ) {
    this.canvas.setAttribute("role", "img");
    box.append(this.canvas);
    this.style = getComputedStyle(box);
    new ResizeObserver(() => this.redraw()).observe(box);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.redraw());
  }

  redraw(): void {
    const { box, canvas, context } = this;
    this.scale = typeScale();
    const density = devicePixelRatio || 1;
    [this.width, this.height] = [box.clientWidth, box.clientHeight];
    // The plot is out of sight.
    if (this.width === 0 || this.height === 0) return;
    const [w, h] = [Math.round(this.width * density), Math.round(this.height * density)];
    if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
    context.setTransform(w / this.width, 0, 0, h / this.height, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    this.draw(this);
  }

  color(name: string): string {
    return name.startsWith("--") ? this.style.getPropertyValue(name).trim() : name;
  }

  setAxes(axes: Axes): void {
    this.axes = axes;
  }

  // Draws lines and numbers; over a picture only the numbers.
  frame(lines = true): void {
    const { context, axes, scale } = this;
    const { left, right, top, bottom } = this.inner();
    context.save();
    context.font = this.font;
    context.lineWidth = 1;
    context.strokeStyle = this.color("--grid");
    context.fillStyle = this.color("--muted");
    context.textAlign = "center";
    context.textBaseline = "top";
    for (const value of ticks(axes.x, (right - left) / (62 * scale))) {
      const x = this.atX(value);
      if (lines) this.segment(x, top, x, bottom);
      context.fillText(write(value), x, bottom + 5 * scale);
    }
    context.textAlign = "right";
    context.textBaseline = "middle";
    const rows = (bottom - top) / (34 * scale);
    for (const value of axes.log ? powers(axes.y, rows) : ticks(axes.y, rows)) {
      const y = this.atY(value);
      if (lines) this.segment(left, y, right, y);
      context.fillText(write(value), left - 6 * scale, y);
    }
    context.textAlign = "center";
    context.textBaseline = "bottom";
    context.fillText(axes.xName, (left + right) / 2, this.height);
    context.translate(0, (top + bottom) / 2);
    context.rotate(-Math.PI / 2);
    context.textBaseline = "top";
    if (axes.yName) context.fillText(axes.yName, 0, 0);
    context.restore();
  }

  line(xs: ArrayLike<number>, ys: ArrayLike<number>, stroke: Stroke): void {
    const { context } = this;
    this.clipped(() => {
      context.strokeStyle = this.color(stroke.color);
      context.lineWidth = (stroke.width ?? 2) * this.scale;
      context.globalAlpha = stroke.alpha ?? 1;
      context.setLineDash(stroke.dash ?? []);
      context.lineJoin = "round";
      context.beginPath();
      let pen = false;
      for (let i = 0; i < xs.length; i++) {
        const y = this.atY(ys[i]!);
        // A canvas loses lines that go too far out.
        if (Number.isFinite(y) && Math.abs(y) < 1e5) {
          if (pen) context.lineTo(this.atX(xs[i]!), y);
          else context.moveTo(this.atX(xs[i]!), y);
          pen = true;
        } else pen = false;
      }
      context.stroke();
    });
  }

  dots(
    xs: ArrayLike<number>,
    ys: ArrayLike<number>,
    { color, shape, size, hollow, outline: edge = "--raised" }: Dots,
  ): void {
    const { context } = this;
    this.clipped(() => {
      context.fillStyle = this.color(hollow ? "--raised" : color);
      context.strokeStyle = this.color(hollow ? color : edge);
      context.lineWidth = hollow ? 1.6 : 1;
      for (let i = 0; i < xs.length; i++) {
        const [x, y] = [this.atX(xs[i]!), this.atY(ys[i]!)];
        if (!Number.isFinite(y)) continue;
        context.beginPath();
        outline(context, shape, x, y, size);
        context.fill();
        context.stroke();
      }
    });
  }

  // Draws bars between edges, of which there is one more than heights, from 0 up.
  bars(edges: ArrayLike<number>, heights: ArrayLike<number>, color: string): void {
    this.clipped(() => {
      this.context.fillStyle = this.color(color);
      for (let i = 0; i < heights.length; i++) {
        const [x, y] = [this.atX(edges[i]!), this.atY(heights[i]!)];
        this.context.fillRect(x + 0.5, y, this.atX(edges[i + 1]!) - x - 1, this.atY(0) - y);
      }
    });
  }

  // Draws a picture over the whole plot.
  image(picture: CanvasImageSource): void {
    const { left, right, top, bottom } = this.inner();
    this.context.imageSmoothingQuality = "high";
    this.context.drawImage(picture, left, top, right - left, bottom - top);
  }

  // Writes words where there is no plot yet.
  note(text: string): void {
    const { context } = this;
    context.font = this.font;
    context.textAlign = "center";
    context.fillStyle = this.color("--muted");
    context.fillText(text, this.width / 2, this.height / 2);
  }

  // Writes a title in the corner, on a background of its own.
  title(text: string): void {
    const { context } = this;
    const { left, top } = this.inner();
    context.save();
    context.font = this.font;
    context.textBaseline = "top";
    context.fillStyle = this.color("--raised");
    context.fillRect(left + 6, top + 6, context.measureText(text).width + 12, 22 * this.scale);
    context.fillStyle = this.color("--ink");
    context.fillText(text, left + 12, top + 10);
    context.restore();
  }

  // The x below a pointer, and a function that gives the distance in pixels of a curve's y there.
  under(event: PointerEvent): { x: number; distance(y: number): number } {
    const box = this.canvas.getBoundingClientRect();
    const { left, right } = this.inner();
    const [low, high] = this.axes.x;
    const share = (event.clientX - box.left - left) / (right - left);
    const y = event.clientY - box.top;
    return {
      x: low + Math.min(1, Math.max(0, share)) * (high - low),
      distance: (value) => Math.abs(this.atY(value) - y),
    };
  }

  private clipped(body: () => void): void {
    const { left, right, top, bottom } = this.inner();
    this.context.save();
    this.context.beginPath();
    this.context.rect(left - 5, top - 5, right - left + 10, bottom - top + 10);
    this.context.clip();
    body();
    this.context.restore();
  }

  private segment(x0: number, y0: number, x1: number, y1: number): void {
    this.context.beginPath();
    this.context.moveTo(x0, y0);
    this.context.lineTo(x1, y1);
    this.context.stroke();
  }

  private get font(): string {
    return `${13 * this.scale}px "Source Sans 3", system-ui, sans-serif`;
  }

  private inner() {
    const { scale, width, height } = this;
    const left = (margin.left + (this.axes.yName ? 10 : 0)) * scale;
    const top = margin.top * scale;
    return {
      left,
      right: Math.max(left + 1, width - margin.right * scale),
      top,
      bottom: Math.max(top + 1, height - margin.bottom * scale),
    };
  }

  private atX(value: number): number {
    const { left, right } = this.inner();
    const [low, high] = this.axes.x;
    return left + ((value - low) / (high - low || 1)) * (right - left);
  }

  private atY(value: number): number {
    const { top, bottom } = this.inner();
    const [low, high] = this.axes.y.map((end) => this.along(end)) as [number, number];
    return bottom - ((this.along(value) - low) / (high - low || 1)) * (bottom - top);
  }

  private along(value: number): number {
    return this.axes.log ? Math.log10(value) : value;
  }
}

function outline(
  context: CanvasRenderingContext2D,
  shape: Shape,
  x: number,
  y: number,
  size: number,
): void {
  if (shape === "circle") context.arc(x, y, size, 0, 2 * Math.PI);
  else if (shape === "square") context.rect(x - 0.9 * size, y - 0.9 * size, 1.8 * size, 1.8 * size);
  else {
    context.moveTo(x, y - 1.2 * size);
    context.lineTo(x + 1.1 * size, y + 0.8 * size);
    context.lineTo(x - 1.1 * size, y + 0.8 * size);
    context.closePath();
  }
}

// A number as axes and sentences show it.
export function write(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return value > 0 ? "∞" : value < 0 ? "−∞" : "not a number";
  const short = Number(value.toPrecision(digits)) || 0;
  const size = Math.abs(short);
  const isFar = size >= 1e5 || (size > 0 && size < 1e-4);
  return powerOfTen(isFar ? short.toExponential() : String(short));
}
