// Trainer: trains a net in a worker of its own, and is its side in the page.
import * as check from "../check.js";
import { disposal, type WithDisposal } from "../module/engine.js";
import { LanegradError } from "../errors.js";
import { abortable, aborted } from "./abort.js";
import { exported } from "./exported.js";
import { loadPump } from "./on_demand.js";
import { Host } from "./host.js";
import { SentData } from "./feed.js";
import { augmentOptions, runOptions } from "../settings/options.js";
import {
  trainerOptions,
  trainingOptions,
  trainOptions,
  type EvaluateOptions,
  type TrainerOptions,
  type TrainOptions,
} from "./options.js";
import { Questions } from "./questions.js";
import { TrainCall } from "./train_call.js";
import type { ExportedFiles, ExportOptions, NetFormat, OwnBytes } from "../protocol/formats.js";
import type { TrainerInfo, TrainingDescription, Variant } from "../protocol/info.js";
import type { CreateOptions, Pile } from "../protocol/messages.js";
import type { Evaluation, StepResult, Summary, TrainResult } from "../protocol/results.js";
import type { Augmentation, RunSettings } from "../protocol/run_settings.js";
import type { NamedRecipe, TrainingSettings } from "../protocol/settings.js";

/**
 * Trains a net in a worker of its own, so that the page never waits. Where the worker dies, every
 * promise rejects with `Crashed`, and a new trainer has to be created.
 */
export class Trainer extends Questions {
  /** Called when the worker has died. */
  onCrash: ((error: LanegradError) => void) | undefined;
  #info: TrainerInfo;
  #trainings = 0;

  private constructor(host: Host, info: TrainerInfo) {
    super(host);
    this.#info = info;
    host.onCrash = (error) => this.onCrash?.(error);
  }

  /**
   * Starts the worker, sends it the data, and makes the net. All options are checked, and all
   * arrays copied or handed over, before that; streams are read afterwards. Rejects with
   * `LoadFailed` where the worker or the engine cannot be loaded, and with the engine's error where
   * data or settings are wrong or too large, and with `Aborted` where the signal ends it.
   */
  static async create(options: TrainerOptions): Promise<Trainer> {
    const given = check.options("trainer", options, trainerOptions) as TrainerOptions;
    const { data, wasmUrl, worker, transfer = false, signal, ...settings } = given;
    if (signal?.aborted) throw aborted("trainer", signal);
    const sending = new SentData(data, transfer);
    const others = {
      ...sending.parcel.copied(settings),
      ...(wasmUrl !== undefined && { wasmUrl: String(wasmUrl) }),
    };
    let host: Host | undefined;
    const end = () => {
      host?.die(null);
      return sending.end();
    };
    const make = async () => {
      try {
        const made = (host = await Host.start(worker));
        if (signal?.aborted) throw aborted("trainer", signal);
        const sent: CreateOptions = { ...others, data: await sending.start() };
        await made.send("open", [sent], sending.buffers);
        if (sending.streamed) {
          const { Pump } = await loadPump();
          new Pump(made, sending.streamed);
        }
        await sending.rest((of, piece, back) =>
          made.send("feed", [of, piece, back], [piece.buffer]),
        );
        return new Trainer(made, await made.remote.create());
      } catch (thrown) {
        host?.die(null);
        throw thrown;
      } finally {
        await sending.end();
      }
    };
    return abortable("trainer", signal, make, () => void end().catch(() => {}));
  }

  /** The net, the data, and the engine that runs. `reset` makes a new one. */
  get info(): TrainerInfo {
    return this.#info;
  }

  /** The build of the engine that runs. */
  get variant(): Variant {
    return this.#info.variant;
  }

