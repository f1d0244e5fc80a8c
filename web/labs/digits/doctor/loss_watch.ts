// Notices from the losses of a training that it has stopped learning.
import type { Progress } from "lanegrad";
import type { PictureSet } from "../run/picture_set";
import type { Point } from "./loss_curve";

// The steps whose losses are looked at.
const window = 100;
// At least this many points can be drawn.
const drawn = 1000;

export class LossWatch {
  // The loss of a net that answers without looking: the entropy of the labels.
  blind = NaN;
  // The highest rate since the loss was last better than blind.
  rate = 0;
  // The first step after the last one that was better than blind.
  since = 0;
  // The first step since then that was much worse.
  jump: number | undefined;
  // The worst step since then.
  worst = { step: 0, loss: -Infinity };
  // The points that can be drawn.
  course: Point[] = [];
  private latest: Point[] = [];

  use(pictures: PictureSet): void {
    this.blind = entropy(pictures);
  }

  // Begins anew after so many steps, at a rate.
  reset(step: number, rate: number): void {
    this.latest = [];
    this.course = [];
    this.better(step, rate);
  }

  add({ steps, losses, step }: Progress, rate: number): void {
    steps.forEach((each, i) => this.take(each, losses[i]!, rate));
    this.rate = Math.max(this.rate, rate);
    this.latest = this.latest.filter((point) => point.step > step - window);
  }

  // The median of the latest losses.
  get recent(): number {
    const losses = this.latest.map(({ loss }) => loss).sort((a, b) => a - b);
    return losses[Math.floor(losses.length / 2)] ?? NaN;
  }

  // Whether the loss is hardly better than blind.
  get isBlind(): boolean {
    return this.recent >= 0.97 * this.blind;
  }

  // Whether the loss is better than blind, and not much worse than it was.
  isHealthy(before = this.blind): boolean {
    const { recent } = this;
    return recent < 0.97 * this.blind && recent <= Math.max(3 * before, before + 0.3);
  }

  private take(step: number, loss: number, rate: number): void {
    this.latest.push({ step, loss });
    this.course.push({ step, loss });
    if (this.course.length > 2 * drawn) this.course.splice(0, drawn);
    if (loss < 0.9 * this.blind) this.better(step, rate);
    else if (loss >= 2 * this.blind) this.jump ??= step;
    if (loss > this.worst.loss) this.worst = { step, loss };
  }

  private better(step: number, rate: number): void {
    this.since = step + 1;
    this.jump = undefined;
    this.rate = rate;
    this.worst = { step: 0, loss: -Infinity };
  }
}

// The entropy of the labels in nats: the loss where each class gets its share of the answers.
function entropy(pictures: PictureSet): number {
  const counts = new Array<number>(pictures.classes).fill(0);
  for (let i = 0; i < pictures.count; i++) counts[pictures.label(i)]!++;
  return counts.reduce((sum, count) => {
    const share = count / pictures.count;
    return share > 0 ? sum - share * Math.log(share) : sum;
  }, 0);
}
