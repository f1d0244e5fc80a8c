// Changes of the learning rate during a run, as addresses have them: "500:0.001,900:0.0001".
import { readNumber } from "./number";

// The learning rates that held after numbers of steps, which count from 1 and ascend.
export type Changes = readonly (readonly [step: number, rate: number])[];

export const changesExpected = "expected steps and rates like 500:0.001, 900:0.0001";

// Reads the changes; undefined where the text is wrong.
export function readChanges(text: string): Changes | undefined {
  let last = 1;
  const changes: [number, number][] = [];
  for (const pair of text.split(",")) {
    const [step = NaN, rate = NaN, ...more] = pair.split(":").map(readNumber);
    const sound = Number.isSafeInteger(step) && step >= last && rate > 0 && rate < Infinity;
    if (!sound || more.length > 0) return undefined;
    changes.push([step, rate]);
    last = step;
  }
  return changes;
}

export const writeChanges = (changes: Changes): string =>
  changes.map((pair) => pair.join(":")).join();
