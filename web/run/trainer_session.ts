// What the sessions of labs with a Trainer have in common: commands one after the other, and what may follow what.
import type { Progress, StepResult, Trainer } from "lanegrad";
import { CommandQueue } from "./command_queue";
import { isRunning, type Status } from "./status";

export abstract class TrainerSession {
  status: Status = "loading";
  protected readonly queue = new CommandQueue((error) => this.fail(error));
  private run: Promise<void> = Promise.resolve();

  get running(): boolean {
    return isRunning(this.status);
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

  /** The current net; undefined where there is none. */
  protected abstract get trainer(): Trainer | undefined;
  protected abstract fail(error: unknown): void;
  protected abstract to(status: Status): void;

  /** Has a run go on by itself until it ends. */
  protected let(run: Promise<void>): void {
    this.run = run;
  }

  /** Ends a run that is under way. */
  protected async halt(): Promise<void> {
    if (!this.running) return;
    await this.trainer!.stop();
    await this.run;
  }

  /** Plans the changes of the rate at exactly the steps at which they took effect before. */
  protected async plan(rates: readonly (readonly [step: number, rate: number])[]): Promise<void> {
    for (const [step, rate] of rates) await this.trainer!.setLearningRate(rate, step);
  }
}

/** What a single step has done, as a message of a run of so many epochs tells it. */
export const progressOf = (
  { step, epoch, loss, accuracy, learningRate, epochDone }: StepResult,
  epochs: number,
): Progress => ({
  state: "paused",
  step,
  epoch,
  epochs,
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
  fraction: NaN,
});
