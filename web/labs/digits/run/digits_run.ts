// One net and its training, as the page's buttons drive it: what may follow what, and what becomes
// of the engine's errors. It knows nothing of the view, which listens to it.
import {
  Trainer,
  type Inspection,
  type NamedRecipe,
  type NetDescription,
  type Pile,
  type Progress,
  type Restored,
  type Trace,
  type TrainerInfo,
  type TrainingSettings,
} from "lanegrad";
import { labelHeader } from "../../../data/idx";
import { Digits } from "./picture_set";
import { fetchMnist, type OnBytes } from "../../../data/mnist";
import { nextTask } from "../../../run/next_task";
import type { PictureSet } from "../own_data/idx_files";
import { loadIdxFiles } from "../own_data/panel";
import { CommandQueue, isCrash } from "../../../run/command_queue";
import { isRunning, type Status } from "../../../run/status";
import { forEngine, fromEngine, keys, type Key, type Settings } from "../settings/digits_settings";

export interface Listener {
  onStatus(status: Status): void;
  onBytes: OnBytes;
  // The pictures are loaded, MNIST's or others: the test pictures, and the number of those to learn
  // from.
  onDigits(digits: Digits, learned: number): void;
  // The engine is loaded; these are its nets.
  onRecipes(recipes: NamedRecipe[]): void;
  // There is another net: one that has learned nothing yet, or one that was restored.
  onNet(info: TrainerInfo, testAccuracy: number, restored: boolean): void;
  onProgress(progress: Progress): void;
  // The weights of the best epoch are back: early, after `epochs` epochs, or since all are done.
  onRestored(restored: Restored, epochs: number, early: boolean): void;
  onProblem(error: unknown): void;
  // The net for the new pictures cannot have these settings; the engine's usual ones are used
  // instead.
  onUnfit(error: unknown, net: string): void;
}

// The weights that can be drawn as pictures: filters [O, C, K, K], or weights of pixels [I, O].
export interface FirstWeights {
  values: Float32Array;
  shape: readonly number[];
}

export class Session {
  status: Status = "loading";
  private trainer: Trainer | undefined;
  // The set that is learned instead of MNIST.
  private own: PictureSet | undefined;
  private made: string | undefined; // what the trainer's net was made with
  // The epochs that the last run went up to; 0 before the first run.
  private epochs = 0;
  private offered = false; // the engine's nets
  // Whether the next start is a new run, not the rest of this one.
  private over = true;
  private readonly queue = new CommandQueue((error) => this.fail(error));
  private run: Promise<void> = Promise.resolve();

  constructor(private readonly listener: Listener) {}

  // Loads what is missing and makes the first net. Settings that `given` does not name come from
  // the engine's recipe for the net.
  open(settings: Settings, given: readonly Key[]): Promise<void> {
    return this.queue.run(async () => {
      this.to("loading");
      await this.fresh(settings, given);
      this.to("idle");
    });
  }

  // Starts a new run, or goes on with one: after single steps, or where a finished run gets more
  // epochs.
  start(settings: Settings, given: readonly Key[] = keys): Promise<void> {
    return this.queue.run(async () => {
      if (this.running) return;
      let { epochs } = settings;
      if (!this.continues(settings)) {
        this.to("loading");
        await this.fresh(settings, given);
        epochs = this.trainer!.info.settings.epochs ?? epochs;
        await this.plan(settings);
      } else {
        await this.trainer!.setLearningRate(settings.lr);
        await this.plan(settings);
      }
      this.over = true;
      this.epochs = epochs;
      this.run = this.train(this.trainer!, epochs);
    });
  }

  // Whether a start with these settings goes on with the current net.
  continues(settings: Settings): boolean {
    if (!this.trainer || this.made !== recipe(settings)) return false;
    return this.status === "finished" ? settings.epochs > this.epochs : !this.over;
  }

