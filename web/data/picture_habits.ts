// What the pictures of a set have in common, as far as a drawing can follow it: how bright their paper and their ink are,
// how large what stands on them is, where it stands, and how thick its strokes are. It is learned from some of them.

/** Pictures as a set holds them: brightnesses from 0 to 255, row by row, and colour by colour where there are three. */
export interface Pictures {
  readonly count: number;
  readonly width: number;
  readonly height: number;
  // What sentences call one of them: MNIST's are digits.
  readonly noun: "digit" | "picture";
  image(index: number): ArrayLike<number>;
}

/** From where to where most of the set lie. */
export type Range = readonly [least: number, most: number];

export interface Habits {
  // The brightness of each colour.
  paper: readonly number[];
  ink: readonly number[];
  // The longer side of the box around the ink, in pixels.
  longest: Range;
  // What stands in the middle, the ink's centre of mass or the box around it, and where that is, in pixels.
  centre: "mass" | "box";
  x: Range;
  y: Range;
  // How thick strokes are, in pixels by `thickness`; undefined where pictures are no ink on paper.
  stroke: number | undefined;
}

const anywhere: Range = [-Infinity, Infinity];

/**
 * MNIST's: the box is scaled to fit 20 × 20, and stands in 28 × 28 by its centre of mass (http://yann.lecun.com/exdb/mnist),
 * which is that of whole pixels counted from 0, so half a pixel right of the middle and below it. Its test pictures tell
 * the same, and how thick strokes are.
 */
export const mnistHabits: Habits = {
  paper: [0],
  ink: [255],
  longest: [20, 20],
  centre: "mass",
  x: [14.5, 14.5],
  y: [14.5, 14.5],
  stroke: 2.55,
};

// At most so many pictures are looked at, and of large ones fewer, so that the page does not wait for it.
const [fewest, most] = [20, 200];
const mostNumbers = 160_000;
// A pixel is ink where it differs from the paper by more than this, and paper where it differs by less.
const [faint, clean] = [64, 40];
// The share of the pixels at the edges that are paper, in sets that are ink on paper.
const mostlyPaper = 0.8;

const known = new WeakMap<Pictures, Habits>();

/** The habits of a set; what was learned of it once is kept. */
export function habitsOf(pictures: Pictures | undefined): Habits {
  if (!pictures || (pictures.noun === "digit" && pictures.width === 28)) return mnistHabits;
  let habits = known.get(pictures);
  if (!habits) known.set(pictures, (habits = learned(pictures)));
  return habits;
}

function learned(pictures: Pictures): Habits {
  const { width, height, count } = pictures;
  const room = Math.floor(mostNumbers / (pictures.image(0).length || 1));
  const looked = Math.min(Math.max(room, fewest), most, count);
  const step = Math.max(1, Math.floor(count / looked));
  const images = Array.from({ length: looked }, (_, i) => pictures.image(i * step));
  const colors = Math.max(1, Math.round((images[0]?.length ?? 0) / (width * height)));
  const edges = Array.from({ length: colors }, (_, color) =>
    images.flatMap((image) => edgeOf(image, color, width, height)),
  );
  const paper = edges.map(median);
  const isPaper = (value: number, i: number) => Math.abs(value - paper[i]!) < clean;
  const share = Math.min(
    ...edges.map((edge, i) => edge.filter((value) => isPaper(value, i)).length / edge.length),
  );
  if (!(share >= mostlyPaper)) return scene(images, colors);

  // How far each pixel is from the paper, as a share of how far ink goes.
  const far = images.map((image) => distances(image, paper, width * height));
  const reach = Math.max(1, median(far.map((values) => values.reduce(larger, 0))));
  const inks = far.map((values) => measured(values, width, height, reach)).filter(isInk);
  if (inks.length === 0) return scene(images, colors);
  const [xs, ys] = [spread(inks.map(({ massX }) => massX)), spread(inks.map(({ massY }) => massY))];
  const boxes = [
    spread(inks.map(({ boxX }) => boxX)),
    spread(inks.map(({ boxY }) => boxY)),
  ] as const;
  const byMass = wide(xs) + wide(ys) <= wide(boxes[0]) + wide(boxes[1]);
  const light = paper.reduce((sum, value) => sum + value, 0) / colors;
  const sign = light < 128 ? 1 : -1;
  return {
    paper,
    ink: paper.map((value) => Math.min(Math.max(value + sign * reach, 0), 255)),
    longest: spread(inks.map(({ longest }) => longest)),
    centre: byMass ? "mass" : "box",
    x: byMass ? xs : boxes[0],
    y: byMass ? ys : boxes[1],
    stroke: median(inks.map(({ stroke }) => stroke)),
  };
}

