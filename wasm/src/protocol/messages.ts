// What the page and the worker say to each other.
import type { Pull, SentBatch } from "./batches.js";
import type { SentDescriptions } from "./data.js";
import type { TrainerInfo, TrainingDescription, Variant } from "./info.js";
import type { InputGradient, Nearest } from "./explanation.js";
import type { OwnBytes } from "./formats.js";
import type { Inspection, Trace } from "./inspection.js";
import type { Evaluation, Progress, StepResult, Summary, TrainResult } from "./results.js";
import type { Augmentation, RunSettings } from "./run_settings.js";
import type { NamedRecipe, TrainingSettings } from "./settings.js";

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
  data: SentDescriptions;
  wasmUrl?: string;
  variant?: Variant | undefined;
  threads?: number | undefined;
}

/** Answers, and the inputs, whose memory serves for the next ones. */
export interface Predicted {
  answers: Float32Array;
  inputs: Float32Array;
}

/** The requests that the worker answers; in the page they are `Remote<WorkerApi>`. */
export interface WorkerApi {
  /**
   * The first request. The answer is the name of a lock that is held as long as the worker lives.
   */
  hello(): string | null;
  /** Loads the engine, and makes room for the data. */
  open(options: CreateOptions): void;
  /** The next bytes of a file of images, or the next inputs; the worker frees them, or gives them back. */
  feed(of: keyof SentDescriptions, piece: Uint8Array | Float32Array, back?: boolean): unknown;
  /** The next batch of a pass, its end, or that it has failed; returns whether the pass has more. */
  batch(pass: number, batch: SentBatch | "end" | "fault"): boolean;
  /** Makes the training, once all data are there. */
  create(): TrainerInfo;
  train(epochs?: number): TrainResult;
  pause(): void;
  resume(): void;
  stop(): void;
  step(): StepResult;
  setLearningRate(rate: number, after?: number): number;
  /** The number of the task is what `cancel` calls it by. */
  evaluate(task: number): Evaluation;
  measure(pile: Pile, most: number, task: number): Summary;
  /** Ends an evaluation, which is refused with `Aborted`. */
  cancel(task: number): void;
  /** Trains another net to its end, and gives its answers to the test set; `cancel` ends it, too. */
  baseline(settings: RunSettings, task: number): Float32Array;
  /** The net's answers to the test set. */
  answers(): Float32Array;
  predict(inputs: Float32Array, count: number): Predicted;
  weights(of: WeightsOf, name?: string): Record<string, Float32Array> | Float32Array;
  inspect(input?: Float32Array): Inspection;
  trace(input: Float32Array, label: number): Trace;
  inputGradient(input: Float32Array, label: number, other?: number): InputGradient;
  nearest(input: Float32Array, count: number, among: number): Nearest;
  save(): OwnBytes;
  recipes(): NamedRecipe[];
  describe(net: string): TrainingDescription;
  learningRates(settings: RunSettings, points: number): Float32Array;
  augmented(
    indices: readonly number[],
    augment: Augmentation | undefined,
    epoch: number,
  ): Float32Array;
  setClassNames(names: readonly string[]): void;
  reset(settings: TrainingSettings): TrainerInfo;
  /** Ends the engine's threads. */
  end(): void;
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

/**
 * The kind of a fault. All but the last three come from the engine. `LoadFailed`: a file of the
 * package could not be fetched or started. `Crashed`: the engine's instance is dead and has to be
 * loaded again. `Aborted`: an AbortSignal ended the work, or what does it was disposed.
 */
export type ErrorCode =
  | "InvalidArgument"
  | "ShapeMismatch"
  | "CorruptData"
  | "InvalidState"
  | "NotFound"
  | "OutOfMemory"
  | "Unsupported"
  | "Diverged"
  | "Internal"
  | "LoadFailed"
  | "Crashed"
  | "Aborted";

/** What an error is about, for programs; what is not known or does not apply is left out. */
export interface ErrorDetails {
  /** What refused, such as "training" or "net". */
  op?: string;
  /** The setting, or the part of the data, that is wrong, such as "net" or "training labels". */
  field?: string;
  /** What was computed, such as "loss" where a training diverged. */
  quantity?: string;
  /** The number that was refused; infinite or NaN where a training diverged. */
  value?: number;
  /** The step of a training, from 1. */
  step?: number;
  /** The place in a net's text, in characters from 1. */
  column?: number;
}

/** An error on its way between threads. */
export interface ErrorMessage {
  code: ErrorCode;
  message: string;
  details: ErrorDetails;
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
  | { kind: "pull"; pull: Pull }
  | { kind: "crash"; error: ErrorMessage };
