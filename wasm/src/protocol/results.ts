// What training, evaluating and measuring give.

/** Means over a number of samples. */
export interface Summary {
  /** The number of samples. */
  samples: number;
  /** The mean loss over the samples; NaN without samples. */
  loss: number;
  /** The share of right answers, 0 to 1; NaN where the data have no labels. */
  accuracy: number;
}

/** What one training step did. */
export interface Step {
  /** The steps done since the start, this one included. */
  step: number;
  /** The epoch that this step belongs to, from 1. */
  epoch: number;
  /** The samples in the batch. */
  samples: number;
  /** The loss of this batch before the update, without label smoothing. */
  loss: number;
  /**
   * The share of right answers on this batch before the update, 0 to 1; NaN where the data have no
   * labels.
   */
  accuracy: number;
  /** The learning rate of this update: the optimizer's times the schedule's factor. */
  learningRate: number;
  /** Whether this step ended an epoch. */
  epochDone: boolean;
}

/** What one epoch has come to. */
export interface EpochResult {
  /** The number of the epoch, from 1. */
  epoch: number;
  /** The mean loss over the epoch's training batches, without label smoothing. */
  trainLoss: number;
  /**
   * The share of right answers over the epoch's training batches, 0 to 1; NaN where the data have
   * no labels.
   */
  trainAccuracy: number;
  /** The mean loss over the test data; NaN without them. */
  testLoss: number;
  /** The share of right answers over the test data, 0 to 1; NaN without test data or labels. */
  testAccuracy: number;
  /** The mean loss over the samples held back for validation; NaN where there are none. */
  validationLoss: number;
  /**
   * The share of right answers over the samples held back for validation, 0 to 1; NaN where there
   * are none, or no labels.
   */
  validationAccuracy: number;
  /** The seconds of training and evaluating this epoch, without pauses. */
  seconds: number;
}

/**
 * What the net answers now that the weights of its best epoch are back. It has been evaluated anew
 * with them.
 */
export interface Restored {
  /** The epoch that the weights are from, from 1. */
  epoch: number;
  /** The mean loss over the samples held back for validation. */
  validationLoss: number;
  /**
   * The share of right answers over the samples held back for validation, 0 to 1; NaN where the
   * data have no labels.
   */
  validationAccuracy: number;
  /** The mean loss over the test data; NaN without them. */
  testLoss: number;
  /** The share of right answers over the test data, 0 to 1; NaN without test data or labels. */
  testAccuracy: number;
}

/** How far training is. It comes at display rate at most, however fast the steps are. */
export interface Progress {
  /** The state of the training; the last message of a training says "finished" or "stopped". */
  state: "running" | "paused" | "finished" | "stopped";
  /** The steps done since the start. */
  step: number;
  /** The epoch under way, from 1. */
  epoch: number;
  /** The epochs asked for. */
  epochs: number;
  /** The steps of the curves' points since the last message, thinned by averaging. */
  steps: number[];
  /** The losses at these steps. */
  losses: number[];
  /** The shares of right answers at these steps, 0 to 1; NaN where the data have no labels. */
  accuracies: number[];
  /** The learning rate of the last step: the optimizer's times the schedule's factor. */
  learningRate: number;
  /** The mean loss over the current epoch so far. */
  trainLoss: number;
  /**
   * The share of right answers over the current epoch so far, 0 to 1; NaN where the data have no
   * labels.
   */
  trainAccuracy: number;
  /** The epoch that ended since the last message, if any; the last one where there are several. */
  epochDone?: EpochResult;
  /** All epochs that have ended since the last message, if any. */
  epochsDone?: EpochResult[];
  /**
   * The samples trained per second of the time that goes by, answers to other calls included,
   * pauses and evaluations not.
   */
  samplesPerSecond: number;
  /**
   * The seconds until all epochs are done, with their evaluations; NaN before anything was
   * measured.
   */
  secondsLeft: number;
  /** The share of all steps that is done, 0 to 1, those before this call included; 1 after an early stop. */
  fraction: number;
  /** Whether training has ended because the validation loss got no smaller. */
  stoppedEarly: boolean;
  /** What the best weights answer; in the last message of a training that has put them back. */
  restored?: Restored;
}

/** What one step has done. */
export interface StepResult {
  /** The steps done since the start, this one included. */
  step: number;
  /** The epoch that this step belongs to, from 1. */
  epoch: number;
  /** The loss of this batch before the update, without label smoothing. */
  loss: number;
  /**
   * The share of right answers on this batch before the update, 0 to 1; NaN where the data have no
   * labels.
   */
  accuracy: number;
  /** The learning rate of this update: the optimizer's times the schedule's factor. */
  learningRate: number;
  /** The epoch that this step has ended, if it has. */
  epochDone?: EpochResult;
  /**
   * What the best weights answer, which are back where this step's epoch was the last that early
   * stopping allows.
   */
  restored?: Restored;
}

/** How a training has ended. */
export interface TrainResult {
  /**
   * "finished" where all epochs are done or early stopping has ended them; "stopped" where `stop`
   * has.
   */
  state: "finished" | "stopped";
  /** Whether it has ended early because the validation loss got no smaller. */
  stoppedEarly: boolean;
  /** The epoch with the smallest validation loss so far; only where `patience` is above 0. */
  bestEpoch?: number;
  /** What the weights of the best epoch answer, where they have been put back. */
  restored?: Restored;
  /** The steps done since the start. */
  step: number;
  /** The whole epochs done since the start. */
  epochs: number;
  /** The epochs that this call finished. */
  results: EpochResult[];
}

/** What the net answers to the test data. */
export interface Evaluation {
  /** The mean loss over the test data. */
  loss: number;
  /** The share of right answers, 0 to 1; NaN where the data have no labels. */
  accuracy: number;
  /**
   * The counts of answers, classes × classes: a row per label, a column per prediction; empty
   * without labels.
   */
  confusion: Int32Array;
}
