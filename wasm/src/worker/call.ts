// One call of train(), as the worker knows it.
import { LanegradError } from "../errors.js";
import type { EpochResult } from "../protocol/results.js";

export interface Call {
  epochs: number;
  paused: boolean;
  stopped: boolean;
  results: EpochResult[];
  /** Lets the call go on after a pause, or look again where it waits for data. */
  wake(): void;
  /** Settles when the call has ended, in whatever way. */
  ended: Promise<void>;
}

/** The error of what cannot be done while training is under way. */
export function busy(what: string): LanegradError {
  return new LanegradError(
    "InvalidState",
    `${what}: training is under way, expected it to be paused or stopped`,
  );
}

/** Resolves when somebody wakes the call. */
export const woken = (call: Call): Promise<void> => new Promise((resolve) => (call.wake = resolve));
