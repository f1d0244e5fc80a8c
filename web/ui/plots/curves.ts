// The points of one quantity over a run, as a chart draws them: of each step of the training, and
// what was measured at the ends of epochs.
import { Series } from "./series";

class Points {
  x: number[] = [];
  y: number[] = [];
}

export class Curves {
  readonly training = new Series();
  readonly ended = { validation: new Points(), test: new Points() };
  lowest = Infinity;
  highest = -Infinity;

  // Adds a step's value. `epoch` is a fraction: the place of the step in the run.
  add(step: number, epoch: number, value: number): void {
    this.training.add(step, epoch, value);
    this.stretch(this.training.latest);
  }

  // Adds what was measured at an epoch's end; NaN is no value.
  addEpoch(curve: "validation" | "test", epoch: number, value: number): void {
    if (!Number.isFinite(value)) return;
    this.ended[curve].x.push(epoch);
    this.ended[curve].y.push(value);
    this.stretch(value);
  }

  reset(): void {
    this.training.reset();
    for (const { x, y } of Object.values(this.ended)) x.length = y.length = 0;
    this.lowest = Infinity;
    this.highest = -Infinity;
  }

  // All points as plain data; setPoints puts such data back.
  points() {
    const { ended, lowest, highest } = this;
    return { training: this.training.state(), ended, lowest, highest };
  }
  setPoints({ training, ended, lowest, highest }: CurvePoints): void {
    this.training.setState(training);
    for (const curve of ["validation", "test"] as const) {
      this.ended[curve].x = [...ended[curve].x];
      this.ended[curve].y = [...ended[curve].y];
    }
    Object.assign(this, { lowest, highest });
  }

  private stretch(value: number): void {
    this.lowest = Math.min(this.lowest, value);
    this.highest = Math.max(this.highest, value);
  }
}

export type CurvePoints = ReturnType<Curves["points"]>;