  pauseOrResume(): Promise<void> {
    return this.queue.run(async () => {
      if (this.status === "training") {
        await this.trainer!.pause();
        if (this.running) this.to("paused");
      } else if (this.status === "paused") {
        this.to("training");
        await this.trainer!.resume();
      }
    });
  }

  // Trains one batch.
  step(settings: Settings): Promise<void> {
    return this.queue.run(async () => {
      if (this.status === "training") return;
      if (this.status !== "paused" && (!this.trainer || this.made !== recipe(settings))) {
        this.to("loading");
        await this.fresh(settings);
      }
      const trainer = this.trainer!;
      if (!this.running) {
        await trainer.setLearningRate(settings.lr);
        await this.plan(settings);
      }
      const { step, epoch, loss, accuracy, learningRate, epochDone, restored } =
        await trainer.step();
      if (this.status !== "paused") this.to("idle");
      this.listener.onProgress({
        state: "paused",
        step,
        epoch,
        epochs: settings.epochs,
        learningRate,
        stoppedEarly: false,
        steps: [step],
        losses: [loss],
        accuracies: [accuracy],
        trainLoss: loss,
        trainAccuracy: accuracy,
        ...(epochDone && { epochDone, epochsDone: [epochDone] }),
        samplesPerSecond: NaN,
        secondsLeft: NaN,
      });
      if (restored) this.listener.onRestored(restored, epochDone!.epoch, true);
    });
  }

  stop(): Promise<void> {
    return this.queue.run(() => this.halt());
  }

  // Goes back to a saved run; resolves with false where that cannot be. If anything is wrong with
  // the file, the current net stays as it is.
  async restore(checkpoint: Uint8Array): Promise<boolean> {
    let done = false;
    await this.queue.run(async () => {
      await this.halt();
      const before = this.status;
      this.to("loading");
      try {
        await this.restored(checkpoint);
      } catch (error) {
        if (!this.trainer || isCrash(error)) throw error;
        this.to(before);
        this.listener.onProblem(error);
        return;
      }
      done = true;
      this.to(this.epochs > 0 ? "finished" : "idle");
    });
    return done;
  }

  // Learns other pictures from now on, or MNIST where there are none. Rejects with a sentence where
  // that cannot be; data and run then stay as they are.
  async use(own: PictureSet | undefined, settings: Settings): Promise<void> {
    let refused: unknown;
    await this.queue.run(async () => {
      let trainer: Trainer;
      let set: PictureSet;
      try {
        set = own ?? (await mnist(() => {}));
        trainer = await this.create(set);
      } catch (error) {
        refused = own ? (await loadIdxFiles()).namingFiles(error, own) : error;
        return;
      }
      await this.halt();
      this.to("loading");
      this.trainer?.dispose();
      this.trainer = trainer;
      this.own = own;
      this.listener.onDigits(set.digits, set.learned);
      if (!this.offered) await this.offerRecipes();
      try {
        await trainer.reset(forEngine(settings));
      } catch (error) {
        // The net or its settings do not fit these pictures; those that the trainer came with do.
        if (isCrash(error)) throw error;
        this.listener.onUnfit(error, trainer.info.settings.net!);
      }
      this.epochs = 0;
      await this.tell();
      this.to("idle");
    });
    if (refused !== undefined) throw refused;
  }

  // Names the classes from now on, also in files of this run.
  async name(names: readonly string[]): Promise<void> {
    await this.trainer?.setClassNames(names).catch((error: unknown) => {
      if (!isCrash(error)) this.listener.onProblem(error);
    });
  }

  // The run as a file's bytes, to go on with later.
  async save(): Promise<Uint8Array | undefined> {
    try {
      return await this.trainer?.save();
    } catch (error) {
      if (!isCrash(error)) this.listener.onProblem(error);
      return undefined;
    }
  }

