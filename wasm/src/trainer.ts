// Trainer: the training of a net in a worker of its own, seen from the page.
import type { NetDescription } from "./api/nets.js";
import type { Summary } from "./api/training.js";
import * as check from "./check.js";
import { disposal } from "./engine.js";
import { LanegradError } from "./errors.js";
import { Host, sourceOption, type WorkerSource } from "./host.js";
import { loadOptions } from "./load.js";
import { Parcel } from "./parcel.js";
import type { Variant } from "./variants.js";
import { dataOption } from "./worker/data.js";
import type { Inspection, Trace } from "./worker/inspection.js";
import type {
  Augmentation,
  CreateOptions,
  DataDescriptions,
  Evaluation,
  Message,
  NamedRecipe,
  Pile,
  Progress,
  RunSettings,
  StepResult,
  TrainerInfo,
  TrainingSettings,
  TrainResult,
  WeightsOf,
} from "./worker/protocol.js";
import { augmentOptions, runOptions, trainingOptions } from "./worker/settings.js";

export interface TrainerOptions extends TrainingSettings {
  /** What to learn from, and what to be tested with. */
  data: DataDescriptions;
  /** Where engine.wasm is, if not beside the package: see LoadOptions. */
  wasmUrl?: string | URL;
  /** Which build of the engine to load; left out, the best one that runs here. */
  variant?: Variant | undefined;
  /**
   * The most threads that share the work: see LoadOptions. Where the net and its data are too large for
   * the memory that threads can share, one thread runs, and `info.note` says so.
   */
  threads?: number | undefined;
  /** The worker to use, if not the package's own: the URL of its worker.js, or a Worker running that. */
  worker?: WorkerSource;
  /**
   * Whether the data's buffers are handed over at the call instead of being copied; they cannot be used here
   * afterwards. Those that cannot be handed over, like shared memory, are copied. Left out: false.
   */
  transfer?: boolean;
}

const trainerOptions: check.Options<TrainerOptions> = {
  ...trainingOptions,
  ...loadOptions,
  data: dataOption,
  worker: sourceOption,
  transfer: check.boolean,
};

export interface TrainOptions {
  /**
   * Up to this many in total: training goes on from where it is. Left out: the settings' epochs; more than those can
   * be trained with a constant schedule alone.
   */
  epochs?: number;
  /**
   * Called at display rate, and for the end of every epoch. Where it throws, or rejects if it is async, training stops
   * and `train` rejects with what it threw.
   */
  onProgress?: (progress: Progress) => void;
  /** Stops training; `train` rejects with `Aborted`. */
  signal?: AbortSignal;
}

const trainOptions: check.Options<TrainOptions> = {
  epochs: check.natural,
  onProgress: (_, value) => check.callable("train: onProgress", value),
  signal(what, value) {
    // One of another window or context is no instance of this one's AbortSignal.
    const { aborted, addEventListener, removeEventListener } = (value ?? {}) as AbortSignal;
    const [add, remove] = [typeof addEventListener, typeof removeEventListener];
    const right = typeof aborted === "boolean" && add === "function" && remove === "function";
    return right ? value : check.fail(what, value, "an AbortSignal");
  },
};

/** What `weights` gives. */
export interface WeightsOptions {
  /** Left out: "answers". */
  of?: WeightsOf;
  /** Left out: all. */
  name?: string | undefined;
}

const weightsOptions: check.Options<WeightsOptions> = {
  of: (what, value) =>
    value === "answers" || value === "training"
      ? value
      : check.fail(what, value, "'answers' or 'training'"),
  name: check.text,
};

/** What the host calls, once there is a trainer to be told. */
interface Link {
  message?: (message: Message) => void;
  crash?: (error: LanegradError) => void;
}

/**
 * Trains a net in a worker of its own, so that the page never waits. Where the worker dies, every
 * promise rejects with `Crashed`, and a new trainer has to be created.
 */
export class Trainer implements Disposable {
  /** Called when the worker has died. */
  onCrash: ((error: LanegradError) => void) | undefined;
  readonly #host: Host;
  #info: TrainerInfo;
  #onProgress: ((progress: Progress) => void) | undefined;
  #trainings = 0;

  private constructor(host: Host, info: TrainerInfo, link: Link) {
    this.#host = host;
    this.#info = info;
    link.message = (message) => {
      if (message.kind === "progress") this.#onProgress?.(message.progress);
    };
    link.crash = (error) => this.onCrash?.(error);
  }

