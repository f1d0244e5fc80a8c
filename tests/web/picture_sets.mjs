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

// As EMNIST's files have pictures: rows and columns swapped.
export const lying = (picture) =>
  picture.map((_, i) => picture[28 * (i % 28) + Math.floor(i / 28)]);

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

// The capital letters as lines through points, each two figures: tenths from the left and from the top.
const strokes = {
  ...{
    A: "19 51 99/36 76",
    B: "21 29 59 78 76 55 25/55 74 72 51 21",
    C: "82 61 41 22 17 28 49 69 88",
  },
  ...{ D: "21 29 59 77 73 51 21", E: "81 21 29 89/25 75", F: "81 21 29/25 75" },
  ...{ G: "82 61 41 22 17 28 49 69 87 85 55", H: "21 29/81 89/25 85", I: "31 71/51 59/39 79" },
  ...{ J: "41 81/61 67 49 28", K: "21 29/81 25 89", L: "31 39 89", M: "19 21 55 81 99" },
  ...{ N: "29 21 89 81", O: "51 22 15 28 59 88 95 82 51", P: "29 21 61 83 65 25" },
  ...{ Q: "51 22 15 28 59 88 95 82 51/66 99", R: "29 21 61 83 65 25/55 89" },
  ...{ S: "82 51 23 45 76 78 59 28", T: "11 91/51 59", U: "21 27 49 69 87 81", V: "11 59 91" },
  ...{ W: "11 39 54 79 91", X: "11 99/91 19", Y: "11 55 91/55 59", Z: "21 81 29 89" },
};
export const letters = Object.fromEntries(
  Object.entries(strokes).map(([name, lines]) => [
    name,
    lines.split("/").map((line) => line.split(" ").map(([x, y]) => [x / 10, y / 10])),
  ]),
);

// A letter as EMNIST has them: the box around the ink is 24 pixels long and in the middle, and all is blurred.
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
