// The learning rates of a run: the one that it begins with, and what became of it on the way, step by step. With
// them a link repeats a run whose rate was changed.
import type { Changes } from "../rate_changes";
import { rateAt } from "./settings";

export interface Rates {
  lr: number;
  rates: Changes;
}

// After a change by hand: what was planned for later is given up.
export function changed({ lr, rates }: Rates, step: number, rate: number): Rates {
  if (step === 0) return { lr: rate, rates: [] };
  const before = rates.filter(([after]) => after < step);
  return {
    lr,
    rates: rateAt({ lr, rates: before }, step) === rate ? before : [...before, [step, rate]],
  };
}

// Those that have held for a step, in turn.
export const taken = ({ lr, rates }: Rates, steps: number): number[] => [
  lr,
  ...rates.flatMap(([after, rate]) => (after < steps ? [rate] : [])),
];
