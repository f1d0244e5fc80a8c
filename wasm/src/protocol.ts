// What the page and the worker say to each other; this file has types only.
import type { NetDescription } from "./api/nets.js";
import type { Summary } from "./api/training.js";
import type { ErrorCode } from "./errors.js";
import type { Variant } from "./module/variants.js";
import type { Inspection, Trace } from "./worker/inspection.js";

/** A data set: MNIST's files, or arrays with class labels, or arrays with numbers to predict. */
export type DataDescription =
  | {
      /** MNIST's files, or other grey images in that format. */
      kind: "idx";
      /** The whole IDX file of the images, unpacked. */
      images: Uint8Array;
      /** The whole IDX file of the labels, unpacked. */
      labels: Uint8Array;
      /** The number of classes; labels are below it. Default: 10. */
      classes?: number;
      /** The names of the classes, by label, which `info` and checkpoints hold. Default: none. */
      classNames?: readonly string[];
    }
  | {
      /** Arrays with class labels. */
      kind: "labels";
      /** Finite numbers, as floats, bytes or in an array of JavaScript. */
      inputs: ArrayLike<number>;
      /** The shape of all inputs: [S, …]. */
      shape: readonly number[];
      /**
       * The labels, S whole numbers from 0 to classes − 1. A BigInt64Array, which numpy's int64
       * becomes, is taken, too.
       */
      labels: ArrayLike<number | bigint>;
      /** The number of classes. */
      classes: number;
      /** The names of the classes, by label, which `info` and checkpoints hold. Default: none. */
      classNames?: readonly string[];
    }
  | {
      /** Arrays with numbers to predict. */
      kind: "numbers";
      /** Finite numbers, as floats, bytes or in an array of JavaScript. */
      inputs: ArrayLike<number>;
      /** The shape of all inputs: [S, …]. */
      shape: readonly number[];
      /** The numbers to predict, finite: [S, outputs]. */
      targets: ArrayLike<number>;
      /** The numbers to predict for each sample. */
      outputs: number;
    };

/** The data to learn from, and the data to be tested with. */
export interface DataDescriptions {
  /** The data to learn from. */
  train: DataDescription;
  /** The data to be tested with. Default: none. */
  test?: DataDescription;
}

/**
 * An optimizer with its settings. A setting that the optimizer does not have throws
 * `InvalidArgument`.
 */
export interface OptimizerDescription {
  /** The optimizer, as torch.optim's Adam, AdamW and SGD. */
  name: "adam" | "adamw" | "sgd";
  /** The learning rate, finite and at least 0. Default: 0.001, with sgd 0.01. */
  learningRate?: number;
  /**
   * How strongly weights are pulled towards 0. With adam and sgd, this much of each weight is added
   * to its gradient; with adamw, each step multiplies the weights by 1 − learningRate ·
   * weightDecay. Default: 0, with adamw 0.01.
   */
  weightDecay?: number;
  /** For sgd: the share of its velocity that a step keeps, at least 0 and below 1. Default: 0. */
  momentum?: number;
  /** For sgd: whether it looks ahead with its momentum (Nesterov). Default: false. */
  nesterov?: boolean;
  /**
   * For adam and adamw: the share of the mean of gradients that a step keeps, at least 0 and below
   * 1. Default: 0.9.
   */
  beta1?: number;
  /**
   * For adam and adamw: the share of the mean of squared gradients that a step keeps, at least 0
   * and below 1. Default: 0.999.
   */
  beta2?: number;
  /**
   * For adam and adamw: a positive number that is added to the root of the mean of squared
   * gradients. Default: 1e-8.
   */
  epsilon?: number;
}

