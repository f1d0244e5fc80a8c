// A chart as a picture to keep: on the paper's colour, with a title, its key and both axes named,
// and of the same size on every display.
import uPlot from "uplot";
import { make } from "../dom";
import { lineSamples, type Curve } from "./key";

export const pictureSize = { width: 1200, height: 800 };
// The pixels per pixel of the design, which is made for 600 × 400.
export const pictureScale = 2;

// The height of title and key, in pixels of the design.
const head = 74;
const edge = 12;

export interface PictureOptions {
  title: string;
  // A line below the title.
  about: string;
  // The curves that there are.
  curves: readonly Curve[];
  kept: readonly string[];
  color(name: string): string;
  // The plot's options for a size in CSS pixels, with all lengths times `scale`.
  options(size: { width: number; height: number }, scale: number): uPlot.Options;
  data: uPlot.AlignedData;
}

export async function picture(wanted: PictureOptions): Promise<HTMLCanvasElement> {
  const { width, height } = pictureSize;
  const canvas = make("canvas", { width, height });
  const context = canvas.getContext("2d")!;
  context.fillStyle = wanted.color("--paper");
  context.fillRect(0, 0, width, height);

  // uPlot draws as many canvas pixels as the display has for one of the page's.
  const ratio = uPlot.pxRatio;
  const scale = pictureScale / ratio;
  const size = {
    width: (width - 2 * edge * pictureScale) / ratio,
    height: (height - (head + edge) * pictureScale) / ratio,
  };
  const options = wanted.options(size, scale);
  const plot = await new Promise<uPlot>((done) => {
    const hooks = { ...options.hooks, ready: [done] };
    new uPlot({ ...options, hooks }, wanted.data, document.createElement("div"));
  });
  context.drawImage(plot.ctx.canvas, edge * pictureScale, head * pictureScale);
  plot.destroy();

  context.scale(pictureScale, pictureScale);
  label(context, wanted, width / pictureScale - 2 * edge);
  return canvas;
}

function label(context: CanvasRenderingContext2D, wanted: PictureOptions, room: number): void {
  const { title, about, curves, kept, color } = wanted;
  context.textBaseline = "alphabetic";
  context.fillStyle = color("--ink");
  context.font = '600 15px "Source Sans 3", system-ui, sans-serif';
  context.fillText(title, edge, 23);
  context.fillStyle = color("--muted");
  context.font = '12px "Source Sans 3", system-ui, sans-serif';
  context.fillText(shortened(context, about, room), edge, 41);
  context.font = '13px "Source Sans 3", system-ui, sans-serif';
  let left = edge;
  const entry = (name: string, draw: (at: number) => void) => {
    draw(left);
    context.fillStyle = color("--muted");
    context.fillText(name, left + 34, 63);
    left += 34 + context.measureText(name).width + 18;
  };
  const stroke = (curve: Curve, at: number, top: number, width: number) => {
    context.strokeStyle = color(`--${curve}`);
    context.lineWidth = width;
    context.setLineDash(lineSamples[curve].dash);
    context.beginPath();
    context.moveTo(at, top);
    context.lineTo(at + 28, top);
    context.stroke();
  };
  for (const curve of curves) entry(lineSamples[curve].title, (at) => stroke(curve, at, 59, 2.5));
  if (kept.length > 0) {
    entry(`kept run${kept.length === 1 ? "" : "s"} ${kept.join(", ")}`, (at) => {
      context.globalAlpha = 0.7;
      stroke("train", at, 56, 1.25);
      stroke("test", at, 62, 1.25);
      context.globalAlpha = 1;
    });
  }
}

function shortened(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  let end = text.length;
  while (end > 0 && context.measureText(`${text.slice(0, end)}…`).width > room) end--;
  return `${text.slice(0, end).trimEnd()}…`;
}
