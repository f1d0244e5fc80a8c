// The training that a worker runs: one data set, one net, and a loop that works in slices of a few
// milliseconds and listens in between.
import { load, type Lanegrad } from "../api/lanegrad.js";
import type { LoadOptions } from "../load.js";
import * as check from "../check.js";
import { LanegradError } from "../errors.js";
import { hasThreads, usefulThreads, whyNoThreads } from "../variants.js";
import { DataSets, Job } from "./job.js";
import { dataSizes, jobBytes, testBatchSize, whyTooLarge, type DataSizes } from "./memory.js";
import { makeBreath, Points, progressMilliseconds, Rate, sliceMilliseconds } from "./pace.js";
import type {
  CreateOptions,
  EpochResult,
  Evaluation,
  Local,
  Progress,
  StepResult,
  TrainerInfo,
  TrainingSettings,
  TrainResult,
  WorkerApi,
} from "./protocol.js";

/** One call of train(). */
interface Run {
  epochs: number;
  paused: boolean;
  stopped: boolean;
  results: EpochResult[];
  /** Goes on after a pause. */
  wake(): void;
  /** Settles when the run has ended, in whatever way. */
  ended: Promise<void>;
}

/** An epoch whose training is done, while the test set is being evaluated. */
type OpenEpoch = Omit<EpochResult, "testLoss" | "testAccuracy">;

export class Session implements Local<WorkerApi> {
  /** Answers the first question. */
  readonly hello: () => Promise<string | null>;
  readonly #report: (progress: Progress) => void;
  readonly #breathe = makeBreath();
  #lg!: Lanegrad;
  #data!: DataSets;
  #job!: Job;
  #settings: TrainingSettings = {};
  #loading!: LoadOptions;
  #note: string | undefined;
  #resetting: Promise<unknown> = Promise.resolve();

  #run: Run | null = null;
  // Work that the loop waits for: an evaluation or a step that was asked for.
  #other: Promise<unknown> = Promise.resolve();
  #otherWaiting = 0;

  // Of the job.
  #step = 0;
  #epoch = 0;
  #epochsDone = 0;
  #openEpoch: OpenEpoch | null = null;
  #epochSeconds = 0;
  #points = new Points();
  #trainRate = new Rate();
  #testRate = new Rate();
  #reported = 0;
  #epochReported = 0;
  #ended: EpochResult[] = [];

  constructor(hello: () => Promise<string | null>, report: (progress: Progress) => void) {
    this.hello = hello;
    this.#report = report;
  }

  async create(options: CreateOptions): Promise<TrainerInfo> {
    const { data, wasmUrl, variant, threads = usefulThreads(), ...settings } = options;
    this.#loading = { wasmUrl, variant, threads };
    const { lg, note } = await this.#load(dataSizes(data), settings);
    this.#lg = lg;
    this.#note = note;
    this.#data = new DataSets(lg, data);
    this.#job = new Job(lg, this.#data, settings);
    this.#settings = settings;
    return this.#info();
  }

