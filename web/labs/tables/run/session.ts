// The net in the worker: what may follow what, and what becomes of the engine's errors.
import { LanegradError, Trainer, type Progress, type RunSettings } from "lanegrad";
import type { PreparedTable } from "lanegrad/data";
import { isCrash } from "../../../run/command_queue";
import type { Events } from "../../../run/events";
import { nextTask } from "../../../run/next_task";
import type { Status } from "../../../run/status";
import { progressOf, TrainerSession } from "../../../run/trainer_session";
import { Curves } from "../../../ui/plots/curves";
import { netOf, type Settings } from "../settings/tables_settings";
import { Truth, type Judged } from "./judging";
import { trainLinear } from "./linear";
import type { Made, TablesEvents } from "./tables_events";

// The shortest time from one look at the held-out rows to the next, and how much longer than the look it is.
const [shortestRest, share] = [200, 10];

const settingsOf = ({ optimizer, lr, batch, epochs, seed, ...rest }: Settings): RunSettings => ({
  net: netOf(rest),
  optimizer: { name: optimizer, learningRate: lr },
  batchSize: batch,
  epochs,
  seed,
});

// The answers; undefined where another net has taken its place, or whoever trains it says that it has crashed.
async function unlessGone(
  answers: Promise<Float32Array> | undefined,
): Promise<Float32Array | undefined> {
  try {
    return await answers;
  } catch (error) {
    if (error instanceof LanegradError && ["InvalidState", "Crashed"].includes(error.code))
      return undefined;
    throw error;
  }
}

