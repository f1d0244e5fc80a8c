// The sweep that the browser keeps: what was planned, and what its runs have come to so far.
import { flag, list, number, record, text } from "../../../data/plain";
import type { Settings } from "../settings/digits_settings";
import { read, write } from "../../../data/database";
import { settings } from "./stored_runs";

export interface SweepResult {
  net: string;
  rate: number;
  seed: number;
  epochs: number;
  seconds: number;
  // By what is held back for validation.
  accuracy: number;
  loss: number;
  // The accuracy on the test, which is not shown before somebody asks for the best one's.
  test: number;
  // Why the run came to nothing, as a sentence; empty where it did not.
  problem: string;
}

export interface StoredSweep {
  nets: string[];
  rates: number[];
  seeds: number[];
  // All other settings.
  settings: Partial<Settings>;
  // What is learned.
  pictures: string;
  results: SweepResult[];
  // Whether the test was asked for the best.
  opened: boolean;
}

const key = "sweep";

const readSweep = record<StoredSweep>({
  nets: list(text),
  rates: list(number),
  seeds: list(number),
  settings,
  pictures: text,
  results: list(
    record<SweepResult>({
      net: text,
      rate: number,
      seed: number,
      epochs: number,
      seconds: number,
      accuracy: number,
      loss: number,
      test: number,
      problem: text,
    }),
  ),
  opened: flag,
});

export const keepSweep = (sweep: StoredSweep): Promise<void> =>
  write((runs) => runs.put(sweep, key));

export const forgetSweep = (): Promise<void> => write((runs) => runs.delete(key));

/** The kept sweep; undefined where there is none. What is no sweep is dropped, and `onDropped` told why. */
export async function keptSweep(
  onDropped: (sentence: string) => void,
): Promise<StoredSweep | undefined> {
  const [found] = await read([key]).catch(() => []);
  if (found === undefined) return undefined;
  try {
    return readSweep(found, "sweep");
  } catch (error) {
    onDropped(`The kept sweep is not what this page keeps: ${(error as Error).message}.`);
    void forgetSweep().catch(() => {});
    return undefined;
  }
}
