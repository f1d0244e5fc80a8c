// The run of a training: the engine's loop in slices of a few milliseconds, between which messages
// are handled.
import * as check from "../check.js";
import { LanegradError } from "../errors.js";
import type { LoopEvent } from "../module/raw.js";
import type {
  Evaluation,
  Progress,
  StepResult,
  Summary,
  TrainResult,
} from "../protocol/results.js";
import type { Pile } from "../protocol/messages.js";
import type { Inspector } from "./inspection.js";
import { busy, woken, type Call } from "./call.js";
import { Clock, progressMilliseconds, sliceMilliseconds } from "./pace.js";
import { ProgressCounter } from "./progress.js";
import type { Queue } from "./queue.js";
import type { Training } from "./training.js";

/** As many epochs or samples as there may be. */
const all = Number.MAX_SAFE_INTEGER;

/** What runs use of the worker. */
export interface Surroundings {
  /** The work that a run waits for. */
  queue: Queue;
  /** Lets waiting messages be handled. */
  breathe(): Promise<void>;
  report(progress: Progress): void;
}

export class TrainingRun {
  readonly #training: Training;
  readonly #inspector: Inspector;
  readonly #queue: Queue;
  readonly #breathe: () => Promise<void>;
  readonly #report: (progress: Progress) => void;
  readonly #counter: ProgressCounter;
  readonly #clock = new Clock();
  #call: Call | null = null;
  /** Whether the next step's batch has yet to come. */
  #starves = false;
  // Inspections that wait for a step that is measured.
  #watchers: (() => void)[] = [];
  // When the last message was sent, and the last one because an epoch had ended.
  #reported = 0;
  #epochReported = 0;

  constructor(training: Training, inspector: Inspector, around: Surroundings) {
    this.#training = training;
    this.#inspector = inspector;
    this.#queue = around.queue;
    this.#breathe = around.breathe;
    this.#report = around.report;
    this.#counter = new ProgressCounter(training);
    // A training whose checkpoint was made after early stopping goes on.
    training.trainer.goOn();
  }

  /** Whether a call of train() is under way, paused or not. */
  get underWay(): boolean {
    return this.#call !== null;
  }

  /** Whether steps are being made, unless an evaluation is. */
  get running(): boolean {
    return this.#call?.paused === false;
  }

