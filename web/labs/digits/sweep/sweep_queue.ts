// Trains the runs of a sweep one after the other, in a worker of its own, so that the visitor's run
// stays as it is. A run that comes to nothing is a result that says so, and the next one begins.
import { LanegradError, Trainer, type Progress } from "lanegrad";
import { isCrash } from "../../../run/command_queue";
import { judgement, standing } from "../run/run_record";
import { mnistSets, type SampleSets } from "../run/sample_sets";
import { forEngine, type Settings } from "../settings/digits_settings";
import type { SweepResult } from "../storage/stored_sweep";
import type { PlannedRun } from "./plan";

export interface QueueEvents {
  /** A run has begun, or has come further. */
  progress(run: PlannedRun, progress: Progress | undefined): void;
  ended(result: SweepResult): void;
}

export class SweepQueue {
  paused = false;
  private stopped = false;
  private trainer: Trainer | undefined;
  // Whether the trainer trains, so that it can be paused and stopped.
  private training = false;
  private wake = () => {};

  /** Learns these pictures with these settings, but for those that each run has of its own. */
  constructor(
    private readonly sets: SampleSets,
    private readonly settings: Settings,
    private readonly events: QueueEvents,
  ) {}

  /** Trains all of them, unless it is stopped. Rejects where there can be no trainer. */
  async train(runs: readonly PlannedRun[]): Promise<void> {
    try {
      for (const run of runs) {
        while (this.paused && !this.stopped) await new Promise<void>((go) => (this.wake = go));
        if (this.stopped) return;
        this.events.progress(run, undefined);
        const trainer = (this.trainer ??= await this.create());
        const result = await this.trainOne(trainer, run);
        if (!result) return;
        this.events.ended(result);
      }
    } finally {
      this.trainer?.dispose();
      this.trainer = undefined;
    }
  }

  async pause(): Promise<void> {
    this.paused = true;
    await this.tell((trainer) => trainer.pause());
  }

  async resume(): Promise<void> {
    this.paused = false;
    this.wake();
    await this.tell((trainer) => trainer.resume());
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.tell((trainer) => trainer.stop());
  }

  // What goes wrong here is told by the training itself, which may have ended meanwhile.
  private async tell(command: (trainer: Trainer) => Promise<void>): Promise<void> {
    if (this.training) await command(this.trainer!).catch(() => {});
  }

  // The result; undefined where the run was stopped.
  private async trainOne(trainer: Trainer, run: PlannedRun): Promise<SweepResult | undefined> {
    const { net, rate: lr, seed } = run;
    const settings = { ...this.settings, net, lr, seed, rates: [] };
    const { epochs } = settings;
    const onProgress = (progress: Progress) => this.events.progress(run, progress);
    const clock = new Clock();
    try {
      await clock.take(trainer.reset(forEngine(settings)));
      if (this.stopped) return undefined;
      const training = trainer.train({ epochs, onProgress });
      this.training = true;
      if (this.paused) await trainer.pause();
      const { state, restored, results } = await training;
      this.training = false;
      if (state === "stopped" || this.stopped) return undefined;
      const { loss, accuracy } = judgement(standing({ epochs: results, restored })!);
      const test = (await clock.take(trainer.evaluate())).accuracy;
      const seconds = results.reduce((sum, each) => sum + each.seconds, clock.seconds);
      return { ...run, epochs: results.length, seconds, accuracy, loss, test, problem: "" };
    } catch (error) {
      this.training = false;
      if (this.stopped) return undefined;
      // The next run gets another worker.
      if (isCrash(error)) {
        trainer.dispose();
        this.trainer = undefined;
      }
      const none = { seconds: NaN, accuracy: NaN, loss: NaN, test: NaN };
      return { ...run, epochs: 0, ...none, problem: sentence(error) };
    }
  }

  private async create(): Promise<Trainer> {
    // Bytes that are handed over to a trainer cannot be given to another one.
    const { pictures, train, test, transfer } = this.sets.transfer
      ? await mnistSets(this.sets.which!, () => {})
      : this.sets;
    const named = { ...train(), classNames: pictures.names };
    return Trainer.create({ data: { train: named, test }, transfer });
  }
}

// Adds up how long some waiting takes, without the pauses of the visitor.
class Clock {
  seconds = 0;

  async take<T>(work: Promise<T>): Promise<T> {
    const begin = performance.now();
    const done = await work;
    this.seconds += (performance.now() - begin) / 1000;
    return done;
  }
}

function sentence(error: unknown): string {
  if (!(error instanceof LanegradError)) return String((error as Error).message);
  if (error.code !== "Diverged") return error.message;
  const { step } = error.details;
  return step === undefined ? "diverged" : `diverged at step ${step}`;
}