export class Session extends TrainerSession {
  made: Made | undefined;
  step = 0;
  /** The epoch under way, from 1. */
  epoch = 0;
  /** The whole epochs done. */
  done = 0;
  trainLoss = NaN;
  readonly curves = { loss: new Curves(), accuracy: new Curves() };
  judged: Judged | undefined;
  linear: Judged | undefined;
  protected trainer: Trainer | undefined;
  private linearEnds = new AbortController();
  private linearOf: PreparedTable | undefined;
  private wanted = 0;
  private asking = false;
  private again = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly events: Events<TablesEvents>,
    private readonly onFailure: (error: unknown) => void,
  ) {
    super();
  }

  /** Makes a net that has learned nothing. Of several that are asked for at once, only the last is made. */
  make(plan: () => Promise<{ prepared: PreparedTable; settings: Settings }>): Promise<void> {
    const wanted = ++this.wanted;
    return this.queue.run(async () => {
      if (wanted !== this.wanted) return;
      await this.halt();
      this.to("loading");
      try {
        await this.fresh(await plan());
      } catch (error) {
        // What is shown must not be of other settings.
        this.forget();
        throw error;
      }
      if (this.made) this.to("idle");
    });
  }

  /** Ends the net and all that belongs to its table. */
  close(): Promise<void> {
    return this.queue.run(async () => {
      await this.halt();
      this.forget();
      this.to("loading");
    });
  }

  /** Learns until so many epochs are done. */
  start(settings: Settings): Promise<void> {
    return this.queue.run(async () => {
      const { made } = this;
      if (this.running || !made) return;
      if (!this.continues(settings)) {
        this.to("loading");
        await this.fresh({ prepared: made.prepared, settings });
      }
      if (!this.trainer) return;
      this.startLinear(made.prepared, settings.seed);
      this.let(this.train(this.trainer, settings.epochs));
    });
  }

  /** Whether a start goes on with the net as it is. */
  continues({ epochs }: Settings): boolean {
    return this.made !== undefined && this.status !== "failed" && epochs > this.done;
  }

  /**
   * Sets the rate of the net as it is; resolves with the number of steps before it takes effect, undefined where another
   * net has taken its place.
   */
  async setLearningRate(rate: number): Promise<number | undefined> {
    const { made } = this;
    const step = await this.trainer?.setLearningRate(rate);
    return made === this.made ? step : undefined;
  }

  /** Trains one batch. */
  one(settings: Settings): Promise<void> {
    return this.queue.run(async () => {
      if (this.status === "training" || !this.made) return;
      if (this.status === "failed") await this.fresh({ prepared: this.made.prepared, settings });
      if (!this.trainer) return;
      this.startLinear(this.made.prepared, settings.seed);
      const done = await this.trainer.step();
      // In a run that is paused, its own messages tell of the step.
      if (this.running) return this.judge();
      this.take(progressOf(done, settings.epochs));
      if (this.status !== "stopped") this.to("idle");
      else this.judge();
    });
  }

  stop(): Promise<void> {
    return this.queue.run(() => this.halt());
  }

  /** What the net answers by now to inputs as `prepare` makes them; undefined where there is none. */
  async ask(inputs: Float32Array, count: number): Promise<Float32Array | undefined> {
    return unlessGone(this.trainer?.predict(inputs, count));
  }

  describe(net: string) {
    return this.trainer ? this.trainer.describe(netOf({ net })) : Promise.resolve(undefined);
  }

  private async fresh(plan: { prepared: PreparedTable; settings: Settings }): Promise<void> {
    const { prepared, settings } = plan;
    const same = this.trainer && this.made?.prepared === prepared;
    if (same) {
      await this.trainer!.reset(settingsOf(settings));
    } else {
      this.forget();
      const trainer = await Trainer.create({ data: prepared.data(), ...settingsOf(settings) });
      trainer.onCrash = (error) => this.running || this.fail(error);
      this.trainer = trainer;
    }
    await this.plan(settings.rates);
    const { info } = this.trainer!;
    const truth = same ? this.made!.truth : new Truth(prepared);
    // Each part of what follows has a task of its own, so that none blocks the page for long.
    await nextTask();
    // It may have crashed meanwhile, which was told.
    if (!this.trainer) return;
    this.made = { prepared, truth, info };
    Object.assign(this, { step: 0, epoch: 0, done: 0, trainLoss: NaN, judged: undefined });
    for (const curves of Object.values(this.curves)) curves.reset("validation");
    this.events.emit("made", this.made);
    await nextTask();
  }

  // Ends all that belongs to other data.
  private forget(): void {
    this.linearEnds.abort();
    this.trainer?.dispose();
    this.trainer = this.made = this.judged = this.linear = this.linearOf = undefined;
  }

  private async train(trainer: Trainer, epochs: number): Promise<void> {
    this.to("training");
    try {
      const onProgress = (progress: Progress) => this.take(progress);
      const { state, epochs: done } = await trainer.train({ epochs, onProgress });
      this.done = done;
      this.to(state);
    } catch (error) {
      this.fail(error);
    }
  }

  // Trains the linear model beside the net, once for the same rows.
  private startLinear(prepared: PreparedTable, seed: number): void {
    if (this.linearOf === prepared) return;
    this.linearOf = prepared;
    const ends = (this.linearEnds = new AbortController());
    trainLinear(this.trainer!, prepared.train.count, seed, ends.signal).then(
      (outputs) => {
        if (ends.signal.aborted || this.made?.prepared !== prepared) return;
        this.linear = this.made.truth.judge(outputs);
        this.events.emit("linear", this.linear);
      },
      (error: unknown) => {
        if (ends.signal.aborted) return;
        this.linearOf = undefined;
        this.onFailure(error);
      },
    );
  }

  private take(progress: Progress): void {
    const { steps, losses, accuracies, epochsDone = [], step, epoch, trainLoss } = progress;
    const perEpoch = this.made!.info.batchesPerEpoch;
    const { loss, accuracy } = this.curves;
    steps.forEach((each, i) => {
      loss.add(each / perEpoch, losses[i]!);
      accuracy.add(each / perEpoch, accuracies[i]!);
    });
    for (const done of epochsDone) {
      loss.addEpoch(done.epoch, done.testLoss);
      accuracy.addEpoch(done.epoch, done.testAccuracy);
      this.done = done.epoch;
    }
    Object.assign(this, { step, epoch, trainLoss });
    this.events.emit("progress", progress);
    this.judge();
  }

  // Asks the net about the held-out rows soon, or at once where it has come to rest.
  private judge(): void {
    if (this.step === 0) return;
    if (this.status !== "training") {
      clearTimeout(this.timer);
      this.timer = undefined;
    }
    if (this.asking || this.timer !== undefined) this.again = true;
    else void this.look();
  }

  private async look(): Promise<void> {
    const { made } = this;
    if (!made) return;
    this.asking = true;
    this.again = false;
    const began = performance.now();
    const outputs = await unlessGone(this.trainer?.answers()).catch(() => undefined);
    this.asking = false;
    if (outputs && this.made === made && this.step > 0) {
      this.judged = made.truth.judge(outputs);
      this.events.emit("judged", this.judged);
    }
    const rests = this.status === "training";
    const rest = Math.max(shortestRest, share * (performance.now() - began));
    if (!rests) return this.again ? this.look() : undefined;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (this.again) void this.look();
    }, rest);
  }

  protected fail(error: unknown): void {
    if (isCrash(error)) this.forget();
    this.to("failed");
    this.onFailure(error);
  }

  protected to(status: Status): void {
    this.status = status;
    this.events.emit("status", status);
    this.judge();
  }
}
