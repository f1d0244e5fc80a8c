// Where batches of training data that come so are asked for, and where they arrive.
import type { Pull, SentBatch } from "../protocol/batches.js";

/** Who reads batches, pass after pass. */
interface Reader {
  /** The number of the pass under way; 0 where there is none. */
  readonly pass: number;
  /** Takes a batch; returns whether the pass has more. */
  take(batch: SentBatch | "end" | "fault"): boolean;
  /** Ends the pass, since another reader begins one. */
  breakOff(): void;
}

export interface Arrivals {
  /** Asks for the next batch of a pass. */
  readonly pull: (pull: Pull) => void;
  /** The readers, of whom one has a pass under way. */
  readonly readers: Set<Reader>;
}

/** Hands a batch to the pass that has asked for it; returns whether that has more. */
export function arrive(
  { readers }: Arrivals,
  pass: number,
  batch: SentBatch | "end" | "fault",
): boolean {
  for (const reader of readers) if (reader.pass === pass) return reader.take(batch);
  return false;
}
