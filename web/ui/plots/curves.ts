// The points of one quantity over a run, as a chart draws them: of each step of the training, and
// what was measured at the ends of epochs.
import { Series } from "./series";

class Points {
  x: number[] = [];
  y: number[] = [];
}

/** What a run is judged by as it learns: what was held back, or the test where nothing was. */
export type Judge = "validation" | "test";

export class Curves {
  // The line looks at a small part of an epoch, however few steps that has.
  readonly training = new Series(1 / 30);
  readonly ended = { validation: new Points(), test: new Points() };
  // Most runs hold something back; which it is follows from the net that is made.
  judge: Judge = "validation";

  // Adds a step's value. `epoch` is a fraction: the place of the step in the run.
  add(epoch: number, value: number): void {
    this.training.add(epoch, value);
  }

  // Adds what was measured at an epoch's end; NaN is no value.
  addEpoch(epoch: number, value: number): void {
    if (!Number.isFinite(value)) return;
    this.ended[this.judge].x.push(epoch);
    this.ended[this.judge].y.push(value);
  }

  reset(judge: Judge): void {
    this.training.reset();
    for (const { x, y } of Object.values(this.ended)) x.length = y.length = 0;
    this.judge = judge;
  }

  // How far the curves reach down and up.
  get lowest(): number {
    return this.drawn.reduce((least, value) => Math.min(least, value), Infinity);
  }
  get highest(): number {
    return this.drawn.reduce((most, value) => Math.max(most, value), -Infinity);
  }

  // All points as plain data; setPoints puts such data back.
  points() {
    const { ended, lowest, highest } = this;
    return { training: this.training.state(), ended, lowest, highest };
  }
  setPoints({ training, ended }: CurvePoints): void {
    this.training.setState(training);
    const { x, y } = ended[this.judge];
    Object.assign(this.ended[this.judge], { x: [...x], y: [...y] });
  }

  private get drawn(): number[] {
    return [...this.training.smooth, ...this.ended.validation.y, ...this.ended.test.y];
  }
}

export type CurvePoints = ReturnType<Curves["points"]>;

/** What a run with these points was judged by. */
export const judgeOf = ({ ended }: Pick<CurvePoints, "ended">): Judge =>
  ended.validation.x.length > 0 ? "validation" : "test";
