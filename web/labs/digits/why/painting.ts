// Pictures of what speaks for and against: blue and orange over the pale ink of the picture.
import { make } from "../../../ui/dom";
import { paint, resize, setSigned, type Size } from "../../../ui/ink";

// How dark the picture's own ink is below the colours.
const paleness = 0.25;

// A canvas for colours, with what screen readers call it.
export const signedCanvas = (test: string): HTMLCanvasElement =>
  make("canvas", { className: "signed", role: "img", test });

interface Painting {
  // The picture's ink below the colours, [height · width], and how dark it is there.
  ink?: ArrayLike<number> | undefined;
  darkness?: number | undefined;
  // The number that is the darkest.
  strongest?: number | undefined;
}

// Paints numbers [height · width] as colours: blue above 0, orange below.
export function paintSigned(
  canvas: HTMLCanvasElement,
  size: Size,
  values: Float32Array,
  { ink, darkness = paleness, strongest = largest(values) }: Painting = {},
): void {
  resize(canvas, size);
  const context = canvas.getContext("2d")!;
  const image = context.createImageData(canvas.width, canvas.height);
  values.forEach((value, p) => {
    const at = 4 * p;
    setSigned(image, at, value / (strongest || 1));
    if (!ink) return;
    const above = image.data[at + 3]! / 255;
    const all = above + darkness * ink[p]! * (1 - above);
    for (let color = at; color < at + 3; color++) image.data[color]! *= above / (all || 1);
    image.data[at + 3] = 255 * all;
  });
  context.putImageData(image, 0, 0);
}

const largest = (values: Float32Array) =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

// Paints pixels from 0 to 1 as ink.
export function paintInk(canvas: HTMLCanvasElement, size: Size, pixels: Float32Array): void {
  resize(canvas, size);
  paint(
    canvas,
    pixels.map((value) => 255 * value),
  );
}

// A picture with a line below it.
export const captioned = (canvas: HTMLCanvasElement, ...caption: (Node | string)[]): HTMLElement =>
  make("figure", {}, canvas, make("figcaption", {}, ...caption));

// What blue and orange stand for.
export const legend = (blue: Node, orange: Node): HTMLElement =>
  make(
    "p",
    { className: "legend" },
    make("span", { className: "blue" }),
    blue,
    make("span", { className: "orange" }),
    orange,
  );
