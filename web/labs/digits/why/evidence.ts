// Which ink speaks for an answer and which against it: sums over places of the gradient of log p(answer) −
// log p(other), for the ink that is there and for places where ink would matter. Of a picture in colour, which has no ink,
// it is what differs from its mean colour, and what more light would say anywhere.
import type { Size } from "../../../ui/ink";
import { added, meanColor } from "./channels";

// The places of a picture, row by row, as sentences call them.
export const places = [
  ...["at the top left", "at the top", "at the top right"],
  ...["on the left", "in the middle", "on the right"],
  ...["at the bottom left", "at the bottom", "at the bottom right"],
] as const;

// A pixel below this counts as empty.
const faint = 0.1;
// A place speaks for or against if it does so at least this share of what all pixels do together.
const leastShare = 0.02;

// The two places that say most, by their numbers in `places`; undefined where no place says anything.
export interface Strongest {
  for: number | undefined;
  against: number | undefined;
}

export interface Evidence {
  // What each pixel's ink says: gradient × ink; in colour gradient × difference from the mean, all channels together.
  ofInk: Float32Array;
  // What ink would say in each pixel that is empty: the gradient there, and 0 elsewhere; in colour the gradient of all
  // channels, everywhere.
  ofEmpty: Float32Array;
  ink: Strongest;
  empty: Strongest;
}

// `gradient` is that of log p(answer) − log p(other) by each pixel; pixels are from 0 to 1.
export function evidenceOf(pixels: Float32Array, gradient: Float32Array, size: Size): Evidence {
  const colored = isColored(pixels, size);
  const mean = colored ? meanColor(pixels, size) : undefined;
  const [ofInk, ofEmpty] = mean
    ? [
        added(
          pixels.map((value, p) => (value - mean[p]!) * gradient[p]!),
          size,
        ),
        added(gradient, size),
      ]
    : [
        pixels.map((ink, p) => ink * gradient[p]!),
        pixels.map((ink, p) => (ink < faint ? gradient[p]! : 0)),
      ];
  const placeOf = placesOf(pixels, size);
  return {
    ofInk,
    ofEmpty,
    ink: strongest(ofInk, placeOf),
    empty: strongest(ofEmpty, placeOf),
  };
}

// Whether there is more than one number for each pixel.
const isColored = (pixels: Float32Array, { width, height }: Size) => pixels.length > width * height;

// The picture without its ink in one place; one in colour has its mean colour there.
export function without(pixels: Float32Array, place: number, size: Size): Float32Array {
  const placeOf = placesOf(pixels, size);
  const rest = isColored(pixels, size) ? meanColor(pixels, size) : new Float32Array(pixels.length);
  return pixels.map((value, p) => (placeOf(p) === place ? rest[p]! : value));
}

// The places that have ink, by their numbers in `places`: all of a picture in colour.
export function inkedPlaces(pixels: Float32Array, size: Size): number[] {
  if (isColored(pixels, size)) return [...places.keys()];
  const placeOf = placesOf(pixels, size);
  const inked = new Set<number>();
  pixels.forEach((ink, p) => ink >= faint && inked.add(placeOf(p)));
  return [...inked].sort((a, b) => a - b);
}

// The place of each pixel: a ninth of the rectangle around the ink, or the nearest of them; in colour of all.
function placesOf(pixels: Float32Array, size: Size): (pixel: number) => number {
  const { width, height } = size;
  const colored = isColored(pixels, size);
  let [left, right, top, bottom] = [width, -1, height, -1];
  pixels.forEach((ink, p) => {
    if (colored || ink < faint) return;
    const [x, y] = [p % width, Math.floor(p / width)];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  });
  if (right < 0) [left, right, top, bottom] = [0, width - 1, 0, height - 1];
  const third = (at: number, from: number, to: number) =>
    Math.min(2, Math.max(0, Math.floor((3 * (at - from)) / (to - from + 1))));
  return (p) =>
    3 * third(Math.floor(p / width) % height, top, bottom) + third(p % width, left, right);
}

function strongest(values: Float32Array, placeOf: (pixel: number) => number): Strongest {
  const sums = places.map(() => 0);
  let all = 0;
  values.forEach((value, p) => {
    sums[placeOf(p)]! += value;
    all += Math.abs(value);
  });
  const [most, least] = [Math.max(...sums), Math.min(...sums)];
  const enough = leastShare * all;
  return {
    for: all > 0 && most >= enough ? sums.indexOf(most) : undefined,
    against: all > 0 && -least >= enough ? sums.indexOf(least) : undefined,
  };
}