  // Makes a net that has learned nothing.
  reset(settings: Settings): Promise<void> {
    return this.queue.run(async () => {
      await this.halt();
      this.to("loading");
      await this.fresh(settings);
      this.to("idle");
    });
  }

  // Sets the rate of the current run. Resolves with the number of steps before it takes effect;
  // undefined where that cannot be.
  async setLearningRate(rate: number): Promise<number | undefined> {
    try {
      return await this.trainer!.setLearningRate(rate);
    } catch (error) {
      if (!isCrash(error)) this.listener.onProblem(error);
      return undefined;
    }
  }

  // The probabilities of the classes for each image; undefined where there is no net to ask.
  async predict(images: Float32Array, count: number): Promise<Float32Array | undefined> {
    try {
      return await this.trainer?.predict(images, count);
    } catch {
      // onCrash reports a crash; the next net is asked again.
      return undefined;
    }
  }

  // The net's loss and accuracy on samples that it learns from, or on those held back.
  async measure(pile: Pile) {
    try {
      return await this.trainer?.measure(pile);
    } catch {
      return undefined;
    }
  }

  // Describes the net of a text; rejects with the engine's sentence where the text is wrong.
  async describe(net: string): Promise<NetDescription | undefined> {
    return this.trainer?.describe(net);
  }

  async learningRates(settings: Settings, points: number): Promise<ArrayLike<number>> {
    return (await this.trainer?.learningRates(forEngine(settings), points)) ?? [];
  }

  // Training pictures as they are stored, and as the net may see them.
  async samples(settings: Settings, indices: number[]): Promise<Float32Array[]> {
    const { shift, rotation, scale, shear } = settings;
    const strengths = [
      { shift: 0, rotation: 0, scale: 0, shear: 0 },
      { shift, rotation, scale, shear },
    ];
    const { trainer } = this;
    if (!trainer) return [];
    return Promise.all(strengths.map((augment) => trainer.augmented(indices, augment)));
  }

  async firstWeights(): Promise<FirstWeights | undefined> {
    const { trainer } = this;
    const [name, shape] = Object.entries(trainer?.info.tensors ?? {})[0] ?? [];
    if (!trainer || !name || !shape) return undefined;
    try {
      return { values: await trainer.weights(name), shape };
    } catch {
      // onCrash reports a crash.
      return undefined;
    }
  }

  // What the net looks like inside, for a picture; undefined where there is no net to ask.
  async inspect(image?: Float32Array): Promise<Inspection | undefined> {
    try {
      return await this.trainer?.inspect(image);
    } catch {
      return undefined;
    }
  }

  // A picture's way through the net, with its label or with what the net reads; rejects with the
  // engine's error.
  async trace(image: Float32Array, label?: number): Promise<Trace | undefined> {
    const { trainer } = this;
    if (!trainer || label !== undefined) return trainer?.trace(image, label!);
    const answers = await trainer.predict(image, 1);
    return trainer.trace(image, Math.max(0, answers.indexOf(Math.max(...answers))));
  }

  // Whether there is a net to ask.
  get ready(): boolean {
    return this.trainer !== undefined && this.made !== undefined;
  }

  // What the net looks like inside, with nothing that is some steps old: training is paused for
  // that moment.
  async examine(image: Float32Array): Promise<Inspection | undefined> {
    let found: Inspection | undefined;
    await this.queue.run(async () => {
      const { trainer } = this;
      const runs = this.status === "training";
      if (runs) await trainer?.pause();
      try {
        found = await trainer?.inspect(image);
      } finally {
        if (runs) await trainer?.resume();
      }
    });
    return found;
  }

  // The run as a file's bytes, as save() gives them; failures are not reported.
  async snapshot(): Promise<Uint8Array | undefined> {
    try {
      return await this.trainer?.save();
    } catch {
      return undefined;
    }
  }

  get running(): boolean {
    return isRunning(this.status);
  }

