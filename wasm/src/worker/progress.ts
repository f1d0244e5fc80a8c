// How far a training is: what it has done since the last message, and how fast it is.
import type { LoopEvent } from "../module/raw.js";
import type { EpochResult, Progress, Restored } from "../protocol/results.js";
import { Points, Rate } from "./pace.js";
import type { Training } from "./training.js";

export class ProgressCounter {
  step: number;
  epochsDone: number;
  /** The epoch that ended last. */
  lastEpoch: EpochResult | undefined;
  /** What the best weights answer; only as long as they have not been trained further. */
  restored: Restored | undefined;
  readonly #training: Training;
  #epoch: number;
  #learningRate: number;
  #points = new Points();
  /** The epochs that have ended and that no message has told of. */
  #untold: EpochResult[] = [];
  #epochSeconds = 0;
  /** The samples evaluated at the end of the epoch under way. */
  #evaluated = 0;
  #trainRate = new Rate();
  #evaluationRate = new Rate();

  constructor(training: Training) {
    this.#training = training;
    this.step = training.info.step;
    this.#epoch = this.epochsDone = training.info.epochs;
    this.#learningRate = training.info.learningRate;
  }

  /** Whether there are steps or ends of epochs that no message has told of. */
  get isAhead(): boolean {
    return !this.#points.isEmpty || this.#untold.length > 0;
  }

  /** Counts what the loop has done in so many seconds. */
  count(last: LoopEvent, seconds: number): void {
    const { event, samples } = last;
    this.#epochSeconds += seconds;
    if (event === "step") {
      this.#points.add(last.step, last.loss, last.accuracy);
      this.step = last.step;
      this.#epoch = last.epoch;
      this.#learningRate = last.learningRate;
      this.restored = undefined;
      this.#trainRate.add(samples, seconds);
    } else if (event === "evaluated") {
      this.#evaluated += samples;
      this.#evaluationRate.add(samples, seconds);
    } else if (event === "epochEnded") {
      this.#endEpoch();
    } else if (event === "restored") {
      const epoch = this.#training.trainer.bestEpoch();
      this.restored = { epoch, ...this.#evaluations() };
      this.#epochSeconds = 0;
    }
  }

  #endEpoch(): void {
    const { loss, accuracy } = this.#training.trainer.metrics("epoch");
    const seconds = this.#epochSeconds;
    this.lastEpoch = {
      epoch: ++this.epochsDone,
      trainLoss: loss,
      trainAccuracy: accuracy,
      ...this.#evaluations(),
      seconds,
    };
    this.#untold.push(this.lastEpoch);
    this.#epochSeconds = this.#evaluated = 0;
  }

  #evaluations(): Omit<Restored, "epoch"> {
    const { trainer } = this.#training;
    const [validation, test] = [trainer.metrics("validation"), trainer.metrics("test")];
    return {
      validationLoss: validation.loss,
      validationAccuracy: validation.accuracy,
      testLoss: test.loss,
      testAccuracy: test.accuracy,
    };
  }

  /** No message is to tell of the last step, nor of the epoch that it has ended, if it has. */
  forgetStep(epochDone: boolean): void {
    this.#points.take();
    if (epochDone) this.#untold.pop();
  }

  /** The next message of a run that is to have so many epochs done in the end. */
  message(state: Progress["state"], epochs: number): Progress {
    const { trainer, info } = this.#training;
    const epochsDone = this.#untold;
    this.#untold = [];
    const epochDone = epochsDone.at(-1);
    const { loss, accuracy } = trainer.metrics("epoch");
    const stoppedEarly = trainer.stoppedEarly();
    return {
      state,
      step: this.step,
      epoch: Math.max(1, this.#epoch),
      epochs,
      ...this.#points.take(),
      learningRate: this.#learningRate,
      trainLoss: loss,
      trainAccuracy: accuracy,
      ...(epochDone && { epochDone, epochsDone }),
      samplesPerSecond: this.#trainRate.perSecond,
      secondsLeft: stoppedEarly ? 0 : this.#secondsLeft(epochs),
      stoppedEarly,
      fraction: stoppedEarly ? 1 : Math.min(1, this.step / (epochs * info.batchesPerEpoch) || 0),
    };
  }

  #secondsLeft(epochs: number): number {
    const { trainer, info } = this.#training;
    const { trainSamples, validationSamples, testSamples, batchesPerEpoch, settings } = info;
    const trainRate = this.#trainRate.perSecond;
    if (trainRate === 0) return NaN;
    const left = Math.max(0, epochs - this.epochsDone);
    const begun = trainer.evaluating()
      ? batchesPerEpoch
      : this.step - this.epochsDone * batchesPerEpoch;
    const train = left * trainSamples - begun * (settings.batchSize ?? 1);
    // Before the first evaluation it is estimated: a forward pass is about a third of the work of a
    // step.
    const evaluationRate = this.#evaluationRate.perSecond || 3 * trainRate;
    const evaluation = left * (validationSamples + testSamples) - this.#evaluated;
    return Math.max(0, train) / trainRate + Math.max(0, evaluation) / evaluationRate;
  }
}