  /**
   * Trains. Resolves when all epochs are done, early stopping has ended them, or training was
   * stopped. Rejects with `Diverged` where the loss is not finite, and with `InvalidState` where
   * training is under way already, and with `Aborted` where a signal or `dispose` ends it.
   */
  async train(options?: TrainOptions): Promise<TrainResult> {
    const { epochs, ...around } = check.options("train", options, trainOptions);
    const call = new TrainCall(around, () => void this.stop().catch(() => {}));
    // Where training is under way already, the worker refuses; messages keep going to the first
    // call.
    if (this.#trainings++ === 0) call.listen(this.host);
    try {
      const result = await this.host.remote.train(epochs);
      call.rethrow(result.state);
      return result;
    } finally {
      this.#trainings--;
      call.end();
    }
  }

  /**
   * Pauses training, within 50 ms or one step, whichever is longer; without a training it does
   * nothing.
   */
  pause(): Promise<void> {
    return this.host.remote.pause();
  }

  /** Lets a paused training go on, within 50 ms or one step; without one it does nothing. */
  resume(): Promise<void> {
    return this.host.remote.resume();
  }

  /**
   * Stops training, within 50 ms or one step, whichever is longer: `train` resolves with the state
   * "stopped", and a later `train` goes on from there. Without a training it does nothing.
   */
  stop(): Promise<void> {
    return this.host.remote.stop();
  }

  /**
   * Trains one batch. Rejects with `InvalidState` while training runs and is not paused, and with
   * `Diverged` where the loss is not finite.
   */
  step(): Promise<StepResult> {
    return this.host.remote.step();
  }

  /**
   * Sets the learning rate that the schedule multiplies, also while training runs: at once, or once
   * `after` steps have been done, where those are still to come. A planned change takes place at
   * exactly that step, also in a training that goes on from a checkpoint; `reset` and a change at
   * once forget it. Resolves with the number of steps that are done before the rate takes effect.
   */
  async setLearningRate(rate: number, after?: number): Promise<number> {
    const number = check.number("learning rate", rate);
    const steps = after === undefined ? after : check.natural("learning rate: after", after);
    return this.host.remote.setLearningRate(number, steps);
  }

  /** Evaluates the whole test set; training waits. Rejects with `InvalidState` without one. */
  async evaluate(options?: EvaluateOptions): Promise<Evaluation> {
    return this.evaluated("evaluate", options, (task) => this.host.remote.evaluate(task));
  }

  /**
   * The loss and accuracy of the net as it is now, over samples to learn from or samples held back
   * for validation. At most `most` samples are drawn by the seed. They are taken as they are, as
   * those of the test are: without augmentation, dropout or label smoothing. It changes no bit of
   * the training, which waits meanwhile.
   */
  async measure(pile: Pile, most = 10_000, options?: EvaluateOptions): Promise<Summary> {
    if (pile !== "train" && pile !== "validation") {
      check.fail("measure: pile", pile, "'train' or 'validation'");
    }
    const count = check.natural("measure: most", most);
    return this.evaluated("measure", options, (task) =>
      this.host.remote.measure(pile, count, task),
    );
  }

  /**
   * The whole training as a safetensors file, also while training runs, all of whose steps are told
   * before. Given to `create` or `reset` as `checkpoint`, with the same data, it goes on to the bit.
   */
  save(): Promise<OwnBytes> {
    return this.host.remote.save();
  }

  /**
   * The net, with the weights that answer, as files of another program by their names; the first one
   * is the one to open. Rejects with `NotFound` for an unknown format and `Unsupported` for a layer
   * that the format has no words for.
   */
  async export(format: NetFormat, options?: ExportOptions): Promise<ExportedFiles> {
    const asked = check.text("export: format", format) as NetFormat;
    return exported(await this.save(), asked, { ...options });
  }

  /** The engine's catalog: nets by name, with their texts and recommended settings. */
  recipes(): Promise<NamedRecipe[]> {
    return this.host.remote.recipes();
  }

  /**
   * The layers that a net would have for these data, what they cost, and the memory that training
   * needs. Rejects with an error that says at which word and column the text is wrong.
   */
  async describe(net: string): Promise<TrainingDescription> {
    return this.host.remote.describe(check.text("describe: net", net));
  }

  /**
   * The learning rates of a training with these settings, at `points` steps from the first to the
   * last.
   */
  async learningRates(settings: RunSettings = {}, points = 100): Promise<Float32Array> {
    const given = check.options("learning rates", settings, runOptions);
    return this.host.remote.learningRates(given, check.natural("learning rates: points", points));
  }

  /**
   * The training images with these numbers as training shows them in `epoch`, from 1: pixels from 0
   * to 1, picture after picture. The augmentation is `augment`, or that of the settings where it is
   * left out.
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
    return this.host.remote.augmented(numbers, given, number);
  }

  /**
   * Names the classes anew, by label: `info`, checkpoints and later resets hold the names. No bit of the training
   * changes. Rejects with `InvalidArgument` unless there is one name, of one line, for each class.
   */
  async setClassNames(names: readonly string[]): Promise<void> {
    const classNames = check.texts("class names", names);
    await this.host.remote.setClassNames(classNames);
    this.#info = { ...this.#info, classNames };
  }

  /**
   * Stops training and makes a fresh net on the same data. Settings that are left out stay as they
   * were, except `weights`; those that are given as undefined become what is recommended for the
   * net. Where the new settings are refused, everything stays as it is.
   */
  async reset(settings: TrainingSettings = {}): Promise<void> {
    const given = check.options("reset", settings, trainingOptions);
    this.#info = await this.host.remote.reset(given);
  }

  /** Ends the worker. Promises that are still open reject with `Aborted`, and later calls with `InvalidState`. */
  dispose(): void {
    this.host.die(null);
  }

  /** @internal Disposes the trainer at the end of the block of `using trainer = …`. */
  [disposal](): void {
    this.dispose();
  }

  /** @internal The parts of the work that other threads than the worker's have done. */
  helpedTiles(): Promise<number> {
    return this.host.remote.helpedTiles();
  }

  /** @internal Crashes the engine, for tests of what happens then. */
  crashForTest(): Promise<void> {
    return this.host.remote.crashForTest();
  }

  /** @internal Crashes one of the engine's threads, for tests of what happens then. */
  crashHelperForTest(): Promise<void> {
    return this.host.remote.crashHelperForTest();
  }
}

export interface Trainer extends WithDisposal {}
