// How good answers to the held-out rows are, and how good it is to know nothing but the column to predict.
import type { PreparedTable } from "lanegrad/data";

export interface Judged {
  /** The answer to each held-out row: the number of its class, or a number in the target's own units. */
  answers: ArrayLike<number>;
  /** The share of right answers among classes; NaN for numbers. */
  accuracy: number;
  /** R², the share of the variance that the answers explain; NaN for classes. */
  r2: number;
  /** The mean absolute error in the target's own units; NaN for classes. */
  error: number;
}

export class Truth {
  /** What is true of each held-out row: the number of its class, or a number in the target's own units. */
  readonly values: ArrayLike<number>;
  /** The answers of somebody who knows no column but the target: the commonest class, or the mean. */
  readonly plain: Judged;
  /** The class or the number that such a guess always says. */
  readonly guess: number;

  constructor(readonly prepared: PreparedTable) {
    const { held, train } = prepared;
    this.values = held.labels ?? prepared.inUnits(held.targets!);
    // The mean of the training rows is 0 where they are standardised.
    this.guess = train.labels
      ? commonest(train.labels, this.classes)
      : prepared.inUnits(new Float32Array(1))[0]!;
    this.plain = this.judged(new Float64Array(held.count).fill(this.guess));
  }

  get classes(): number {
    return this.prepared.classNames?.length ?? 0;
  }

  get isClasses(): boolean {
    return this.prepared.task === "classes";
  }

  /** Judges what a net answers to the held-out rows: [S, classes] or [S]. */
  judge(outputs: Float32Array): Judged {
    return this.judged(this.answersOf(outputs));
  }

  /** The most likely class of each row, or its number in the target's own units. */
  answersOf(outputs: Float32Array): ArrayLike<number> {
    return this.isClasses ? mostLikely(outputs, this.classes) : this.prepared.inUnits(outputs);
  }

  /** The counts of answers to the held-out rows, classes × classes: a row for what it is, a column for the answer. */
  confusion({ answers }: Judged): Int32Array {
    const { classes, values } = this;
    const counts = new Int32Array(classes * classes);
    for (let i = 0; i < values.length; i++) counts[values[i]! * classes + answers[i]!]!++;
    return counts;
  }

  private judged(answers: ArrayLike<number>): Judged {
    return scored(this.isClasses, this.values, answers);
  }
}

/** Compares answers with what is true. */
export function scored(
  isClasses: boolean,
  truth: ArrayLike<number>,
  answers: ArrayLike<number>,
): Judged {
  const count = truth.length;
  let [right, sum, square, total] = [0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    right += Number(truth[i] === answers[i]);
    sum += Math.abs(truth[i]! - answers[i]!);
    square += (truth[i]! - answers[i]!) ** 2;
    total += truth[i]!;
  }
  if (isClasses) return { answers, accuracy: right / count, r2: NaN, error: NaN };
  let variance = 0;
  for (let i = 0; i < count; i++) variance += (truth[i]! - total / count) ** 2;
  // Where all held-out rows are the same, there is nothing to explain.
  const r2 = variance > 0 ? 1 - square / variance : NaN;
  return { answers, accuracy: NaN, r2, error: sum / count };
}

export function mostLikely(probabilities: ArrayLike<number>, classes: number): Int32Array {
  const answers = new Int32Array(probabilities.length / classes);
  for (let i = 0; i < answers.length; i++) {
    let best = 0;
    for (let c = 1; c < classes; c++) {
      if (probabilities[i * classes + c]! > probabilities[i * classes + best]!) best = c;
    }
    answers[i] = best;
  }
  return answers;
}

function commonest(labels: ArrayLike<number>, classes: number): number {
  const counts = new Int32Array(classes);
  for (let i = 0; i < labels.length; i++) counts[labels[i]!]!++;
  return counts.indexOf(Math.max(...counts));
}
