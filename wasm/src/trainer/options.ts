// What the functions of Trainer take, and the tables that it is checked with.
import * as check from "../check.js";
import { loadOptions } from "../module/load.js";
import type { DataDescriptions, StreamedDescriptions } from "../protocol/data.js";
import type { Variant } from "../protocol/info.js";
import type { WeightsOf } from "../protocol/messages.js";
import type { Progress } from "../protocol/results.js";
import type { TrainingSettings } from "../protocol/settings.js";
import { runOptions } from "../settings/options.js";
import { dataOption } from "./data.js";
import { sourceOption, type WorkerSource } from "./make_worker.js";
import { weightsOption } from "./weights.js";

/** What a trainer learns from, how, and where it runs. */
export interface TrainerOptions extends TrainingSettings {
  /**
   * The data to learn from, and the data to be tested with: arrays, or, to learn from, a function that gives them
   * batch after batch.
   */
  data: DataDescriptions | StreamedDescriptions;
  /**
   * Where engine.wasm is, if not beside the package: the URL of the folder `engine/` or of one
   * engine.wasm, see `LoadOptions.wasmUrl`.
   */
  wasmUrl?: string | URL;
  /** Which build of the engine to load. Default: the best one that runs here. */
  variant?: Variant | undefined;
  /**
   * The most threads that share the work, see `LoadOptions.threads`. Where the net and its data are
   * too large for the memory that threads can share, one thread runs, and `info.note` says so.
   */
  threads?: number | undefined;
  /**
   * The worker to use, if not the package's own: the URL of its worker.js, or a Worker that runs
   * that.
   */
  worker?: WorkerSource;
  /**
   * Whether the data's buffers are handed over at the call instead of being copied; the caller
   * cannot use them afterwards. Those that cannot be handed over, such as shared memory, are
   * copied. Default: false.
   */
  transfer?: boolean;
  /** Ends the start; `create` rejects with `Aborted`, and nothing of it is left. */
  signal?: AbortSignal | undefined;
}

const signalOption: check.Check = (what, value) => {
  // A signal of another window or context is no instance of this context's AbortSignal.
  const { aborted, addEventListener, removeEventListener } = (value ?? {}) as AbortSignal;
  const [add, remove] = [typeof addEventListener, typeof removeEventListener];
  const right = typeof aborted === "boolean" && add === "function" && remove === "function";
  return right ? value : check.fail(what, value, "an AbortSignal");
};

/** Options of `evaluate`, `measure` and `baseline`. */
export interface EvaluateOptions {
  /** Ends it, which rejects with `Aborted`. */
  signal?: AbortSignal | undefined;
}

export const evaluateOptions: check.Options<EvaluateOptions> = { signal: signalOption };

export const trainingOptions: check.Options<TrainingSettings> = {
  ...runOptions,
  weights: weightsOption,
  checkpoint: check.bytes,
};

export const trainerOptions: check.Options<TrainerOptions> = {
  ...trainingOptions,
  ...loadOptions,
  data: dataOption,
  worker: sourceOption,
  transfer: check.boolean,
  signal: signalOption,
};

/** Options of `train`. */
export interface TrainOptions {
  /**
   * The epochs to have done in the end, those before this call included: training goes on from
   * where it is. Only with a constant schedule can there be more than the settings' epochs.
   * Default: the settings' epochs.
   */
  epochs?: number;
  /**
   * Called at display rate, and for the end of every epoch. Where it throws, or rejects if it is
   * async, training stops, and `train` rejects with that error.
   */
  onProgress?: (progress: Progress) => void;
  /** Stops training; `train` rejects with `Aborted`. */
  signal?: AbortSignal | undefined;
}

export const trainOptions: check.Options<TrainOptions> = {
  epochs: check.natural,
  onProgress: (_, value) => check.callable("train: onProgress", value),
  signal: signalOption,
};

/** Options of `weights`. */
export interface WeightsOptions {
  /** Which weights. Default: "answers". */
  of?: WeightsOf;
  /** The name of one tensor. Default: all tensors. */
  name?: string | undefined;
}

export const weightsOptions: check.Options<WeightsOptions> = {
  of: (what, value) =>
    value === "answers" || value === "training"
      ? value
      : check.fail(what, value, "'answers' or 'training'"),
  name: check.text,
};