/** How the learning rate changes over all epochs, see `Trainer.learningRates`. */
export interface ScheduleDescription {
  /**
   * The curve. "constant": the rate stays. "step": the rate falls in `drops` equal parts, so drops
   * − 1 times. "cosine": it falls along half a cosine, from the first step to `end` after the last.
   * "one-cycle": it climbs from `start` first and then falls to `end`.
   */
  name: "constant" | "step" | "cosine" | "one-cycle";
  /**
   * For "step": the number of equal parts, between which the rate is multiplied by `factor`.
   * Default: 3.
   */
  drops?: number;
  /** For "step": what the rate is multiplied by from one part to the next. Default: 0.1. */
  factor?: number;
  /**
   * For "one-cycle": the share of the steps in which the rate climbs; the last of them has the full
   * rate. Default: 0.3.
   */
  warmUp?: number;
  /** For "one-cycle": the first rate, as a share of the learning rate. Default: 0.04. */
  start?: number;
  /**
   * For "cosine" and "one-cycle": the rate that is reached after the last step, as a share of the
   * learning rate. Default: 0.
   */
  end?: number;
}

/** How strongly each training image is changed, anew in each epoch. */
export interface Augmentation {
  /** The most pixels by which an image is shifted, in each direction. Default: 0. */
  shift?: number;
  /** The most degrees by which an image is rotated, either way, 0 to 180. Default: 0. */
  rotation?: number;
  /**
   * The most by which an image is scaled, as a share below 1: 0.1 makes it up to a tenth larger or
   * smaller. Default: 0.
   */
  scale?: number;
  /**
   * The most degrees by which an image's upright lines are made to lean, either way, below 90.
   * Default: 0.
   */
  shear?: number;
}

/**
 * The settings of a training. Where the net is named in the catalog, a setting that is left out has
 * the value that is recommended for that net, see `Trainer.recipes`; otherwise it has the default
 * given here.
 */
export interface RunSettings {
  /**
   * A name of the catalog, or a text such as "conv 24 5x5, pool 2, relu, dense 128, relu, dense
   * classes". Without it, the net is the one that "mlp" names, with the defaults given here.
   */
  net?: string;
  /** The optimizer. Default: { name: "adam" }. */
  optimizer?: OptimizerDescription;
  /** How the learning rate changes. Default: { name: "constant" }. */
  schedule?: ScheduleDescription;
  /**
   * How many epochs `train` runs by default, and the length of the schedule: where that is not
   * constant, no more epochs can be trained. Default: 3.
   */
  epochs?: number;
  /** The samples per batch, at least 1. Default: 64. */
  batchSize?: number;
  /**
   * The seed of the first weights, the order of the samples and all other randomness: a whole
   * number below 2⁶⁴, as a bigint above 2⁵³. Default: 1.
   */
  seed?: number | bigint;
  /**
   * The share of each label that is spread over all classes, at least 0 and below 1. Default: 0.
   */
  labelSmoothing?: number;
  /**
   * The largest norm that all gradients together may have before they are scaled down; 0 is no
   * limit. Default: 0.
   */
  clipNorm?: number;
  /**
   * Where above 0, evaluations and predictions use a moving average of the weights, which keeps
   * this share of itself in each step, for example 0.999. Default: 0.
   */
  averaging?: number;
  /**
   * The number of training samples that are held back; each epoch is validated with them.
   * Default: 0.
   */
  validation?: number;
  /**
   * Where above 0, training stops after this many epochs without a smaller validation loss, and the
   * best weights are put back. Default: 0.
   */
  patience?: number;
  /** How strongly training images are changed; for images only. Without it, they are not changed. */
  augment?: Augmentation;
  /**
   * Whether images are shifted and scaled to mean 0 and deviation 1 over the training images'
   * pixels. Default: false.
   */
  normalize?: boolean;
}

/** Numbers with their shape, which a Tensor has, too. */
export interface ShapedNumbers {
  /** The numbers, the last axis running fastest. */
  data: ArrayLike<number>;
  /** The extents along the axes. */
  shape: readonly number[];
}

/** Weights by name. Where a shape is given, it must be that of the net's tensor. */
export type GivenWeights = Record<string, ArrayLike<number> | ShapedNumbers>;

/** What `reset` can change. */
export interface TrainingSettings extends RunSettings {
  /**
   * The weights to start from, by name, as `weights()` gives them: finite numbers for all tensors
   * of the net, each with or without its shape.
   */
  weights?: GivenWeights;
  /** A checkpoint, as `save()` makes it, to go on from; all settings are those of that training. */
  checkpoint?: Uint8Array;
}

