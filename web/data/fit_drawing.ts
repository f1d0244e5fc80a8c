// Draws a drawing again as a picture of a set: as large, in its place, with strokes as thick, and with its ink on its
// paper. It is moved no further than to where nine tenths of the set lie.
import type { Size } from "../ui/ink";
import type { Drawing } from "../ui/sheet";
import {
  boxOf,
  habitsOf,
  massOf,
  thickness,
  type Habits,
  type Pictures,
  type Range,
} from "./picture_habits";

/** A drawing as a net sees it, and what was done to it for that, as sentences. */
export interface Fitted {
  // Brightnesses from 0 to 255, row by row, and colour by colour where the set has three.
  seen: Uint8ClampedArray;
  done: string;
}

const mnistSize: Size = { width: 28, height: 28 };

/** The drawing as one of these pictures; as one of MNIST's where they are undefined. */
export function fit(drawing: Drawing, pictures?: Pictures): Fitted {
  const habits = habitsOf(pictures);
  const ink = drawn(drawing, habits, pictures ?? mnistSize);
  const pixels = ink.length;
  const seen = new Uint8ClampedArray(habits.paper.length * pixels);
  habits.paper.forEach((paper, color) => {
    const more = habits.ink[color]! - paper;
    for (let p = 0; p < pixels; p++) seen[color * pixels + p] = paper + ink[p]! * more;
  });
  return { seen, done: pictures?.noun === "picture" ? inWords(habits) : "" };
}

// Where most lie closer together than this, in pixels, a drawing goes to their middle.
const close = 2;

const clamp = (value: number, [least, most]: Range) => Math.min(Math.max(value, least), most);

const drawnTo = (value: number, range: Range) =>
  range[1] - range[0] < close ? (range[0] + range[1]) / 2 : clamp(value, range);

// Strokes are at least so many pixels thick, and at most this share of the drawing's longer side.
const thinnest = 0.7;
const thickest = 1 / 3;

// A drawing in the box around its ink. ink: [rows · columns], from 0 to 1
interface Tight {
  ink: Float32Array;
  columns: number;
  rows: number;
}

// The ink from 0 to 1. Returns [height · width].
function drawn(drawing: Drawing, habits: Habits, size: Size): Float32Array {
  const { lines } = drawing;
  const path = extentOf(lines);
  const [across, down] = [path.right - path.left, path.bottom - path.top];
  const longer = Math.max(across, down);
  // The whole sheet as the whole picture.
  const natural = Math.min(size.width / drawing.width, size.height / drawing.height);
  const limit: Range = [1, Math.max(size.width, size.height)];
  const longest = clamp(drawnTo((longer + drawing.pen) * natural, habits.longest), limit);

  let pen = habits.stroke ?? drawing.pen * natural;
  let tight: Tight = { ink: new Float32Array(), columns: 0, rows: 0 };
  // What comes out as thick as the set's depends on the shape, and is found by drawing it twice.
  for (const again of [false, true]) {
    if (again) {
      if (habits.stroke === undefined) break;
      const found = thickness(tight.ink, tight.columns, tight.rows);
      if (found > 0) pen *= clamp(habits.stroke / found, [0.5, 2]);
    }
    pen = clamp(pen, [thinnest, Math.max(thinnest, longest * thickest)]);
    const room = Math.max(longest - pen, 0);
    // A dot has no extent to be scaled.
    const scale = Math.min(
      longer > 0 ? room / longer : natural,
      across > 0 ? Math.max(size.width - pen, 0) / across : Infinity,
      down > 0 ? Math.max(size.height - pen, 0) / down : Infinity,
    );
    const columns = Math.min(Math.ceil(across * scale + pen - 1e-6), size.width);
    const rows = Math.min(Math.ceil(down * scale + pen - 1e-6), size.height);
    const left = (columns - across * scale) / 2 - path.left * scale;
    const top = (rows - down * scale) / 2 - path.top * scale;
    const placed = lines.map((value, i) => value * scale + (i % 2 === 0 ? left : top));
    tight = { ink: strokes(placed, pen, { width: columns, height: rows }), columns, rows };
  }

  const middle = {
    x: ((path.left + path.right) / 2) * (size.width / drawing.width),
    y: ((path.top + path.bottom) / 2) * (size.height / drawing.height),
  };
  return inPlace(tight, middle, habits, size);
}

