// Small pictures of five shapes as PNGs, in folders of their classes.
import { png } from "../support/pictures.mjs";
import { random } from "./lines.mjs";

export const kinds = ["circle", "cross", "square", "stripes", "triangle"];

const inside = {
  circle: (x, y, radius) => Math.hypot(x, y) < radius,
  cross: (x, y) => Math.min(Math.abs(x), Math.abs(y)) < 2,
  square: (x, y, radius) => Math.max(Math.abs(x), Math.abs(y)) < radius,
  stripes: (x, y) => Math.floor((x + y + 64) / 4) % 2 === 0,
  triangle: (x, y, radius) => Math.abs(y) < radius && 2 * Math.abs(x) < y + radius,
};

/** The files by their paths, "circle/0.png": dark on light, grey or in colour. */
export function shapes(count, { size = 24, folder = "", colored = false, seed = 1 } = {}) {
  const chance = random(seed);
  const files = {};
  for (let i = 0; i < count; i++) {
    const kind = kinds[i % kinds.length];
    const [left, top] = [0, 0].map(() => size / 2 + 6 * (chance() - 0.5));
    const radius = size / 5 + 4 * chance();
    const colors = [0, 200].map((least) => [0, 1, 2].map(() => least + 40 * chance()));
    const pixel = (x, y) => {
      const color = colors[inside[kind](x - left, y - top, radius) ? 0 : 1];
      const values = color.map((value) => Math.floor(value + 15 * chance()));
      return colored ? values : values[0];
    };
    files[`${folder}${kind}/${i}.png`] = png(size, size, pixel, { type: colored ? 2 : 0 });
  }
  return files;
}