/** A net of the catalog, and how it is best trained. */
export interface NamedRecipe {
  /** The name of the net. */
  name: string;
  /** What it is, costs and reaches, in a few words. */
  description: string;
  /** The net as text. */
  text: string;
  /** The recommended settings. */
  settings: RunSettings;
}

/** What a trainer trains, on what, and with which engine. */
export interface TrainerInfo extends NetDescription {
  /** The build of the engine that runs. */
  variant: Variant;
  /** The number of threads that share the work. */
  threads: number;
  /** A sentence that says so where the net and its data are too large for threads. */
  note?: string;
  /** All settings, also those that came from a recipe or a checkpoint. */
  settings: RunSettings;
  /** The shapes of the net's tensors by names such as "conv1.weight". */
  tensors: Record<string, number[]>;
  /** The shape of one input. */
  sampleShape: number[];
  /** The number of classes, or of numbers to predict. */
  outputs: number;
  /** The training samples, without those that are held back for validation. */
  trainSamples: number;
  /** The samples that are held back for validation. */
  validationSamples: number;
  /** The test samples; 0 without test data. */
  testSamples: number;
  /** The batches of an epoch. */
  batchesPerEpoch: number;
  /** The steps done already; 0 without a checkpoint. */
  step: number;
  /** The whole epochs done already; 0 without a checkpoint. */
  epochs: number;
  /** The learning rate that the schedule multiplies. */
  learningRate: number;
  /** How inputs reach the net, in training and in predictions: (x − mean) / deviation. */
  normalization: { mean: number; deviation: number };
  /** The names of the classes, by label, where the training data or a checkpoint have them. */
  classNames?: string[];
}

/** What one epoch has come to. */
export interface EpochResult {
  /** The number of the epoch, from 1. */
  epoch: number;
  /** The mean loss over the epoch's training batches, with label smoothing. */
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
  /** The samples trained per second, without the time of evaluations. */
  samplesPerSecond: number;
  /**
   * The seconds until all epochs are done, with their evaluations; NaN before anything was
   * measured.
   */
  secondsLeft: number;
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
  /** The loss of this batch before the update, with label smoothing. */
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

/**
 * Which weights: "answers" are those that `predict`, `evaluate` and `measure` use, which are
 * averages where `averaging` is above 0; "training" are those that each step changes. Without
 * averaging, both are the same.
 */
export type WeightsOf = "answers" | "training";

/**
 * The two parts of the training data: samples to learn from, and samples held back for validation.
 */
export type Pile = "train" | "validation";

/** What the worker is told first. */
export interface CreateOptions extends TrainingSettings {
  data: DataDescriptions;
  wasmUrl?: string;
  variant?: Variant | undefined;
  threads?: number | undefined;
}

/** The requests that the worker answers; in the page they are `Remote<WorkerApi>`. */
export interface WorkerApi {
  /**
   * The first request. The answer is the name of a lock that is held as long as the worker lives.
   */
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
  setClassNames(names: readonly string[]): void;
  reset(settings: TrainingSettings): TrainerInfo;
  /** How many parts of the work threads other than the worker's own have done; for tests. */
  helpedTiles(): number;
  /** Makes the engine trap, for tests of what happens then. */
  crashForTest(): void;
  /** Makes one of the engine's threads trap, for tests of what happens then. */
  crashHelperForTest(): void;
}

/** The functions of T as the other side calls them: each returns a promise. */
export type Remote<T> = {
  readonly [K in keyof T]: T[K] extends (...values: infer A) => infer R
    ? (...values: A) => Promise<R>
    : never;
};

/** The functions of T as they are implemented: each may return a promise. */
export type Local<T> = {
  readonly [K in keyof T]: T[K] extends (...values: infer A) => infer R
    ? (...values: A) => R | Promise<R>
    : never;
};

/** An error on its way between threads. */
export interface ErrorMessage {
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
