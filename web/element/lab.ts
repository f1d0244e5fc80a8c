// What a lab of the element brings beside the controls and the curve, which all have.
import type { DataDescriptions, Trainer, TrainerOptions } from "lanegrad";

/** How far a training is. */
export interface Reading {
  /** The steps done since the start. */
  step: number;
  /** The epoch under way, from 1. */
  epoch: number;
  /** The epochs asked for. */
  epochs: number;
  /** The loss, a mean over the epoch so far or over the last steps. */
  loss: number;
  /** The share of right answers, 0 to 1; NaN where there are no classes. */
  accuracy: number;
  /** The same over the test data at the end of the last epoch; NaN before that. */
  testAccuracy: number;
}

/** What a running lab tells. */
export interface Listener {
  /** A point of the curve. */
  point(step: number, loss: number): void;
  reading(reading: Reading): void;
}

export interface Lab {
  /** What a screen reader calls it. */
  readonly name: string;
  /** What stands beside the curve. */
  readonly place: HTMLElement;
  /** Whether its answers are right or wrong, so that there is an accuracy. */
  readonly classes: boolean;
  /** The settings where the attributes say nothing. */
  readonly usual: Omit<TrainerOptions, "data">;
  /** What it says before a training. */
  readonly invitation: string;
  /** What it says while its data come. */
  readonly loading: string;
  /** Gets the data; throws a sentence where it cannot. */
  data(signal: AbortSignal, tell: (news: string) => void): Promise<DataDescriptions>;
  /** Takes the trainer in hand, or none. */
  use(trainer: Trainer | undefined): void;
  /** Trains until all is done or `signal` ends it; resolves with whether all is done. */
  run(trainer: Trainer, signal: AbortSignal, listener: Listener): Promise<boolean>;
  /** Asks the net anew, now that it has learned. */
  refresh(): Promise<void>;
  /** Draws anew, in other colours, what its styles do not. */
  repaint?(): void;
  /** What the end has come to. */
  verdict(reading: Reading): string;
}
