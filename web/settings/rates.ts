// The learning rates of a run: the first one, and the changes on the way, step by step, as addresses
// have them: "500:0.001,900:0.0001". With them a link repeats a run whose rate was changed.
import { readNumber, type Field } from "./field";

/** The learning rates that held after numbers of steps, which count from 1 and ascend. */
export type Changes = readonly (readonly [step: number, rate: number])[];

export interface Rates {
  lr: number;
  rates: Changes;
}

export const changesField: Field<Changes> = {
  title: "changes of the learning rate",
  expected: "steps and rates like 500:0.001, 900:0.0001",
  read(text) {
    const changes = text.split(",").map((pair) => pair.split(":").map(readNumber));
    let last = 1;
    const sound = changes.every(([step = NaN, rate = NaN, ...more]) => {
      const follows = Number.isSafeInteger(step) && step >= last;
      last = step;
      return follows && rate > 0 && rate < Infinity && more.length === 0;
    });
    return sound ? (changes as [number, number][]) : undefined;
  },
  write: (changes) => changes.map((pair) => pair.join(":")).join(),
};

/** The rate after a number of steps. */
export const rateAt = ({ lr, rates }: Rates, step: number): number =>
  rates.findLast(([after]) => after <= step)?.[1] ?? lr;

/** The rates after a change by hand, which drops the changes that were planned for later. */
export function changed({ lr, rates }: Rates, step: number, rate: number): Rates {
  if (step === 0) return { lr: rate, rates: [] };
  const before = rates.filter(([after]) => after < step);
  return {
    lr,
    rates: rateAt({ lr, rates: before }, step) === rate ? before : [...before, [step, rate]],
  };
}

/** The rates that have held for a step so far, in order. */
export const taken = ({ lr, rates }: Rates, steps: number): number[] => [
  lr,
  ...rates.flatMap(([after, rate]) => (after < steps ? [rate] : [])),
];
