// A curve of any length in bounded memory: when it is full, neighbours are averaged in pairs, and
// every later point stands for twice as many. Beside the points it keeps a running mean, which is
// the line to look at.

const capacity = 1024;
// The steps over which the running mean forgets.
const memory = 40;

export class Series {
  readonly x: number[] = [];
  readonly y: number[] = [];
  readonly smooth: number[] = [];
  private perPoint = 1;
  private sums = { count: 0, x: 0, y: 0, smooth: 0 };
  private mean = 0;
  private weight = 0;
  private lastStep = 0;

  // Adds a point. `step` counts from 1; where steps were skipped, y is their mean.
  add(step: number, x: number, y: number): void {
    const decay = Math.exp(-Math.max(1, step - this.lastStep) / memory);
    this.lastStep = step;
    this.mean = decay * this.mean + (1 - decay) * y;
    this.weight = decay * this.weight + (1 - decay);

    const { sums } = this;
    sums.count++;
    sums.x += x;
    sums.y += y;
    sums.smooth += this.mean / this.weight;
    if (sums.count < this.perPoint) return;
    this.x.push(sums.x / sums.count);
    this.y.push(sums.y / sums.count);
    this.smooth.push(sums.smooth / sums.count);
    this.sums = { count: 0, x: 0, y: 0, smooth: 0 };
    if (this.x.length >= capacity) this.halve();
  }

  // The current running mean; NaN before the first point.
  get latest(): number {
    return this.weight > 0 ? this.mean / this.weight : NaN;
  }

  // All of it as plain data; restore() puts such data back.
  state() {
    const { x, y, smooth, perPoint, sums, mean, weight, lastStep } = this;
    return { x, y, smooth, perPoint, sums, mean, weight, lastStep };
  }
  setState(state: ReturnType<Series["state"]>): void {
    const { x, y, smooth, ...rest } = structuredClone(state);
    this.reset();
    this.x.push(...x);
    this.y.push(...y);
    this.smooth.push(...smooth);
    Object.assign(this, rest);
  }

  reset(): void {
    for (const values of [this.x, this.y, this.smooth]) values.length = 0;
    this.perPoint = 1;
    this.sums = { count: 0, x: 0, y: 0, smooth: 0 };
    this.mean = this.weight = this.lastStep = 0;
  }

  private halve(): void {
    for (const values of [this.x, this.y, this.smooth]) {
      for (let i = 0; 2 * i + 1 < values.length; i++) {
        values[i] = (values[2 * i]! + values[2 * i + 1]!) / 2;
      }
      values.length = Math.floor(values.length / 2);
    }
    this.perPoint *= 2;
  }
}