  /**
   * Starts the worker, brings it the data, and makes the net. All arrays are copied, or handed over, at the call, and
   * all options are looked at before the worker starts. Throws `LoadFailed` where the worker or the engine cannot be
   * loaded, and whatever the engine has against the data and settings; data that are not finite numbers are refused.
   */
  static async create(options: TrainerOptions): Promise<Trainer> {
    const given = check.options("trainer", options, trainerOptions) as TrainerOptions;
    const { data, wasmUrl, worker, transfer = false, ...settings } = given;
    const parcel = new Parcel();
    const sent: CreateOptions = {
      ...parcel.copied(settings),
      data: transfer ? parcel.taken(data) : parcel.copied(data),
      ...(wasmUrl !== undefined && { wasmUrl: String(wasmUrl) }),
    };
    const link: Link = {};
    const host = await Host.start(
      worker,
      (message) => link.message?.(message),
      (error) => link.crash?.(error),
    );
    try {
      const info = await host.send("create", [sent], parcel.buffers);
      return new Trainer(host, info as TrainerInfo, link);
    } catch (thrown) {
      host.die(null);
      throw thrown;
    }
  }

  /** The net, the data, and what runs. `reset` makes a new one. */
  get info(): TrainerInfo {
    return this.#info;
  }

  /** Which build of the engine runs. */
  get variant(): Variant {
    return this.#info.variant;
  }

  /**
   * Resolves when all epochs are done or training has stopped; `Diverged` where the loss explodes, `InvalidState` when
   * the trainer is disposed meanwhile.
   */
  async train(options?: TrainOptions): Promise<TrainResult> {
    const { epochs, onProgress, signal } = check.options("train", options, trainOptions);
    if (signal?.aborted) throw aborted(signal);
    const stop = (): void => void this.stop().catch(() => {});
    let fault: { thrown: unknown } | undefined;
    const tell = (progress: Progress): void => {
      if (fault) return;
      const told = new Promise((resolve) => resolve(onProgress?.(progress)));
      told.catch((thrown: unknown) => {
        fault ??= { thrown };
        stop();
      });
    };
    // Where training is under way already, the worker refuses, and the messages stay with the first.
    const first = this.#trainings++ === 0;
    try {
      if (first) {
        this.#onProgress = tell;
        signal?.addEventListener("abort", stop);
      }
      const result = await this.#host.remote.train(epochs);
      if (fault) throw fault.thrown;
      if (signal?.aborted && result.state === "stopped") throw aborted(signal);
      return result;
    } finally {
      this.#trainings--;
      signal?.removeEventListener("abort", stop);
    }
  }

  /** Takes effect within 50 ms or one step, whichever is longer; likewise the next two. */
  pause(): Promise<void> {
    return this.#host.remote.pause();
  }

  resume(): Promise<void> {
    return this.#host.remote.resume();
  }

  /** `train` resolves; a later `train` goes on from here. */
  stop(): Promise<void> {
    return this.#host.remote.stop();
  }

  /** One batch. `InvalidState` while training runs and is not paused. */
  step(): Promise<StepResult> {
    return this.#host.remote.step();
  }

  /**
   * What the schedule multiplies from now on, also while training runs; or from the moment on when `after` steps
   * have been done, where that is still to come. Changes planned so are made at exactly these steps, also by whoever
   * goes on from a checkpoint; `reset` and a change from now on forget them. Resolves with the number of steps that are done before it takes effect.
   */
  async setLearningRate(rate: number, after?: number): Promise<number> {
    const number = check.number("learning rate", rate);
    const steps = after === undefined ? after : check.natural("learning rate: after", after);
    return this.#host.remote.setLearningRate(number, steps);
  }

  /** Runs through the test set; training waits meanwhile. */
  evaluate(): Promise<Evaluation> {
    return this.#host.remote.evaluate();
  }

  /**
   * Loss and accuracy of the net as it stands over what it learns from, or over what is held back for validation:
   * at most so many samples, drawn by the seed, as they are, without augmentation, dropout or label smoothing, like
   * those of the test. It changes the training in no bit; training waits meanwhile.
   */
  async measure(pile: Pile, most = 10_000): Promise<Summary> {
    if (pile !== "train" && pile !== "validation") {
      check.fail("measure: pile", pile, "'train' or 'validation'");
    }
    return this.#host.remote.measure(pile, check.natural("measure: most", most));
  }

  /**
   * The net's answers to `count` inputs that stand one after the other, also while training runs:
   * probabilities of the classes where the data have labels, else the numbers. Inputs are finite numbers, of images
   * the pixels from 0 to 1. [count, outputs]
   */
  async predict(inputs: ArrayLike<number>, count: number): Promise<Float32Array> {
    const values = check.floats("predict: inputs", inputs);
    return this.#host.remote.predict(values, check.natural("predict: count", count));
  }

