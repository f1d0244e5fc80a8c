// A curve of any length in bounded memory: when it is full, neighbours are averaged in pairs, and
// every later point stands for twice as many. Beside the points there is the line to look at, which
// runs through the middle of them.

const capacity = 1024;
// The most points that the line looks at to either side.
const neighbours = 20;
// The fewest, where points are far apart: through fewer it would be the points themselves.
const fewest = 2;

/**
 * A line through the middle of points at even distances along x. Each of its values is that of the
 * straight line that fits the neighbours best, which are `width` away at most or the next few (Cleveland 1979). So
 * it does not lag where the points rise or fall, and it never leaves their range.
 */
export function smoothed(x: readonly number[], y: readonly number[], width: number): number[] {
  const reach = reachOf(x, width);
  return y.map((_, i) => smoothedAt(y, i, reach));
}

// How many neighbours to either side the line looks at.
function reachOf(x: readonly number[], width: number): number {
  const gap = (x.at(-1)! - x[0]!) / (x.length - 1);
  return gap > 0 ? Math.min(neighbours, Math.max(fewest, Math.floor(width / gap))) : 0;
}

function smoothedAt(y: readonly number[], i: number, reach: number): number {
  const from = Math.max(0, Math.min(i - reach, y.length - 1 - 2 * reach));
  const end = Math.min(y.length, from + 2 * reach + 1);
  const middle = (end - from - 1) / 2;
  let [sum, product, square, least, most] = [0, 0, 0, Infinity, -Infinity];
  for (let j = from; j < end; j++) {
    const [value, distance] = [y[j]!, j - from - middle];
    sum += value;
    product += distance * value;
    square += distance ** 2;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const slope = square > 0 ? product / square : 0;
  const value = sum / (end - from) + slope * (i - from - middle);
  return Math.min(Math.max(value, least), most);
}

export class Series {
  readonly x: number[] = [];
  readonly y: number[] = [];
  private perPoint = 1;
  private sums = { count: 0, x: 0, y: 0 };
  // The line through the points, and how many of its values stay as they are while it looks this far.
  private readonly line: number[] = [];
  private settled = 0;
  private reach = 0;

  // `width` is how far the line looks to either side at most, as a length along x.
  constructor(private readonly width: number) {}

  // Adds a point; where steps were skipped, y is their mean.
  add(x: number, y: number): void {
    const { sums } = this;
    sums.count++;
    sums.x += x;
    sums.y += y;
    if (sums.count < this.perPoint) return;
    this.x.push(sums.x / sums.count);
    this.y.push(sums.y / sums.count);
    this.sums = { count: 0, x: 0, y: 0 };
    if (this.x.length >= capacity) this.halve();
  }

  // The line through the points: smoothed(x, y, width), of which only the end is made anew where points came.
  get smooth(): number[] {
    const { x, y, line } = this;
    const reach = reachOf(x, this.width);
    if (reach !== this.reach) this.settled = 0;
    line.length = y.length;
    for (let i = this.settled; i < y.length; i++) line[i] = smoothedAt(y, i, reach);
    this.reach = reach;
    this.settled = y.length > 2 * reach ? y.length - reach : 0;
    return line;
  }

  // Where the line is now; NaN before the first point.
  get latest(): number {
    return this.smooth.at(-1) ?? NaN;
  }

  // All of it as plain data; restore() puts such data back.
  state() {
    const { x, y, perPoint, sums } = this;
    return { x, y, smooth: [...this.smooth], perPoint, sums };
  }
  setState(state: ReturnType<Series["state"]>): void {
    const { x, y, perPoint, sums } = structuredClone(state);
    this.reset();
    this.x.push(...x);
    this.y.push(...y);
    this.perPoint = perPoint;
    this.sums = { count: sums.count, x: sums.x, y: sums.y };
  }

  reset(): void {
    this.x.length = this.y.length = 0;
    this.perPoint = 1;
    this.sums = { count: 0, x: 0, y: 0 };
    this.settled = 0;
  }

  private halve(): void {
    for (const values of [this.x, this.y]) {
      for (let i = 0; 2 * i + 1 < values.length; i++) {
        values[i] = (values[2 * i]! + values[2 * i + 1]!) / 2;
      }
      values.length = Math.floor(values.length / 2);
    }
    this.perPoint *= 2;
    this.settled = 0;
  }
}