  /** The build that a run fits into: a new one, unless the current one has room for both runs. */
  async #load(sizes: DataSizes, settings: TrainingSettings, current?: Lanegrad) {
    const { variant, threads = 1 } = this.#loading;
    const choice = variant === undefined && threads > 1 && whyNoThreads() === undefined;
    const bytes = sizes.bytes + jobBytes(sizes, settings);
    const note = choice ? whyTooLarge(bytes) : undefined;
    const shared = choice && note === undefined;
    const both = bytes + jobBytes(sizes, this.#settings);
    const right = !choice || hasThreads(current?.variant ?? "simd") === shared;
    if (current && right && !(shared && whyTooLarge(both))) return { lg: current, note };
    const lg = await load({ ...this.#loading, threads: choice && !shared ? 1 : threads });
    // What did not start once is not tried again.
    if (shared && !hasThreads(lg.variant)) this.#loading.threads = 1;
    return { lg, note };
  }

  #info(): TrainerInfo {
    const { variant, threads } = this.#lg;
    const note = this.#note;
    return { ...this.#job.info, variant, threads, ...(note !== undefined && { note }) };
  }

  // ---- The loop -------------------------------------------------------------------------------------

  async train(epochs: number): Promise<TrainResult> {
    if (this.#run) throw busy("train");
    let end!: () => void;
    const run: Run = {
      epochs: check.natural("epochs", epochs),
      paused: false,
      stopped: false,
      results: [],
      wake: () => {},
      ended: new Promise((resolve) => (end = resolve)),
    };
    this.#run = run;
    try {
      while (!run.stopped && !(this.#epochsDone >= epochs && this.#openEpoch === null)) {
        while (this.#otherWaiting > 0) await this.#other;
        if (run.stopped) break;
        if (run.paused) {
          this.#tell("paused");
          await new Promise<void>((resolve) => (run.wake = resolve));
          continue;
        }
        this.#slice();
        if (performance.now() - this.#reported >= progressMilliseconds) this.#tell("running");
        await this.#breathe();
      }
      const state = run.stopped ? "stopped" : "finished";
      this.#tell(state);
      return { state, step: this.#step, epochs: this.#epochsDone, results: run.results };
    } catch (thrown) {
      this.#tell("stopped");
      throw thrown;
    } finally {
      this.#run = null;
      end();
    }
  }

  /** Works for one slice: steps, or batches of the evaluation that ends an epoch. */
  #slice(): void {
    if (this.#openEpoch) {
      this.#evaluateSlice();
      return;
    }
    const begin = performance.now();
    const end = begin + sliceMilliseconds;
    let samples = 0;
    let done = false;
    try {
      do {
        const result = this.#job.trainer.step();
        this.#points.add(result.step, result.loss, result.accuracy);
        this.#step = result.step;
        this.#epoch = result.epoch;
        samples += result.samples;
        done = result.epochDone;
      } while (!done && performance.now() < end);
    } finally {
      const seconds = (performance.now() - begin) / 1000;
      this.#epochSeconds += seconds;
      this.#trainRate.add(samples, seconds);
    }
    if (done) this.#endTraining();
  }

  /** The last batch of an epoch is done; its evaluation follows. */
  #endTraining(): void {
    const { loss, accuracy } = this.#job.trainer.trainMetrics;
    this.#openEpoch = {
      epoch: this.#epoch,
      trainLoss: loss,
      trainAccuracy: accuracy,
      seconds: this.#epochSeconds,
    };
    this.#epochSeconds = 0;
    if (this.#job.info.testSamples === 0) this.#closeEpoch(NaN, NaN);
    else this.#job.trainer.beginEvaluation();
  }

  /** Evaluates for one slice; the last one closes the epoch, if one is open. */
  #evaluateSlice(): boolean {
    const { trainer } = this.#job;
    const begin = performance.now();
    const before = trainer.testMetrics.samples;
    let done: boolean;
    do {
      done = trainer.evaluateSome();
    } while (!done && performance.now() < begin + sliceMilliseconds);
    const { samples, loss, accuracy } = trainer.testMetrics;
    const seconds = (performance.now() - begin) / 1000;
    this.#testRate.add(samples - before, seconds);
    if (this.#openEpoch) {
      this.#openEpoch.seconds += seconds;
      if (done) this.#closeEpoch(loss, accuracy);
    }
    return done;
  }

  #closeEpoch(testLoss: number, testAccuracy: number): EpochResult {
    const result = { ...this.#openEpoch!, testLoss, testAccuracy };
    this.#openEpoch = null;
    this.#epochsDone++;
    this.#lastResult = result;
    this.#run?.results.push(result);
    this.#ended.push(result);
    // Epochs of a tiny data set can be faster than anyone could draw.
    if (performance.now() - this.#epochReported >= progressMilliseconds) {
      this.#epochReported = performance.now();
      this.#tell(this.#run?.paused ? "paused" : "running");
    }
    return result;
  }
  #lastResult: EpochResult | undefined;

  #tell(state: Progress["state"]): void {
    const epochsDone = this.#ended;
    this.#ended = [];
    if (!this.#run) return;
    const epochDone = epochsDone.at(-1);
    this.#reported = performance.now();
    const { loss, accuracy } = this.#job.trainer.trainMetrics;
    this.#report({
      state,
      step: this.#step,
      epoch: Math.max(1, this.#epoch),
      epochs: this.#run.epochs,
      ...this.#points.take(),
      trainLoss: loss,
      trainAccuracy: accuracy,
      ...(epochDone && { epochDone, epochsDone }),
      samplesPerSecond: this.#trainRate.perSecond,
      secondsLeft: this.#secondsLeft(this.#run.epochs),
    });
  }

  #secondsLeft(epochs: number): number {
    const { trainSamples, testSamples, batchesPerEpoch } = this.#job.info;
    const trainRate = this.#trainRate.perSecond;
    if (trainRate === 0) return NaN;
    const left = Math.max(0, epochs - this.#epochsDone);
    const begun = this.#openEpoch
      ? batchesPerEpoch
      : this.#step - this.#epochsDone * batchesPerEpoch;
    const train = left * trainSamples - begun * this.#job.batchSize;
    const tested = this.#openEpoch ? this.#job.trainer.testMetrics.samples : 0;
    // Before the first evaluation: going forward alone is about a third of the work.
    const testRate = this.#testRate.perSecond || 3 * trainRate;
    return Math.max(0, train) / trainRate + Math.max(0, left * testSamples - tested) / testRate;
  }

  // ---- What may be asked for ------------------------------------------------------------------------

  pause(): void {
    const run = this.#run;
    if (!run || run.paused) return;
    run.paused = true;
  }

  resume(): void {
    const run = this.#run;
    if (!run) return;
    run.paused = false;
    run.wake();
  }

  async stop(): Promise<void> {
    const run = this.#run;
    if (!run) return;
    run.stopped = true;
    run.wake();
    await run.ended;
  }

  step(): Promise<StepResult> {
    if (this.#run && !this.#run.paused) throw busy("step");
    return this.#alone(async () => {
      await this.#finishEpoch();
      const begin = performance.now();
      const { step, epoch, samples, loss, accuracy, epochDone } = this.#job.trainer.step();
      const seconds = (performance.now() - begin) / 1000;
      this.#epochSeconds += seconds;
      this.#trainRate.add(samples, seconds);
      this.#step = step;
      this.#epoch = epoch;
      if (!epochDone) return { step, epoch, loss, accuracy };
      this.#endTraining();
      await this.#finishEpoch();
      return { step, epoch, loss, accuracy, epochDone: this.#lastResult! };
    });
  }

  setLearningRate(rate: number): void {
    this.#job.optimizer.learningRate = rate;
  }

  evaluate(): Promise<Evaluation> {
    return this.#alone(async () => {
      const { trainer } = this.#job;
      if (this.#openEpoch) {
        await this.#finishEpoch();
      } else {
        trainer.beginEvaluation();
        while (!this.#evaluateSlice()) await this.#breathe();
      }
      const { loss, accuracy } = trainer.testMetrics;
      return { loss, accuracy, confusion: trainer.confusion() };
    });
  }

  predict(inputs: Float32Array, count: number): Float32Array {
    const { sampleShape } = this.#job;
    const numbers = sampleShape.reduce((product, extent) => product * extent, 1);
    // The engine says what is wrong with too many or too few numbers.
    if (
      check.whole("predict: count", count) <= testBatchSize ||
      inputs.length !== count * numbers
    ) {
      return this.#predictBatch(inputs, count);
    }
    const parts: Float32Array[] = [];
    for (let begin = 0; begin < count; begin += testBatchSize) {
      const end = Math.min(begin + testBatchSize, count);
      const batch = inputs.subarray(begin * numbers, end * numbers);
      parts.push(this.#predictBatch(batch, end - begin));
    }
    const result = new Float32Array(count * (parts[0]!.length / testBatchSize));
    let place = 0;
    for (const part of parts) {
      result.set(part, place);
      place += part.length;
    }
    return result;
  }

  #predictBatch(inputs: Float32Array, count: number): Float32Array {
    const { trainer, hasLabels, sampleShape } = this.#job;
    return this.#lg.scope(() => {
      const x = this.#lg.tensor(inputs, [count, ...sampleShape]);
      return (hasLabels ? trainer.probabilities(x) : trainer.predict(x)).data;
    });
  }

