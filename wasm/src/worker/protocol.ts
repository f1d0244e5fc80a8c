// What the page and the worker say to each other: types only.
import type { NetDescription } from "../api/nets.js";
import type { Summary } from "../api/training.js";
import type { ErrorCode } from "../errors.js";
import type { Variant } from "../variants.js";
import type { Inspection, Trace } from "./inspection.js";

/** A data set: MNIST's files, or arrays with class labels, or arrays with numbers to predict. */
export type DataDescription =
  | {
      kind: "idx";
      /** The whole IDX file of images, unpacked; likewise the labels. */
      images: Uint8Array;
      labels: Uint8Array;
      /** Left out: 10. */
      classes?: number;
      /** What the classes are called, by label: `info` and checkpoints hold it. Left out: nothing. */
      classNames?: readonly string[];
    }
  | {
      kind: "labels";
      /** Finite numbers, as floats, bytes or in an array of JavaScript. */
      inputs: ArrayLike<number>;
      /** The shape of all inputs: [S, …] */
      shape: readonly number[];
      /** S whole numbers from 0 to classes − 1; a BigInt64Array, as numpy's int64 becomes, is taken, too. */
      labels: ArrayLike<number | bigint>;
      classes: number;
      /** What the classes are called, by label: `info` and checkpoints hold it. Left out: nothing. */
      classNames?: readonly string[];
    }
  | {
      kind: "numbers";
      /** Finite numbers, as floats, bytes or in an array of JavaScript. */
      inputs: ArrayLike<number>;
      /** The shape of all inputs: [S, …] */
      shape: readonly number[];
      /** Finite numbers: [S, outputs] */
      targets: ArrayLike<number>;
      outputs: number;
    };

/** What to learn from, and what to be tested with. */
export interface DataDescriptions {
  train: DataDescription;
  test?: DataDescription;
}

export interface OptimizerDescription {
  name: "adam" | "adamw" | "sgd";
  /** Left out: 0.001, with sgd 0.01. */
  learningRate?: number;
  /** Left out: 0, with adamw 0.01. */
  weightDecay?: number;
  /** The momentum of sgd. Left out: 0. */
  momentum?: number;
  /** Whether sgd looks ahead with its momentum. Left out: false. */
  nesterov?: boolean;
  /** adam and adamw: how much of the mean of gradients a step keeps. Left out: 0.9. */
  beta1?: number;
  /** adam and adamw: how much of the mean of their squares a step keeps. Left out: 0.999. */
  beta2?: number;
  /** adam and adamw: what is added to the root of that mean. Left out: 1e-8. */
  epsilon?: number;
}

/** How the learning rate changes over all epochs; see `Trainer.learningRates`. */
export interface ScheduleDescription {
  /**
   * step: the rate falls in `drops` equal parts, so drops − 1 times. cosine: it falls along half a cosine, from the
   * first step to `end` after the last. one-cycle: it climbs before that.
   */
  name: "constant" | "step" | "cosine" | "one-cycle";
  /** step: so many equal parts, between which the rate is multiplied by `factor`. Left out: 3. */
  drops?: number;
  /** step: see `drops`. Left out: 0.1. */
  factor?: number;
  /** one-cycle: the part of the steps in which the rate climbs; the last of them has the full rate. Left out: 0.3. */
  warmUp?: number;
  /** one-cycle: the first rate, as a part of the learning rate. Left out: 0.04. */
  start?: number;
  /** cosine and one-cycle: the rate that is reached after the last step, as a part of the learning rate. Left out: 0. */
  end?: number;
}

/** The most by which each training image is changed, anew in each epoch. Left out: 0. */
export interface Augmentation {
  /** Pixels, in both directions. */
  shift?: number;
  /** Degrees, like the next but one. */
  rotation?: number;
  /** A share: 0.1 is up to a tenth larger or smaller. */
  scale?: number;
  shear?: number;
}

/**
 * What decides a run. What is left out has the value that is recommended for the net where one of the
 * catalog is named, see `Trainer.recipes`, else the one said here.
 */
