// One net and its training, as the page's buttons drive it: what may follow what, and what becomes of
// the engine's errors. Knows nothing of the view, which listens.
import {
  LanegradError,
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
import { Digits, labelHeader } from "./digits";
import { fetchMnist, type OnBytes } from "../../mnist";
import { nextTask } from "../../next_task";
import type { PictureSet } from "./idx_files";
import { loadIdxFiles } from "./own_data";
import type { Status } from "../../widgets/run_buttons";
import { forEngine, fromEngine, keys, type Key, type Settings } from "./settings";

export interface Listener {
  onStatus(status: Status): void;
  onBytes: OnBytes;
  // The pictures are here, MNIST's or others: those of the test, and how many there are to learn from.
  onDigits(digits: Digits, learned: number): void;
  // The engine is here; these are its nets.
  onRecipes(recipes: NamedRecipe[]): void;
  // Another net: one that has learned nothing yet, or one that was restored.
  onNet(info: TrainerInfo, testAccuracy: number, restored: boolean): void;
  onProgress(progress: Progress): void;
  // The weights of the best epoch are back: early, after so many epochs, or since all are done.
  onRestored(restored: Restored, epochs: number, early: boolean): void;
  onProblem(error: unknown): void;
  // Settings that the new pictures' net cannot have; the engine's usual ones stand in.
  onUnfit(error: unknown, net: string): void;
}

// What of the net can be drawn as pictures: filters [O, C, K, K], or weights of pixels [I, O].
export interface FirstWeights {
  values: Float32Array;
  shape: readonly number[];
}

export class Session {
  status: Status = "loading";
  private trainer: Trainer | undefined;
  private own: PictureSet | undefined; // what is learned instead of MNIST
  private made: string | undefined; // what the trainer's net was made with
  private epochs = 0; // that the last run went up to, 0 before the first
  private offered = false; // the engine's nets
  private over = true; // the next start is a new run, not the rest of this one
  private queue: Promise<unknown> = Promise.resolve();
  private run: Promise<void> = Promise.resolve();

  constructor(private readonly listener: Listener) {}

  // Loads what is missing and makes the first net, by the engine's own recipe for it where `given` does
  // not name a setting.
  open(settings: Settings, given: readonly Key[]): Promise<void> {
    return this.next(async () => {
      this.to("loading");
      await this.fresh(settings, given);
      this.to("idle");
    });
  }

  // A new run, or the rest of a begun one: single steps were taken, or a finished run gets more epochs.
  start(settings: Settings, given: readonly Key[] = keys): Promise<void> {
    return this.next(async () => {
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

  // Whether a start with these settings goes on where the net stands.
  continues(settings: Settings): boolean {
    if (!this.trainer || this.made !== recipe(settings)) return false;
    return this.status === "finished" ? settings.epochs > this.epochs : !this.over;
  }

  pauseOrResume(): Promise<void> {
    return this.next(async () => {
      if (this.status === "training") {
        await this.trainer!.pause();
        if (this.running) this.to("paused");
      } else if (this.status === "paused") {
        this.to("training");
        await this.trainer!.resume();
      }
    });
  }

  // One batch.
  step(settings: Settings): Promise<void> {
    return this.next(async () => {
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
    return this.next(() => this.halt());
  }

  // Goes back to a saved run; false where that cannot be. Whatever is wrong with the file, the net in hand
  // stays as it is.
  async restore(checkpoint: Uint8Array): Promise<boolean> {
    let done = false;
    await this.next(async () => {
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

  // Learns other pictures from now on, or MNIST again where there are none. Rejects with a sentence where that
  // cannot be; data and run stay as they are then.
  async use(own: PictureSet | undefined, settings: Settings): Promise<void> {
    let refused: unknown;
    await this.next(async () => {
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

  // What the classes are called from now on, also in files of this run.
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

  // A net that has learned nothing.
  reset(settings: Settings): Promise<void> {
    return this.next(async () => {
      await this.halt();
      this.to("loading");
      await this.fresh(settings);
      this.to("idle");
    });
  }

  // Of the run under way. The steps done before it holds; undefined where that cannot be.
  async setLearningRate(rate: number): Promise<number | undefined> {
    try {
      return await this.trainer!.setLearningRate(rate);
    } catch (error) {
      if (!isCrash(error)) this.listener.onProblem(error);
      return undefined;
    }
  }

  // The ten probabilities of each image, undefined where there is no net to ask.
  async predict(images: Float32Array, count: number): Promise<Float32Array | undefined> {
    try {
      return await this.trainer?.predict(images, count);
    } catch {
      return undefined; // A crash is reported by onCrash; the next net is asked again.
    }
  }

  // The net's results on some of what it learns from, or on what is held back.
  async measure(pile: Pile) {
    try {
      return await this.trainer?.measure(pile);
    } catch {
      return undefined;
    }
  }

  // What a net's text means; rejects with the engine's sentence where it means nothing.
  async describe(net: string): Promise<NetDescription | undefined> {
    return this.trainer?.describe(net);
  }

  async learningRates(settings: Settings, points: number): Promise<ArrayLike<number>> {
    return (await this.trainer?.learningRates(forEngine(settings), points)) ?? [];
  }

  // Training pictures as they are stored, and as the net may meet them.
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
      return undefined; // As in predict().
    }
  }

  // What the net looks like inside, for a picture; undefined as in predict().
  async inspect(image?: Float32Array): Promise<Inspection | undefined> {
    try {
      return await this.trainer?.inspect(image);
    } catch {
      return undefined;
    }
  }

  // A picture's way through the net, with its label or what the net reads; rejects with the engine's error.
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

  // The same with nothing that is some steps old: training holds still for that moment.
  async examine(image: Float32Array): Promise<Inspection | undefined> {
    let found: Inspection | undefined;
    await this.next(async () => {
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

  // As save(), without a word where it cannot be.
  async snapshot(): Promise<Uint8Array | undefined> {
    try {
      return await this.trainer?.save();
    } catch {
      return undefined;
    }
  }

  get running(): boolean {
    return this.status === "training" || this.status === "paused";
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

  // Changes of the rate at exactly the steps at which they took effect before.
  private async plan({ rates }: Settings): Promise<void> {
    for (const [step, rate] of rates) await this.trainer!.setLearningRate(rate, step);
  }

  private async halt(): Promise<void> {
    if (!this.running) return;
    await this.trainer!.stop();
    await this.run;
  }

  // A net that has learned nothing: the first one, or the old one's successor in the same worker.
  private async fresh(settings: Settings, given: readonly Key[] = keys): Promise<void> {
    await this.make(forEngine(settings, given));
    this.epochs = 0;
    await this.tell();
  }

  // A saved run, at the place where it was saved.
  private async restored(checkpoint: Uint8Array): Promise<void> {
    await this.make({ checkpoint });
    const { epochs, settings } = this.trainer!.info;
    this.epochs = epochs >= settings.epochs! ? epochs : 0;
    await this.tell(true);
  }

  private async make(options: TrainingSettings): Promise<void> {
    if (!this.trainer) {
      // With the engine's own settings first: whatever is wrong with those that are wanted, there is an
      // engine then to say so, and to describe others.
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

  // Commands take effect one after the other, in the order of the clicks.
  private next(command: () => Promise<void>): Promise<void> {
    const done = this.queue.then(command).catch((error: unknown) => this.fail(error));
    this.queue = done;
    return done;
  }

  private fail(error: unknown): void {
    if (isCrash(error)) {
      if (!this.trainer) return; // Said before: everything that waited for the worker ends up here.
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

const isCrash = (error: unknown) => error instanceof LanegradError && error.code === "Crashed";

// What a run is made from. The learning rate may change while it lives, and so may the number of epochs
// where no schedule depends on it.
function recipe(settings: Settings): string {
  const { lr, rates, epochs, ...rest } = settings;
  return JSON.stringify(settings.schedule === "constant" ? rest : { ...rest, epochs });
}
