// Training, validation and test beside each other, as the last whole epoch left them, and what the gap between
// them says.
import type { EpochResult } from "lanegrad";
import * as format from "../../format";

export interface Counts {
  train: number;
  validation: number;
  test: number;
}

type Split = keyof Counts;
const splits = ["train", "validation", "test"] as const;

export class Scores {
  constructor(private readonly place: ParentNode) {}

  // `last` is undefined before the first epoch has ended.
  show(counts: Counts, last: EpochResult | undefined): void {
    for (const split of splits) {
      const has = counts[split] > 0;
      this.set(split, "count", has ? format.grouped(counts[split]) : "none");
      const accuracy = last?.[`${split}Accuracy`] ?? NaN;
      this.set(split, "accuracy", Number.isFinite(accuracy) ? format.percent(accuracy) : "–");
      this.set(split, "loss", format.loss(last?.[`${split}Loss`] ?? NaN));
    }
    this.place.querySelector(".gap")!.textContent = gap(last);
  }

  private set(split: Split, what: string, text: string): void {
    this.place.querySelector(`[data-split="${split}"] .${what}`)!.textContent = text;
  }
}

export function gap(last: EpochResult | undefined): string {
  if (!last || !Number.isFinite(last.testAccuracy)) {
    return "After the first epoch their accuracy and loss stand here.";
  }
  const after = `After epoch ${last.epoch}`;
  const points = 100 * (last.trainAccuracy - last.testAccuracy);
  const size = Math.abs(points).toFixed(2);
  if (points >= 0.005) {
    return `${after} the gap is ${size} points: so much better it reads what it learned from than what is new to it.`;
  }
  if (points > -0.005) return `${after} there is no gap: it reads what is new to it as well.`;
  return `${after} the test is even ${size} points ahead: training is measured along the way, while the net was still worse, and on bent copies if there are any.`;
}