  /**
   * A copy of all weights by name, like "dense1.weight", the statistics of BatchNorm among them; or of the one with
   * that name alone. Left out, `of` is "answers": those that `predict`, `evaluate` and `measure` use.
   */
  weights(options?: { of?: WeightsOf; name?: undefined }): Promise<Record<string, Float32Array>>;
  weights(name: string | { of?: WeightsOf; name: string }): Promise<Float32Array>;
  async weights(
    given?: string | WeightsOptions,
  ): Promise<Record<string, Float32Array> | Float32Array> {
    const options = typeof given === "string" ? { name: given } : given;
    const { of = "answers", name } = check.options("weights", options, weightsOptions);
    return this.#host.remote.weights(of, name);
  }

  /**
   * What the training looks like inside: each layer's output for `input`, and how large weights, gradients and
   * updates are. Also while training runs, which it changes in no bit, and after `Diverged`.
   */
  async inspect(input?: ArrayLike<number>): Promise<Inspection> {
    const values = input === undefined ? input : check.floats("inspect: input", input);
    return this.#host.remote.inspect(values);
  }

  /**
   * One input with its label on its way through the net, operation by operation, back with the gradients, and
   * the step of the optimizer that they alone would be. It is computed on a copy, as answers are (no dropout,
   * the statistics of BatchNorm), with the weights that training changes rather than their average. `InvalidState`
   * unless the data have labels.
   */
  async trace(input: ArrayLike<number>, label: number | bigint): Promise<Trace> {
    const values = check.floats("trace: input", input);
    const [number] = check.labels("trace: label", [label]);
    return this.#host.remote.trace(values, number!);
  }

  /**
   * All that training has come to, as a safetensors file: given to `create` or `reset` as `checkpoint`, with
   * the same data, it goes on as if it had never stopped. Also while training runs.
   */
  save(): Promise<Uint8Array> {
    return this.#host.remote.save();
  }

  /** The engine's catalog: nets by name, with their texts and how each is best trained. */
  recipes(): Promise<NamedRecipe[]> {
    return this.#host.remote.recipes();
  }

  /**
   * What the layers of a net would be for these data, and what they cost. An error in a text says at which
   * word and column.
   */
  async describe(net: string): Promise<NetDescription> {
    return this.#host.remote.describe(check.text("describe: net", net));
  }

  /** The learning rates of a run with these settings, at `points` steps from the first to the last. */
  async learningRates(settings: RunSettings = {}, points = 100): Promise<Float32Array> {
    const given = check.options("learning rates", settings, runOptions);
    return this.#host.remote.learningRates(given, check.natural("learning rates: points", points));
  }

  /**
   * The training images of these numbers as `epoch` shows them with this augmentation, that of the settings
   * where it is left out: pixels from 0 to 1, picture after picture.
   */
  async augmented(
    indices: readonly number[],
    augment?: Augmentation,
    epoch = 1,
  ): Promise<Float32Array> {
    const numbers = check.extents("augmented: indices", indices);
    const number = check.natural("augmented: epoch", epoch);
    const given =
      augment === undefined ? augment : check.options("augment", augment, augmentOptions);
    return this.#host.remote.augmented(numbers, given, number);
  }

  /**
   * A fresh net on the same data. Settings that are left out stay as they were, except `weights`; those that are
   * there but undefined become what is recommended for the net. Stops training; where the new settings are refused,
   * everything stays as it is.
   */
  async reset(settings: TrainingSettings = {}): Promise<void> {
    const given = check.options("reset", settings, trainingOptions);
    this.#info = await this.#host.remote.reset(given);
  }

  /** Ends the worker. */
  dispose(): void {
    this.#host.die(null);
  }

  [disposal](): void {
    this.dispose();
  }

  /** @internal Parts of the work that other threads than the worker's own have done. */
  helpedTiles(): Promise<number> {
    return this.#host.remote.helpedTiles();
  }

  /** @internal Makes the engine trap, to see what happens then. */
  crashForTest(): Promise<void> {
    return this.#host.remote.crashForTest();
  }

  /** @internal Makes one of the engine's threads trap. */
  crashHelperForTest(): Promise<void> {
    return this.#host.remote.crashHelperForTest();
  }
}

function aborted(signal: AbortSignal): LanegradError {
  return new LanegradError("Aborted", "train: it was aborted", { cause: signal.reason });
}