export interface RunSettings {
  /**
   * A name of the catalog, or a text like "conv 24 5x5, pool 2, relu, dense 128, relu, dense classes". Left
   * out: that of "mlp", with the values said here.
   */
  net?: string;
  /** Left out: { name: "adam" }. */
  optimizer?: OptimizerDescription;
  /** Left out: { name: "constant" }. */
  schedule?: ScheduleDescription;
  /**
   * How far `train` goes unless told otherwise, and the length of the schedule: where that is not constant, no more
   * epochs can be trained. Left out: 3.
   */
  epochs?: number;
  /** Left out: 64. */
  batchSize?: number;
  /**
   * The seed of the first weights, of the order of the samples and of all other randomness: a whole number below
   * 2⁶⁴, beyond 2⁵³ a bigint. Left out: 1.
   */
  seed?: number | bigint;
  /** This much of each label is shared among all classes; from 0 to below 1. Left out: 0. */
  labelSmoothing?: number;
  /** The most that the norm of all gradients may be; 0 is no limit. Left out: 0. */
  clipNorm?: number;
  /**
   * Above 0: evaluations and predictions use a moving average of the weights, which keeps this share of
   * itself in each step, 0.999 for example. Left out: 0.
   */
  averaging?: number;
  /** So many samples are split off the training data; each epoch is validated with them. Left out: 0. */
  validation?: number;
  /**
   * Above 0: training stops after so many epochs without a smaller validation loss, and the best weights
   * are restored. Left out: 0.
   */
  patience?: number;
  /** Of images. */
  augment?: Augmentation;
  /** Whether images get mean 0 and deviation 1, by the training images' pixels. Left out: false. */
  normalize?: boolean;
}

/** Numbers with their shape; a Tensor is one. */
export interface ShapedNumbers {
  data: ArrayLike<number>;
  shape: readonly number[];
}

/** Weights by name. Where one comes with its shape, that must be the shape of the net's tensor. */
export type GivenWeights = Record<string, ArrayLike<number> | ShapedNumbers>;

/** What `reset` can change. */
export interface TrainingSettings extends RunSettings {
  /**
   * The weights to start from, by name as `weights()` gives them: finite numbers for all tensors of the net, each
   * with its shape or without.
   */
  weights?: GivenWeights;
  /** Go on where `save()` was called; all settings are those of then. */
  checkpoint?: Uint8Array;
}

/** A net of the catalog, and how it is best trained. */
export interface NamedRecipe {
  name: string;
  description: string;
  /** The net's text. */
  text: string;
  settings: RunSettings;
}

export interface TrainerInfo extends NetDescription {
  /** Which build of the engine runs, and how many threads share the work. */
  variant: Variant;
  threads: number;
  /** Where the net and its data are too large for threads: a sentence that says so. */
  note?: string;
  /** All that was decided, also where it came from a recipe or a checkpoint. */
  settings: RunSettings;
  /** The shapes of the net's tensors by name, like "conv1.weight". */
  tensors: Record<string, number[]>;
  /** Shape of one input. */
  sampleShape: number[];
  /** Classes, or numbers to predict. */
  outputs: number;
  /** Without those that are split off for validation. */
  trainSamples: number;
  validationSamples: number;
  testSamples: number;
  batchesPerEpoch: number;
  /** Steps and whole epochs done already; 0 without a checkpoint. */
  step: number;
  epochs: number;
  /** What the schedule multiplies. */
  learningRate: number;
  /** What the net sees of each input x, in training and in answers: (x − mean) / deviation. */
  normalization: { mean: number; deviation: number };
  /** What the classes are called, by label, where the training data or a checkpoint say so. */
  classNames?: string[];
}

export interface EpochResult {
  /** From 1. */
  epoch: number;
  trainLoss: number;
  /** Shares of right answers, 0 to 1; NaN where the data have no labels. */
  trainAccuracy: number;
  /** NaN without test data, like the next. */
  testLoss: number;
  testAccuracy: number;
  /** NaN unless samples are split off for validation, like the next. */
  validationLoss: number;
  validationAccuracy: number;
  /** Spent training and evaluating this epoch, without pauses. */
  seconds: number;
}

/** What the net answers since the weights of its best epoch were put back, evaluated anew with them. */
export interface Restored {
  /** The epoch that the weights are of, from 1. */
  epoch: number;
  validationLoss: number;
  /** The share of right answers, 0 to 1; NaN where the data have no labels. */
  validationAccuracy: number;
  /** NaN without test data. */
  testLoss: number;
  /** The share of right answers, 0 to 1; NaN where the data have no labels, or without test data. */
  testAccuracy: number;
}