// Lays what was drawn on an empty picture, with the middle of its box where that is on the sheet, and then no further off
// than the set's pictures are.
function inPlace(
  { ink, columns, rows }: Tight,
  middle: { x: number; y: number },
  habits: Habits,
  { width, height }: Size,
): Float32Array {
  const whole = new Float32Array(width * height);
  if (!boxOf(ink, columns, rows)) return whole;
  const own =
    habits.centre === "mass" ? massOf(ink, columns, rows) : { x: columns / 2, y: rows / 2 };
  const offset = (at: number, centre: number, range: Range, extent: number, side: number) =>
    Math.min(Math.max(Math.round(drawnTo(at, range) - centre), 0), side - extent);
  const left = offset(middle.x - columns / 2 + own.x, own.x, habits.x, columns, width);
  const top = offset(middle.y - rows / 2 + own.y, own.y, habits.y, rows, height);
  for (let y = 0; y < rows; y++)
    whole.set(ink.subarray(y * columns, (y + 1) * columns), (top + y) * width + left);
  return whole;
}

function extentOf(lines: readonly number[]) {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < lines.length; i += 2) {
    left = Math.min(left, lines[i]!);
    right = Math.max(right, lines[i]!);
    top = Math.min(top, lines[i + 1]!);
    bottom = Math.max(bottom, lines[i + 1]!);
  }
  return { left, right, top, bottom };
}

/**
 * Lines of a round pen, with edges that are grey by how much of a pixel they cover. lines: x, y, x, y in pixels.
 * Returns [height · width], from 0 to 1.
 */
export function strokes(
  lines: readonly number[],
  pen: number,
  { width, height }: Size,
): Float32Array {
  const ink = new Float32Array(width * height);
  const reach = pen / 2 + 0.5;
  const darkest = Math.min(pen, 1);
  for (let i = 0; i < lines.length; i += 4) {
    const [fromX, fromY, toX, toY] = lines.slice(i, i + 4) as [number, number, number, number];
    const [alongX, alongY] = [toX - fromX, toY - fromY];
    const squared = alongX * alongX + alongY * alongY;
    const first = (a: number, b: number) => Math.max(0, Math.floor(Math.min(a, b) - reach));
    const last = (a: number, b: number, most: number) =>
      Math.min(most - 1, Math.ceil(Math.max(a, b) + reach));
    for (let y = first(fromY, toY); y <= last(fromY, toY, height); y++) {
      for (let x = first(fromX, toX); x <= last(fromX, toX, width); x++) {
        const [dx, dy] = [x + 0.5 - fromX, y + 0.5 - fromY];
        const share = squared > 0 ? clamp((dx * alongX + dy * alongY) / squared, [0, 1]) : 0;
        const distance = Math.hypot(dx - share * alongX, dy - share * alongY);
        const covered = clamp(reach - distance, [0, darkest]);
        const place = y * width + x;
        if (covered > ink[place]!) ink[place] = covered;
      }
    }
  }
  return ink;
}

// What was done to a drawing, as sentences.
function inWords({ paper, stroke, longest, x, y }: Habits): string {
  const isLight = paper.reduce((sum, value) => sum + value, 0) > 128 * paper.length;
  const color = isLight ? "dark on light" : "light on dark";
  if (stroke === undefined) return `The whole sheet is made smaller, ${color}.`;
  const isNarrow = ([least, most]: Range) => most - least < 4;
  const place = isNarrow(x) && isNarrow(y) ? "centred as they are" : "about where you drew it";
  const size = isNarrow(longest) ? "as large" : "about as large";
  return `Your drawing is made ${size} as these pictures are, with strokes as thick, ${place}, ${color}.`;
}
