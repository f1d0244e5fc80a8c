// One step of a run in Digits, as it is handed over to Autograd.
import type { Trace } from "lanegrad";

export interface OpenedStep {
  trace: Trace;
  // One name per class.
  names: readonly string[];
  sample: string; // within a sentence: "test digit 1, a 7"
  called: string; // its right class within a sentence: "a 7"
  // Whether it was drawn, so that its label is what the visitor says it is.
  isDrawn: boolean;
  // The epoch whose weights were put back after the last step; undefined where they are the latest.
  bestEpoch: number | undefined;
  // What training does that the trace leaves out.
  recipe: {
    lr: number; // the schedule's highest
    labelSmoothing: number;
    clipNorm: number;
  };
  run: string; // the run's own part of the address
}

/** Whether this value was handed over by another lab. */
export function isOpenedStep(handed: unknown): handed is OpenedStep {
  const { trace, names, recipe } = (handed ?? {}) as Partial<OpenedStep>;
  return (
    Array.isArray(trace?.nodes) &&
    Array.isArray(trace.updates) &&
    Array.isArray(names) &&
    recipe !== undefined
  );
}
