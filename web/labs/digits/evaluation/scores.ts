// Training, validation and test beside each other, all measured for the current net, and what the
// gap between them says. While the net learns, what it is judged by is that of the last whole epoch.
import type { EpochResult } from "lanegrad";
import * as format from "../../../ui/format";
import { part } from "../../../ui/dom";
import type { DigitsRun } from "../run/digits_run";
import type { SampleCounts } from "../run/history";
import type { TrainedWith } from "../run/run_record";
import { isDistorted } from "../settings/digits_settings";

// The loss and accuracy over a number of samples.
export interface Result {
  samples: number;
  loss: number;
  accuracy: number;
}

// What was measured for one net; undefined where there is no such set of samples.
interface MeasuredAgain {
  step: number;
  train: Result;
  validation: Result | undefined;
}
export interface Measured extends MeasuredAgain {
  // Undefined where the test was not asked.
  test: Result | undefined;
}

type Split = keyof SampleCounts;
const splits = ["train", "validation", "test"] as const;

export class Scores {
  private last: EpochResult | undefined;
  private measured: Measured | undefined;

  constructor(
    private readonly place: HTMLElement,
    private readonly run: DigitsRun,
  ) {}

  // Shows another net.
  reset(): void {
    this.last = this.measured = undefined;
    this.show();
  }

  // Takes the result of an epoch that has ended; what was measured before is of an earlier net.
  epoch(last: EpochResult): void {
    this.last = last;
    this.measured = undefined;
    this.show();
  }

  // Takes what was measured. The test stands beside it where that was asked at the same step.
  standing(measured: MeasuredAgain): void {
    const { tested } = this.run.history;
    const { right, samples, loss } = tested ?? { right: 0, samples: 0, loss: 0 };
    const same = tested?.from === measured.step && tested.to === measured.step;
    const test = same ? { samples, loss, accuracy: right / samples } : undefined;
    this.measured = { ...measured, test };
    this.show();
  }

  private show(): void {
    const { last, measured, place, run } = this;
    const counts = run.history.samples;
    const nouns = `${run.pictures?.noun ?? "digit"}s`;
    for (const split of splits) {
      const has = counts[split] > 0;
      this.set(split, "count", has ? format.grouped(counts[split]) : "none");
      // The training's running mean is of many nets, so it does not stand beside these numbers.
      const before = split === run.history.judge ? last : undefined;
      const { accuracy, loss } = measured
        ? (measured[split] ?? { accuracy: NaN, loss: NaN })
        : {
            accuracy: before?.[`${split}Accuracy` as "testAccuracy"] ?? NaN,
            loss: before?.[`${split}Loss` as "testLoss"] ?? NaN,
          };
      this.set(split, "accuracy", Number.isFinite(accuracy) ? format.percent(accuracy) : "–");
      this.set(split, "loss", format.loss(loss));
    }
    part(place, "hold").hidden = counts.validation > 0 || counts.train === 0;
    part(place, "gap").textContent = gap(last, measured, counts, nouns);
    part(place, "running-mean").textContent = last ? runningMean(last, run.trainedWith, nouns) : "";
    const other = measured && newToIt(measured);
    part(place, "why-lower").textContent =
      other && measured.step > 0 && measured.train.accuracy - other.accuracy >= 0.00005
        ? `Why is ${other.name} lower?`
        : "Why is a test usually lower?";
  }

  private set(split: Split, what: string, text: string): void {
    part(part(this.place, split), what).textContent = text;
  }
}

export function gap(
  last: EpochResult | undefined,
  measured: Measured | undefined,
  counts: SampleCounts,
  noun: string,
): string {
  if (!measured) {
    if (!last) {
      const waits = counts.validation > 0 ? ", those of the test once it was asked" : "";
      return `After the first epoch, and as soon as training rests with this section on screen, their accuracy and loss are shown here${waits}.`;
    }
    return (
      `After epoch ${last.epoch}. The training ${noun} are measured when training pauses and this section is on ` +
      "screen."
    );
  }
  const { step, train } = measured;
  const other = newToIt(measured);
  const drawn =
    train.samples < counts.train
      ? ` Measured on ${format.grouped(train.samples)} training ${noun}, picked at random.`
      : "";
  if (step === 0) return `Nothing has been learned yet: whatever it gets right is chance.${drawn}`;
  const points = 100 * (train.accuracy - other.accuracy);
  const size = Math.abs(points).toFixed(2);
  const after = `After step ${format.grouped(step)}`;
  const chance = Math.abs(points) < 100 * reach(train, other);
  if (size === "0.00")
    return `${after} there is no gap: it recognises new ${noun} just as well.${drawn}`;
  if (points > 0 && chance) {
    return `${after} the gap is ${size} points, no more than chance may make: it recognises new ${noun} about equally well.${drawn}`;
  }
  if (points > 0) {
    return `${after} the gap is ${size} points: it recognises the ${noun} it learned from that much better than new ones.${drawn}`;
  }
  const why = chance ? "no more than chance may make" : `perhaps its ${noun} happen to be easier`;
  return `${after} ${other.name} is even ${size} points ahead: ${why}.${drawn}`;
}

// What the training is compared with: the test where it was asked, or what was held back.
const newToIt = ({ test, validation }: Measured) =>
  test ? { ...test, name: "the test" } : { ...validation!, name: "validation" };

// How far two accuracies may differ by chance in 95 of 100 cases.
function reach(...results: Result[]): number {
  const variance = results.reduce(
    (sum, { accuracy, samples }) => sum + (accuracy * (1 - accuracy)) / samples,
    0,
  );
  return 1.96 * Math.sqrt(variance);
}

// A sentence on why the curve and the table of epochs have another number for training.
function runningMean(last: EpochResult, { settings, net }: TrainedWith, noun: string): string {
  const parts = [
    "while the net was still learning",
    ...(isDistorted(settings) ? [`on distorted ${noun}`] : []),
    ...(/dropout/i.test(net) ? ["with neurons dropped out"] : []),
  ];
  const list = parts.join(", ").replace(/, ([^,]*)$/, parts.length > 2 ? ", and $1" : " and $1");
  return (
    `“Training” in the curve and the table is another number (${format.percent(last.trainAccuracy)}, loss ` +
    `${format.loss(last.trainLoss)}): an average over epoch ${last.epoch}, ${list}.`
  );
}
