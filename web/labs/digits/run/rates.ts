// The learning rates of a run: the first one, and the changes on the way, step by step. With them a
// link repeats a run whose rate was changed.
import type { Changes } from "../../../settings/rates";
import { rateAt } from "../settings/digits_settings";

export interface Rates {
  lr: number;
  rates: Changes;
}

// The rates after a change by hand, which drops the changes that were planned for later.
export function changed({ lr, rates }: Rates, step: number, rate: number): Rates {
  if (step === 0) return { lr: rate, rates: [] };
  const before = rates.filter(([after]) => after < step);
  return {
    lr,
    rates: rateAt({ lr, rates: before }, step) === rate ? before : [...before, [step, rate]],
  };
}

// The rates that have held for a step so far, in order.
export const taken = ({ lr, rates }: Rates, steps: number): number[] => [
  lr,
  ...rates.flatMap(([after, rate]) => (after < steps ? [rate] : [])),
];