  weights(): Record<string, Float32Array> {
    return this.#job.weights();
  }

  reset(settings: TrainingSettings): Promise<TrainerInfo> {
    const done = this.#resetting.then(() => this.#reset(settings));
    this.#resetting = done.catch(() => {});
    return done;
  }

  async #reset(settings: TrainingSettings): Promise<TrainerInfo> {
    const wanted = { ...this.#settings, ...settings };
    if (settings.weights === undefined) delete wanted.weights;
    const { lg, data, job, note } = await this.#prepare(wanted);
    await this.stop();
    await this.#alone(() => {
      this.#job.dispose();
      if (lg !== this.#lg) this.#lg.end();
      this.#lg = lg;
      this.#data = data;
      this.#job = job;
      this.#note = note;
      this.#settings = wanted;
      this.#step = this.#epoch = this.#epochsDone = this.#epochSeconds = 0;
      this.#openEpoch = null;
      this.#points = new Points();
      this.#ended = [];
      this.#trainRate = new Rate();
      this.#testRate = new Rate();
    });
    return this.#info();
  }

  /** The next run, beside the current one, which stays as it is: in another build, if only that has room. */
  async #prepare(settings: TrainingSettings) {
    const { lg, note } = await this.#load(this.#data.sizes, settings, this.#lg);
    try {
      const data = lg === this.#lg ? this.#data : new DataSets(lg, this.#data.descriptions());
      return { lg, data, job: new Job(lg, data, settings), note };
    } catch (thrown) {
      if (lg !== this.#lg) lg.end();
      throw thrown;
    }
  }

  helpedTiles(): number {
    return this.#lg.helpedTiles;
  }

  crashForTest(): void {
    this.#lg.crashForTest();
  }

  crashHelperForTest(): void {
    this.#lg.crashHelperForTest();
  }

  /** Runs one piece of other work at a time, while the loop waits. */
  async #alone<T>(body: () => T | Promise<T>): Promise<T> {
    this.#otherWaiting++;
    const work = this.#other.then(body).finally(() => this.#otherWaiting--);
    this.#other = work.catch(() => {});
    return work;
  }

  /** Completes an evaluation that ends an epoch and was interrupted. */
  async #finishEpoch(): Promise<void> {
    while (this.#openEpoch) {
      this.#evaluateSlice();
      if (this.#openEpoch) await this.#breathe();
    }
  }
}

function busy(what: string): LanegradError {
  return new LanegradError(
    "InvalidState",
    `${what}: training is under way, expected it to be paused or stopped`,
  );
}
