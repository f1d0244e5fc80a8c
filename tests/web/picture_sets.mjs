// Sets of pictures that the tests of the pad learn: MNIST's digits made dark on light, thick, thin or anywhere, and letters
// as EMNIST has them, of strokes.
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { drawingOf, random } from "./collecting.mjs";
import { root } from "./support.mjs";

// The small MNIST: pictures of 28 × 28 and their labels.
const small = async (name) =>
  gunzipSync(await readFile(`${root}build/public/mnist/small-${name}-ubyte.gz`));
async function digits(part) {
  const [images, labels] = [await small(`${part}-images-idx3`), await small(`${part}-labels-idx1`)];
  const count = labels.length - 8;
  return {
    pictures: Array.from({ length: count }, (_, i) =>
      images.subarray(16 + 784 * i, 16 + 784 * (i + 1)),
    ),
    labels: [...labels.subarray(8)],
  };
}
export const [training, tested] = [await digits("train"), await digits("t10k")];

// Ways to make another picture of one of 28 × 28.
export const inverted = (picture) => picture.map((value) => 255 - value);
const spread = (take) => (picture) =>
  picture.map((_, i) => {
    const [x, y] = [i % 28, Math.floor(i / 28)];
    const around = [0, 1, -1].flatMap((dy) => [0, 1, -1].map((dx) => [x + dx, y + dy]));
    const at = ([x, y]) => (x < 0 || y < 0 || x > 27 || y > 27 ? 0 : picture[28 * y + x]);
    return take(around.map(at));
  });
export const thick = spread((values) => Math.max(...values));
export const thin = spread(([value, ...others]) =>
  Math.max(0, value - 0.5 * (255 - Math.min(...others.slice(0, 2), others[2], others[5]))),
);
const chance = random(2);
// Anywhere in 40 × 40.
export function anywhere(picture) {
  const whole = Buffer.alloc(1600);
  const [left, top] = [Math.floor(12 * chance()), Math.floor(12 * chance())];
  for (let y = 0; y < 28; y++)
    whole.set(picture.subarray(28 * y, 28 * (y + 1)), 40 * (top + y) + left);
  return whole;
}

// Digits as they are drawn, as lines through points from 0 to 1.
export const digitLines = {
  7: [
    [
      [0.25, 0.2],
      [0.75, 0.2],
      [0.6, 0.5],
      [0.45, 0.85],
    ],
  ],
  2: [
    [
      [0.28, 0.3],
      [0.4, 0.16],
      [0.6, 0.16],
      [0.7, 0.32],
      [0.6, 0.5],
      [0.25, 0.82],
      [0.75, 0.82],
    ],
  ],
};

// Letters as EMNIST has them: the box around the ink is 24 pixels long and in the middle, and all is blurred.
export const letters = {
  A: [
    [
      [0.15, 0.9],
      [0.5, 0.1],
      [0.85, 0.9],
    ],
    [
      [0.28, 0.6],
      [0.72, 0.6],
    ],
  ],
  E: [
    [
      [0.8, 0.1],
      [0.25, 0.1],
      [0.25, 0.9],
      [0.8, 0.9],
    ],
    [
      [0.25, 0.5],
      [0.7, 0.5],
    ],
  ],
  H: [
    [
      [0.2, 0.1],
      [0.2, 0.9],
    ],
    [
      [0.8, 0.1],
      [0.8, 0.9],
    ],
    [
      [0.2, 0.5],
      [0.8, 0.5],
    ],
  ],
  L: [
    [
      [0.3, 0.1],
      [0.3, 0.9],
      [0.8, 0.9],
    ],
  ],
  V: [
    [
      [0.15, 0.1],
      [0.5, 0.9],
      [0.85, 0.1],
    ],
  ],
  Z: [
    [
      [0.2, 0.1],
      [0.8, 0.1],
      [0.2, 0.9],
      [0.8, 0.9],
    ],
  ],
};

export function letter(lines, chance) {
  const shaky = drawingOf(lines, chance);
  const all = shaky.flat();
  const [xs, ys] = [all.map(([x]) => x), all.map(([, y]) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [across, down] = [Math.max(...xs) - left, Math.max(...ys) - top];
  const pen = 2 + chance();
  const scale = (22 - pen) / Math.max(across, down);
  // Points along the lines, each of which inks what is near it, on a grid four times as fine.
  const fine = new Uint8Array(112 * 112);
  for (const line of shaky) {
    for (let i = 1; i < line.length; i++) {
      for (let share = 0; share <= 1; share += 0.01) {
        const [x, y] = [0, 1].map(
          (axis) => line[i - 1][axis] * (1 - share) + line[i][axis] * share,
        );
        const [column, row] = [
          14 + (x - left - across / 2) * scale,
          14 + (y - top - down / 2) * scale,
        ];
        const reach = 2 * pen;
        for (let v = Math.floor(4 * row - reach); v <= 4 * row + reach; v++)
          for (let u = Math.floor(4 * column - reach); u <= 4 * column + reach; u++)
            if (Math.hypot(u - 4 * column, v - 4 * row) <= reach) fine[112 * v + u] = 1;
      }
    }
  }
  return Buffer.from(
    Array.from({ length: 784 }, (_, i) => {
      const [x, y] = [4 * (i % 28), 4 * Math.floor(i / 28)];
      let sum = 0;
      for (let v = Math.max(y - 2, 0); v < Math.min(y + 6, 112); v++)
        for (let u = Math.max(x - 2, 0); u < Math.min(x + 6, 112); u++) sum += fine[112 * v + u];
      return Math.round((255 * sum) / 64);
    }),
  );
}
