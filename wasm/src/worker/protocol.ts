// What the page and the worker say to each other: types only.
import type { ErrorCode } from "../errors.js";
import type { Variant } from "../variants.js";

/** A data set: MNIST's files, or arrays with class labels, or arrays with numbers to predict. */
export type DataDescription =
  | {
      kind: "idx";
      /** The whole IDX file of images, unpacked; likewise the labels. */
      images: Uint8Array;
      labels: Uint8Array;
      /** Left out: 10. */
      classes?: number;
    }
  | {
      kind: "labels";
      inputs: Float32Array;
      /** Of all inputs: [S, …] */
      shape: readonly number[];
      /** S whole numbers from 0 to classes − 1 */
      labels: ArrayLike<number>;
      classes: number;
    }
  | {
      kind: "numbers";
      inputs: Float32Array;
      /** Of all inputs: [S, …] */
      shape: readonly number[];
      /** [S, outputs] */
      targets: Float32Array;
      outputs: number;
    };

export interface NetDescription {
  /** A name of the engine's catalog. */
  name: string;
  /** Widths of the hidden layers. Left out: [128]. */
  hidden?: readonly number[];
  /** Left out: "relu". */
  activation?: "relu" | "sigmoid" | "tanh";
}

export interface OptimizerDescription {
  name: "adam" | "sgd";
  /** Left out: 0.001 with adam, 0.01 with sgd. */
  learningRate?: number;
  weightDecay?: number;
  /** sgd only */
  momentum?: number;
  /** adam only, like the next two */
  beta1?: number;
  beta2?: number;
  epsilon?: number;
}

/** What `reset` can change. */
export interface TrainingSettings {
  /** Left out: { name: "mlp", hidden: [128] }. */
  net?: NetDescription;
  /** Left out: { name: "adam" }. */
  optimizer?: OptimizerDescription;
  /** Left out: 64. */
  batchSize?: number;
  /** Of the initial weights and of the order of the samples. Left out: 1. */
  seed?: number;
  /** Start from these instead, by name as `weights()` gives them. */
  weights?: Record<string, Float32Array>;
}

export interface TrainerInfo {
  /** Which build of the engine runs, and how many threads share the work. */
  variant: Variant;
  threads: number;
  /** Where the net and its data are too large for threads: a sentence that says so. */
  note?: string;
  /** Numbers in all tensors of the net. */
  parameters: number;
  /** The net's layers in their order; `shape` is that of the layer's tensor, [] where it has none. */
  layers: { name: string; kind: string; shape: number[] }[];
  trainSamples: number;
  testSamples: number;
  batchesPerEpoch: number;
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
  /** Spent training and evaluating this epoch, without pauses. */
  seconds: number;
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
}

export interface StepResult {
  step: number;
  epoch: number;
  /** Of this batch, before the update; the accuracy is NaN where the data have no labels. */
  loss: number;
  accuracy: number;
  /** Where this step ended an epoch. */
  epochDone?: EpochResult;
}

export interface TrainResult {
  state: "finished" | "stopped";
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

/** What the worker is told to begin with. */
export interface CreateOptions extends TrainingSettings {
  data: { train: DataDescription; test?: DataDescription };
  wasmUrl?: string;
  variant?: Variant | undefined;
  threads?: number | undefined;
}

/** What the worker can be asked for; the page's side of it is `Remote<WorkerApi>`. */
export interface WorkerApi {
  /** The first question: it is answered with the name of a lock that is held as long as the worker lives. */
  hello(): string | null;
  create(options: CreateOptions): TrainerInfo;
  train(epochs: number): TrainResult;
  pause(): void;
  resume(): void;
  stop(): void;
  step(): StepResult;
  setLearningRate(rate: number): void;
  evaluate(): Evaluation;
  predict(inputs: Float32Array, count: number): Float32Array;
  weights(): Record<string, Float32Array>;
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