  async train(given?: number): Promise<TrainResult> {
    if (this.#call) throw busy("train");
    const { trainer, info } = this.#training;
    const { epochs: usual = 1, patience = 0 } = info.settings;
    const epochs = check.natural("epochs", given ?? usual);
    trainer.checkSchedule(Math.min(epochs * info.batchesPerEpoch, all));
    let end!: () => void;
    const call: Call = {
      epochs,
      paused: false,
      stopped: false,
      results: [],
      wake: () => {},
      ended: new Promise((resolve) => (end = resolve)),
    };
    this.#call = call;
    this.#clock.start();
    try {
      for (let done = false; !call.stopped && !done;) {
        if (this.#queue.busy) {
          await this.#queue.idle;
          await this.#breathe(); // answers come before anything that is told of further steps
        } else if (call.paused) {
          this.#inform();
          this.#tell("paused");
          await woken(call);
          this.#clock.start();
        } else {
          done = this.#slice(epochs);
          if (performance.now() - this.#reported >= progressMilliseconds) this.#tell("running");
          if (this.#starves) await Promise.race([this.#training.stream!.more(), woken(call)]);
          await this.#breathe();
        }
      }
      return await this.#queue.alone(async () => {
        const state = trainer.finished(epochs) ? "finished" : "stopped";
        // Where it was stopped before that, the best weights are still to be put back.
        if (state === "finished") while (!this.#slice(epochs)) await this.#breathe();
        const stoppedEarly = trainer.stoppedEarly();
        const bestEpoch = patience > 0 ? trainer.bestEpoch() : 0;
        const { restored, step, epochsDone } = this.#counter;
        this.#tell(state, true);
        // The result says so now; a further train() goes on.
        trainer.goOn();
        // An epoch that other work closes from here on belongs to the next call.
        this.#call = null;
        return {
          state,
          stoppedEarly,
          ...(bestEpoch > 0 && { bestEpoch }),
          ...(restored && { restored }),
          step,
          epochs: epochsDone,
          results: call.results,
        };
      });
    } catch (thrown) {
      this.#tell("stopped");
      throw thrown;
    } finally {
      this.#call = null;
      this.#inform();
      end();
    }
  }

  pause(): void {
    const call = this.#call;
    if (!call || call.paused) return;
    call.paused = true;
    call.wake();
  }

  resume(): void {
    if (!this.#call) return;
    this.#call.paused = false;
    this.#call.wake();
  }

  async stop(): Promise<void> {
    const call = this.#call;
    if (!call) return;
    call.stopped = true;
    call.wake();
    await call.ended;
  }

  /** Throws `InvalidState` where a step cannot be made from outside. */
  refuseStep(): void {
    if (this.running) throw busy("step");
  }

  async step(): Promise<StepResult> {
    const { trainer } = this.#training;
    let last: LoopEvent;
    do {
      await this.finishEvaluations();
      // Whoever asks for a step goes on after early stopping.
      trainer.goOn();
      while (!this.#prepared(all)) await this.#training.stream!.more();
      last = this.#advance(all, this.#inspector.armed);
    } while (last.event !== "step");
    const { step, epoch, loss, accuracy, learningRate } = last;
    const done = { step, epoch, loss, accuracy, learningRate };
    if (last.epochDone) await this.finishEvaluations();
    const { lastEpoch, restored } = this.#counter;
    if (this.#call) {
      this.tell();
    } else {
      // The result tells all: the step, the epoch that it has ended, and that training has stopped
      // early.
      trainer.goOn();
      this.#counter.forgetStep(last.epochDone);
    }
    if (!last.epochDone) return done;
    return { ...done, epochDone: lastEpoch!, ...(restored && { restored }) };
  }

  /** Returns the step after which the rate takes effect. */
  setLearningRate(rate: number, after?: number): number {
    const { trainer } = this.#training;
    if (after === undefined) trainer.setLearningRate(rate);
    else trainer.planLearningRate(rate, after);
    return Math.max(this.#counter.step, after ?? 0);
  }

  async evaluate(task?: number): Promise<Evaluation> {
    const { loss, accuracy } = await this.measure("test", all, task);
    return { loss, accuracy, confusion: this.#training.trainer.confusion() };
  }

  /** Evaluates at most so many samples, in slices. */
  async measure(of: Pile | "test", most: number, task = 0): Promise<Summary> {
    const { trainer } = this.#training;
    await this.finishEvaluations();
    trainer.beginEvaluation(of, most);
    for (let begin = performance.now(); !trainer.evaluateSome();) {
      if (performance.now() < begin + sliceMilliseconds) continue;
      await this.#breathe();
      if (this.#queue.cancelled.delete(task)) throw new LanegradError("Aborted", "it was aborted");
      begin = performance.now();
    }
    return trainer.metrics(of);
  }

  /** Tells what has not been told yet. */
  tell(): void {
    if (this.#counter.isAhead) this.#tell(this.#call?.paused ? "paused" : "running");
  }

  /** Completes the evaluations that are under way. */
  async finishEvaluations(): Promise<void> {
    const { trainer } = this.#training;
    while (trainer.evaluating()) {
      this.#slice(0);
      await this.#breathe();
    }
  }

  /** Resolves right after a step that is measured, where steps are being made. */
  async measuredStep(): Promise<void> {
    if (!this.running || this.#training.trainer.evaluating()) return;
    await new Promise<void>((go) => this.#watchers.push(go));
  }

  /** Lets waiting inspections go on. */
  #inform(): void {
    for (const go of this.#watchers.splice(0)) go();
  }

  /** Works for one slice; returns whether all is done. */
  #slice(epochs: number): boolean {
    const end = performance.now() + sliceMilliseconds;
    const { batchesPerEpoch, settings } = this.#training.info;
    const watched = this.#watchers.length > 0;
    // The last step is measured, for an inspection after the end.
    const ending = this.#counter.epochsDone + 1 >= epochs || (settings.patience ?? 0) > 0;
    let last: LoopEvent["event"];
    do {
      if ((this.#starves = !this.#prepared(epochs))) return false;
      const measured = watched || (ending && (this.#counter.step + 1) % batchesPerEpoch === 0);
      last = this.#advance(epochs, measured).event;
    } while ((last === "step" ? !watched : last === "evaluated") && performance.now() < end);
    if (watched) this.#inform();
    return last === "finished";
  }

  /** Whether the next piece of the training can be done; a step may want a batch that has yet to come. */
  #prepared(epochs: number): boolean {
    const { stream, trainer } = this.#training;
    if (!stream || trainer.evaluating() || trainer.finished(epochs)) return true;
    return stream.prepare();
  }

  /** Does the next piece of the training, and measures its step where that is asked for. */
  #advance(epochs: number, measured: boolean): LoopEvent {
    const { stream, trainer } = this.#training;
    if (!this.running) this.#clock.start();
    let last: LoopEvent | undefined;
    try {
      last =
        measured && !trainer.evaluating()
          ? this.#inspector.measured(() => trainer.advance(epochs))
          : trainer.advance(epochs);
    } finally {
      if (!last || last.event === "step") stream?.used();
    }
    this.#counter.count(last, this.#clock.lap());
    if (last.event === "epochEnded") {
      this.#call?.results.push(this.#counter.lastEpoch!);
      // Epochs of a tiny data set can be faster than a page can draw.
      if (performance.now() - this.#epochReported >= progressMilliseconds) {
        this.#epochReported = performance.now();
        this.tell();
      }
    }
    return last;
  }

  #tell(state: Progress["state"], ended = false): void {
    // The next call will tell of the epochs that have ended.
    if (!this.#call) return;
    this.#reported = performance.now();
    const { restored } = this.#counter;
    const message = this.#counter.message(state, this.#call.epochs);
    this.#report({ ...message, ...(ended && restored && { restored }) });
  }
}
