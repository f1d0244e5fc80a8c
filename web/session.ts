// One net and its training, as the page's buttons drive it: what may follow what, and what becomes of
// the engine's errors. Knows nothing of the view, which listens.
import { LanegradError, Trainer, type Progress, type TrainerInfo } from "lanegrad";
import { Digits } from "./digits";
import { fetchMnist, type Mnist, type OnBytes } from "./mnist";
import type { Settings } from "./state";

export type Status = "idle" | "loading" | "training" | "paused" | "finished" | "failed";

export interface Listener {
  onStatus(status: Status): void;
  onBytes: OnBytes;
  // MNIST is here: its test digits.
  onDigits(digits: Digits): void;
  // A net that has learned nothing yet, and how it does on the test set.
  onFreshNet(facts: NetFacts): void;
  onProgress(progress: Progress): void;
  onProblem(error: unknown): void;
}

export interface NetFacts {
  engine: Pick<TrainerInfo, "variant" | "threads" | "note">;
  batchesPerEpoch: number;
  testAccuracy: number;
}

export class Session {
  status: Status = "loading";
  private trainer: Trainer | undefined;
  private made: string | undefined; // what the trainer's net was made with
  private epochs = 0; // that the last run went up to, 0 before the first
  private over = true; // the next start is a new run, not the rest of this one
  private queue: Promise<unknown> = Promise.resolve();
  private run: Promise<void> = Promise.resolve();

  constructor(private readonly listener: Listener) {}

  // Loads what is missing and makes the first net.
  open(settings: Settings): Promise<void> {
    return this.next(async () => {
      this.to("loading");
      await this.fresh(settings);
      this.to("idle");
    });
  }

  // A new run, or the rest of a begun one: single steps were taken, or a finished run gets more epochs.
  start(settings: Settings): Promise<void> {
    return this.next(async () => {
      if (this.running) return;
      if (!this.continues(settings)) {
        this.to("loading");
        await this.fresh(settings);
      } else {
        await this.trainer!.setLearningRate(settings.lr);
      }
      this.over = true;
      this.epochs = settings.epochs;
      this.run = this.train(this.trainer!, settings.epochs);
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
      if (!this.running) await trainer.setLearningRate(settings.lr);
      const { step, epoch, loss, accuracy, learningRate, epochDone } = await trainer.step();
      if (this.status !== "paused") this.to("idle");
      this.listener.onProgress({
        state: "paused",
        step,
        epoch,
        epochs: settings.epochs,
        steps: [step],
        losses: [loss],
        accuracies: [accuracy],
        learningRate,
        trainLoss: loss,
        trainAccuracy: accuracy,
        ...(epochDone && { epochDone, epochsDone: [epochDone] }),
        samplesPerSecond: NaN,
        secondsLeft: NaN,
        stoppedEarly: false,
      });
    });
  }

  stop(): Promise<void> {
    return this.next(() => this.halt());
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

  async setLearningRate(rate: number): Promise<void> {
    if (!this.running) return;
    try {
      await this.trainer!.setLearningRate(rate);
    } catch (error) {
      this.listener.onProblem(error);
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

  get running(): boolean {
    return this.status === "training" || this.status === "paused";
  }

  private async train(trainer: Trainer, epochs: number): Promise<void> {
    this.to("training");
    try {
      const onProgress = (progress: Progress) => this.listener.onProgress(progress);
      const result = await trainer.train({ epochs, onProgress });
      this.to(result.state === "finished" ? "finished" : "idle");
    } catch (error) {
      this.fail(error);
    }
  }

  private async halt(): Promise<void> {
    if (!this.running) return;
    await this.trainer!.stop();
    await this.run;
  }

  // A net that has learned nothing: the first one, or the old one's successor in the same worker.
  private async fresh(settings: Settings): Promise<void> {
    const options = {
      net: settings.hidden.map((width) => `dense ${width}, relu, `).join("") + "dense classes",
      optimizer: { name: settings.optimizer, learningRate: settings.lr },
      batchSize: settings.batch,
      seed: settings.seed,
    };
    if (this.trainer) {
      await this.trainer.reset(options);
    } else {
      this.trainer = await this.create(await fetchMnist(this.listener.onBytes), options);
    }
    const trainer = this.trainer;
    const { accuracy } = await trainer.evaluate();
    this.made = recipe(settings);
    this.over = false;
    this.epochs = 0;
    this.listener.onFreshNet({
      engine: trainer.info,
      batchesPerEpoch: trainer.info.batchesPerEpoch,
      testAccuracy: accuracy,
    });
  }

  private async create(mnist: Mnist, options: object): Promise<Trainer> {
    this.listener.onDigits(new Digits(mnist.testImages.slice(), mnist.testLabels.slice()));
    const trainer = await Trainer.create({
      ...options,
      data: {
        train: { kind: "idx", images: mnist.trainImages, labels: mnist.trainLabels },
        test: { kind: "idx", images: mnist.testImages, labels: mnist.testLabels },
      },
      transfer: true,
    });
    trainer.onCrash = (error) => this.fail(error);
    return trainer;
  }

  // Commands take effect one after the other, in the order of the clicks.
  private next(command: () => Promise<void>): Promise<void> {
    const done = this.queue.then(command).catch((error: unknown) => this.fail(error));
    this.queue = done;
    return done;
  }

  private fail(error: unknown): void {
    if (error instanceof LanegradError && error.code === "Crashed") {
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

// What a net is made from; the learning rate and the epochs may change while it lives.
function recipe({ net, hidden, optimizer, batch, seed }: Settings): string {
  return JSON.stringify([net, hidden, optimizer, batch, seed]);
}