// Pictures that are no ink on paper, photographs for one: the whole sheet stands for the whole picture, and is as light
// as these mostly are.
function scene(images: readonly ArrayLike<number>[], colors: number): Habits {
  let [sum, values] = [0, 0];
  for (const image of images) {
    for (let i = 0; i < image.length; i++) sum += image[i]!;
    values += image.length;
  }
  const isLight = sum > 128 * values;
  const all = (value: number) => Array.from({ length: colors }, () => value);
  return {
    paper: all(isLight ? 255 : 0),
    ink: all(isLight ? 0 : 255),
    longest: anywhere,
    centre: "box",
    x: anywhere,
    y: anywhere,
    stroke: undefined,
  };
}

// The pixels along the four edges.
function edgeOf(image: ArrayLike<number>, color: number, width: number, height: number): number[] {
  const start = color * width * height;
  const edge: number[] = [];
  for (let x = 0; x < width; x++)
    edge.push(image[start + x]!, image[start + (height - 1) * width + x]!);
  for (let y = 1; y < height - 1; y++)
    edge.push(image[start + y * width]!, image[start + y * width + width - 1]!);
  return edge;
}

// How far each pixel is from the paper: the largest distance of its colours.
function distances(
  image: ArrayLike<number>,
  paper: readonly number[],
  pixels: number,
): Float32Array {
  const far = new Float32Array(pixels);
  paper.forEach((value, color) => {
    for (let p = 0; p < pixels; p++)
      far[p] = Math.max(far[p]!, Math.abs(image[color * pixels + p]! - value));
  });
  return far;
}

interface Ink {
  longest: number;
  massX: number;
  massY: number;
  boxX: number;
  boxY: number;
  stroke: number;
}
const isInk = (ink: Ink | undefined): ink is Ink => ink !== undefined;

// What is drawn in one picture; undefined where nothing is.
function measured(
  far: Float32Array,
  width: number,
  height: number,
  reach: number,
): Ink | undefined {
  const shares = far.map((value) => Math.min(value / reach, 1));
  const box = boxOf(shares, width, height, Math.min(faint / reach, 0.5));
  if (!box) return undefined;
  const { x, y } = massOf(shares, width, height);
  return {
    longest: Math.max(box.right - box.left, box.bottom - box.top),
    massX: x,
    massY: y,
    boxX: (box.left + box.right) / 2,
    boxY: (box.top + box.bottom) / 2,
    stroke: thickness(shares, width, height),
  };
}

/** The box around the pixels above `least`; undefined where there is none. ink: [height · width], from 0 to 1 */
export function boxOf(ink: ArrayLike<number>, width: number, height: number, least = 0) {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!(ink[y * width + x]! > least)) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return right < 0 ? undefined : { left, top, right: right + 1, bottom: bottom + 1 };
}

/** The centre of mass. ink: [height · width], not all of it 0 */
export function massOf(ink: ArrayLike<number>, width: number, height: number) {
  let [mass, x, y] = [0, 0, 0];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const value = ink[row * width + column]!;
      mass += value;
      x += value * (column + 0.5);
      y += value * (row + 0.5);
    }
  }
  return { x: x / mass, y: y / mass };
}

/**
 * How thick strokes are: twice their area over the length of their outline, which is how much the ink varies along rows
 * and columns in all (Cauchy–Crofton: 4/π of the outline). Grey edges count with their share. ink: [height · width]
 */
export function thickness(ink: ArrayLike<number>, width: number, height: number): number {
  let [area, varied] = [0, 0];
  const at = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height ? ink[y * width + x]! : 0;
  for (let y = 0; y <= height; y++) {
    for (let x = 0; x <= width; x++) {
      const value = at(x, y);
      area += value;
      varied += Math.abs(value - at(x - 1, y)) + Math.abs(value - at(x, y - 1));
    }
  }
  return varied === 0 ? 0 : (2 * area) / ((Math.PI / 4) * varied);
}

const larger = (a: number, b: number) => Math.max(a, b);
const wide = ([least, greatest]: Range) => greatest - least;

// Where nine tenths of the numbers lie.
function spread(numbers: readonly number[]): Range {
  const sorted = numbers.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
  return [at(0.05), at(0.95)];
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;
}