/** How far training is. Comes at display rate at most, however fast the steps are. */
export interface Progress {
  state: "running" | "paused" | "finished" | "stopped";
  /** Steps done since the start. */
  step: number;
  /** The epoch under way, from 1. */
  epoch: number;
  /** The epochs asked for. */
  epochs: number;
  /** The points of the curves since the last message: step, loss and accuracy, thinned by averaging. */
  steps: number[];
  losses: number[];
  accuracies: number[];
  /** Of the last step, as the schedule has it. */
  learningRate: number;
  /** Means over the current epoch so far. */
  trainLoss: number;
  trainAccuracy: number;
  /** In the message that ends an epoch. Where epochs take less time than a message, the last of several. */
  epochDone?: EpochResult;
  /** All epochs that have ended since the last message, where any have. */
  epochsDone?: EpochResult[];
  /** While training; evaluation does not count. */
  samplesPerSecond: number;
  /** Until all epochs are done, with their evaluations. */
  secondsLeft: number;
  /** Whether training has ended because validation got no better. */
  stoppedEarly: boolean;
  /** In the last message of a training that has put the weights of its best epoch back. */
  restored?: Restored;
}

export interface StepResult {
  step: number;
  epoch: number;
  /** Of this batch, before the update; the accuracy is NaN where the data have no labels. */
  loss: number;
  accuracy: number;
  learningRate: number;
  /** Where this step ended an epoch. */
  epochDone?: EpochResult;
  /** Where that epoch was one too many without a smaller validation loss: the best weights are back. */
  restored?: Restored;
}

export interface TrainResult {
  state: "finished" | "stopped";
  /** Whether it has finished before its time, because validation got no better. */
  stoppedEarly: boolean;
  /** The epoch with the smallest validation loss so far, where `patience` has an eye on it. */
  bestEpoch?: number;
  /** Where the weights of that epoch have been put back: what the net answers with them. */
  restored?: Restored;
  /** Steps and whole epochs done since the start. */
  step: number;
  epochs: number;
  /** Of the epochs that this call finished. */
  results: EpochResult[];
}

export interface Evaluation {
  loss: number;
  /** NaN where the data have no labels. */
  accuracy: number;
  /** classes × classes, a row per label, a column per prediction; empty without labels. */
  confusion: Int32Array;
}

/**
 * Which weights: "answers" are those that `predict`, `evaluate` and `measure` use, which are averages where
 * `averaging` is above 0; "training" are those that each step changes. Without averaging both are the same.
 */
export type WeightsOf = "answers" | "training";

/** What the training data are split into: those that are learned from, and those held back. */
export type Pile = "train" | "validation";

/** What the worker is told to begin with. */
export interface CreateOptions extends TrainingSettings {
  data: DataDescriptions;
  wasmUrl?: string;
  variant?: Variant | undefined;
  threads?: number | undefined;
}

/** What the worker can be asked for; the page's side of it is `Remote<WorkerApi>`. */
export interface WorkerApi {
  /** The first question: it is answered with the name of a lock that is held as long as the worker lives. */
  hello(): string | null;
  create(options: CreateOptions): TrainerInfo;
  train(epochs?: number): TrainResult;
  pause(): void;
  resume(): void;
  stop(): void;
  step(): StepResult;
  setLearningRate(rate: number, after?: number): number;
  evaluate(): Evaluation;
  measure(pile: Pile, most: number): Summary;
  predict(inputs: Float32Array, count: number): Float32Array;
  weights(of: WeightsOf, name?: string): Record<string, Float32Array> | Float32Array;
  inspect(input?: Float32Array): Inspection;
  trace(input: Float32Array, label: number): Trace;
  save(): Uint8Array;
  recipes(): NamedRecipe[];
  describe(net: string): NetDescription;
  learningRates(settings: RunSettings, points: number): Float32Array;
  augmented(
    indices: readonly number[],
    augment: Augmentation | undefined,
    epoch: number,
  ): Float32Array;
  reset(settings: TrainingSettings): TrainerInfo;
  /** For tests: parts of the work that other threads than the worker's own have done. */
  helpedTiles(): number;
  /** For tests of what happens when the engine dies: it traps. */
  crashForTest(): void;
  /** Likewise, one of its threads. */
  crashHelperForTest(): void;
}

/** The same functions, answered later. */
export type Remote<T> = {
  readonly [K in keyof T]: T[K] extends (...values: infer A) => infer R
    ? (...values: A) => Promise<R>
    : never;
};

/** The same functions, answered at once or later. */
export type Local<T> = {
  readonly [K in keyof T]: T[K] extends (...values: infer A) => infer R
    ? (...values: A) => R | Promise<R>
    : never;
};

/** An error on its way between threads. */
export interface ErrorMessage {
  name: string;
  code: ErrorCode;
  message: string;
  stack?: string | undefined;
}

export interface Request {
  id: number;
  method: keyof WorkerApi;
  values: unknown[];
}

export type Message =
  | { kind: "answer"; id: number; value: unknown }
  | { kind: "refusal"; id: number; error: ErrorMessage }
  | { kind: "progress"; progress: Progress }
  | { kind: "crash"; error: ErrorMessage };