  private async train(trainer: Trainer, epochs: number): Promise<void> {
    this.to("training");
    try {
      const onProgress = (progress: Progress) => this.listener.onProgress(progress);
      const result = await trainer.train({ epochs, onProgress });
      const { restored, epochs: done, stoppedEarly } = result;
      if (restored) this.listener.onRestored(restored, done, stoppedEarly);
      this.to(result.state === "finished" ? "finished" : "idle");
    } catch (error) {
      this.fail(error);
    }
  }

  // Plans the changes of the rate at exactly the steps at which they took effect before.
  private async plan({ rates }: Settings): Promise<void> {
    for (const [step, rate] of rates) await this.trainer!.setLearningRate(rate, step);
  }

  private async halt(): Promise<void> {
    if (!this.running) return;
    await this.trainer!.stop();
    await this.run;
  }

  // Makes a net that has learned nothing: the first one, or a successor of the current one in the
  // same worker.
  private async fresh(settings: Settings, given: readonly Key[] = keys): Promise<void> {
    await this.make(forEngine(settings, given));
    this.epochs = 0;
    await this.tell();
  }

  // Goes to a saved run, at the place where it was saved.
  private async restored(checkpoint: Uint8Array): Promise<void> {
    await this.make({ checkpoint });
    const { epochs, settings } = this.trainer!.info;
    this.epochs = epochs >= settings.epochs! ? epochs : 0;
    await this.tell(true);
  }

  private async make(options: TrainingSettings): Promise<void> {
    if (!this.trainer) {
      // The engine's own settings come first: if anything is wrong with those that are wanted,
      // there is an engine then to say so, and to describe other nets.
      const set = this.own ?? (await mnist(this.listener.onBytes));
      this.listener.onDigits(set.digits, set.learned);
      await nextTask();
      this.trainer = await this.create(set);
      await this.offerRecipes();
    }
    await this.trainer!.reset(options);
  }

  private async offerRecipes(): Promise<void> {
    this.listener.onRecipes(await this.trainer!.recipes());
    this.offered = true;
  }

  private async tell(restored = false): Promise<void> {
    const trainer = this.trainer!;
    const { accuracy } = await trainer.evaluate();
    this.over = false;
    this.made = recipe(fromEngine(trainer.info.settings));
    this.listener.onNet(trainer.info, accuracy, restored);
  }

  private async create({ digits, train, test, transfer }: PictureSet): Promise<Trainer> {
    const named = { ...train, classNames: digits.names };
    const trainer = await Trainer.create({ data: { train: named, test }, transfer });
    trainer.onCrash = (error) => {
      if (trainer === this.trainer) this.fail(error);
    };
    return trainer;
  }

  private fail(error: unknown): void {
    if (isCrash(error)) {
      // It has been said before: everything that waited for the worker ends up here.
      if (!this.trainer) return;
      this.trainer.dispose();
      this.trainer = undefined;
    }
    this.over = true;
    this.to("failed");
    this.listener.onProblem(error);
  }

  private to(status: Status): void {
    this.status = status;
    this.listener.onStatus(status);
  }
}

async function mnist(onBytes: OnBytes): Promise<PictureSet> {
  const { trainImages, trainLabels, testImages, testLabels } = await fetchMnist(onBytes);
  await nextTask();
  const digits = new Digits(testImages.slice(), testLabels.slice());
  await nextTask();
  return {
    digits,
    train: { kind: "idx", images: trainImages, labels: trainLabels },
    test: { kind: "idx", images: testImages, labels: testLabels },
    transfer: true,
    learned: trainLabels.length - labelHeader,
    heldBack: false,
    files: {},
  };
}

// What a run is made from. The learning rate may change while it lives, and so may the number of
// epochs where no schedule depends on it.
function recipe(settings: Settings): string {
  const { lr, rates, epochs, ...rest } = settings;
  return JSON.stringify(settings.schedule === "constant" ? rest : { ...rest, epochs });
}
