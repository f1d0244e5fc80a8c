// The training that a worker runs: one data set, one net, and a loop that works in slices of a few
// milliseconds and handles messages in between.
import { load, type Lanegrad } from "../api/lanegrad.js";
import type { LoadOptions } from "../module/load.js";
import * as check from "../check.js";
import { LanegradError } from "../errors.js";
import { numel } from "../values.js";
import { hasThreads, usefulThreads, whyNoThreads } from "../module/variants.js";
import { Inspector } from "./inspection.js";
import { DataSets, Job } from "./job.js";
import { dataSizes, jobBytes, predictBatch, whyTooLarge, type DataSizes } from "./memory.js";
import { makeBreath, Points, progressMilliseconds, Rate, sliceMilliseconds } from "./pace.js";
import type { Tensor } from "../api/tensor.js";
import { entriesOf, settingsOf } from "./settings.js";
import type { NetDescription, TrainerInfo } from "../protocol/info.js";
import type { Inspection, Trace } from "../protocol/inspection.js";
import type { CreateOptions, Local, Pile, WeightsOf, WorkerApi } from "../protocol/messages.js";
import type {
  EpochResult,
  Evaluation,
  Progress,
  Restored,
  StepResult,
  Summary,
  TrainResult,
} from "../protocol/results.js";
import type {
  Augmentation,
  NamedRecipe,
  RunSettings,
  TrainingSettings,
} from "../protocol/settings.js";

/** One call of train(). */
interface Run {
  epochs: number;
  paused: boolean;
  stopped: boolean;
  results: EpochResult[];
  /** Lets the run go on after a pause. */
  wake(): void;
  /** Settles when the run has ended, in whatever way. */
  ended: Promise<void>;
}

/** The samples that are measured at a time. */
const measuredBatch = 250;

type Split = "validation" | "test";

/** An epoch whose training is done, and which has evaluations still to come. */
interface OpenEpoch {
  result: EpochResult;
  splits: Split[];
}

export class Session implements Local<WorkerApi> {
  /** Answers the first request. */
  readonly hello: () => Promise<string | null>;
  readonly #report: (progress: Progress) => void;
  readonly #breathe = makeBreath();
  #lg!: Lanegrad;
  #data!: DataSets;
  #job!: Job;
  #inspector!: Inspector;
  #settings: TrainingSettings = {};
  #loading!: LoadOptions;
  #note: string | undefined;
  #resetting: Promise<unknown> = Promise.resolve();

  #run: Run | null = null;
  // Work that the loop waits for, such as an evaluation or a step that was asked for.
  #other: Promise<unknown> = Promise.resolve();
  #otherWaiting = 0;

  // Inspections that wait for a step that is measured.
  #watchers: (() => void)[] = [];

  // The state of the job.
  #step = 0;
  #epoch = 0;
  #epochsDone = 0;
  #openEpoch: OpenEpoch | null = null;
  // True where early stopping has put the best weights back, and no result has said so yet.
  #stoppedEarly = false;
  #epochSeconds = 0;
  #learningRate = 0;
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
    const wanted = this.#wanted(settings);
    const { lg, note } = await this.#load(dataSizes(data), wanted);
    this.#lg = lg;
    this.#note = note;
    this.#data = new DataSets(lg, data);
    this.#take(new Job(lg, this.#data, wanted), wanted);
    return this.#info();
  }

  /** The settings of a new run: the current ones changed by these, or those of a checkpoint. */
  #wanted(settings: TrainingSettings): TrainingSettings {
    const { checkpoint, ...others } = settings;
    if (checkpoint === undefined) {
      const { weights: _, checkpoint: __, ...now } = this.#settings;
      return { ...now, ...others };
    }
    for (const [name, value] of Object.entries(others)) {
      if (value === undefined) continue;
      throw new LanegradError(
        "InvalidArgument",
        `checkpoint: ${name} is set beside it, expected no settings but its own`,
      );
    }
    return { checkpoint };
  }

  #take(job: Job, settings: TrainingSettings): void {
    this.#job = job;
    this.#inspector = new Inspector(this.#lg, this.#data, job);
    this.#settings = settings.checkpoint === undefined ? settings : job.info.settings;
    this.#step = job.info.step;
    this.#epoch = this.#epochsDone = job.info.epochs;
    this.#epochSeconds = 0;
    this.#learningRate = job.info.learningRate;
    this.#openEpoch = null;
    this.#stoppedEarly = false;
    this.#points = new Points();
    this.#ended = [];
    this.#trainRate = new Rate();
    this.#testRate = new Rate();
  }

  /**
   * The build that a run fits into: the current one if it has room for both runs, else a new one.
   */
  async #load(sizes: DataSizes, settings: TrainingSettings, current?: Lanegrad) {
    const { variant, threads = 1 } = this.#loading;
    const choice = variant === undefined && threads > 1 && whyNoThreads() === undefined;
    const asked = current ?? (await load(this.#loading));
    if (!choice) return { lg: asked, note: undefined };
    if (!current && !hasThreads(asked.variant)) {
      // Threads that did not start once are not tried again.
      this.#loading.threads = 1;
      return { lg: asked, note: undefined };
    }
    const bytes = sizes.bytes + needed(asked, sizes, settings);
    const note = whyTooLarge(bytes);
    const shared = note === undefined;
    if (hasThreads(asked.variant) === shared) {
      const others = current ? needed(asked, sizes, this.#settings) : 0;
      if (!shared || whyTooLarge(bytes + others) === undefined) return { lg: asked, note };
    }
    if (!current) asked.end();
    const lg = await load({ ...this.#loading, threads: shared ? threads : 1 });
    if (shared && !hasThreads(lg.variant)) this.#loading.threads = 1;
    return { lg, note };
  }

  #info(): TrainerInfo {
    const { variant, threads } = this.#lg;
    const note = this.#note;
    return { ...this.#job.info, variant, threads, ...(note !== undefined && { note }) };
  }

  // ---- The loop -------------------------------------------------------------

  async train(given?: number): Promise<TrainResult> {
    if (this.#run) throw busy("train");
    const { epochs: all = 1, patience = 0 } = this.#job.info.settings;
    const epochs = check.natural("epochs", given ?? all);
    this.#job.trainer.raw.checkSchedule(
      Math.min(epochs * this.#job.info.batchesPerEpoch, Number.MAX_SAFE_INTEGER),
    );
    let end!: () => void;
    const run: Run = {
      epochs,
      paused: false,
      stopped: false,
      results: [],
      wake: () => {},
      ended: new Promise((resolve) => (end = resolve)),
    };
    this.#run = run;
    try {
      const finished = (): boolean =>
        this.#stoppedEarly || (this.#epochsDone >= epochs && this.#openEpoch === null);
      // Work during a pause of this loop may have ended the last epoch, so each turn asks anew.
      while (!run.stopped && !finished()) {
        if (this.#otherWaiting > 0) {
          await this.#other;
        } else if (run.paused) {
          this.#inform();
          this.#tell("paused");
          await new Promise<void>((resolve) => (run.wake = resolve));
        } else {
          this.#slice();
          if (performance.now() - this.#reported >= progressMilliseconds) this.#tell("running");
          await this.#breathe();
        }
      }
      return await this.#alone(async () => {
        const state = finished() ? "finished" : "stopped";
        const whole = patience > 0 && state === "finished" && this.#epochsDone >= all;
        const restored = await this.#restore(whole);
        const stoppedEarly = this.#stoppedEarly;
        const bestEpoch = patience > 0 ? this.#job.trainer.raw.bestEpoch() : 0;
        this.#tell(state, restored);
        // The result says so now; a further train() goes on.
        this.#stoppedEarly = false;
        // An epoch that other work closes from here on belongs to the next run.
        this.#run = null;
        return {
          state,
          stoppedEarly,
          ...(bestEpoch > 0 && { bestEpoch }),
          ...(restored && { restored }),
          step: this.#step,
          epochs: this.#epochsDone,
          results: run.results,
        };
      });
    } catch (thrown) {
      this.#tell("stopped");
      throw thrown;
    } finally {
      this.#run = null;
      this.#inform();
      end();
    }
  }

  /**
   * What the best weights answer: where early stopping has put them back, or, where the training is
   * `whole`, by putting them back now. Undefined where the last weights stay.
   */
  async #restore(whole: boolean): Promise<Restored | undefined> {
    const { trainer, info } = this.#job;
    const restored = this.#stoppedEarly || (whole && trainer.raw.restoreBest());
    if (!restored) return undefined;
    await this.#evaluateAll("validation");
    if (info.testSamples > 0) await this.#evaluateAll("test");
    const [validation, test] = [trainer.metrics("validation"), trainer.metrics("test")];
    return {
      epoch: trainer.raw.bestEpoch(),
      validationLoss: validation.loss,
      validationAccuracy: validation.accuracy,
      testLoss: test.loss,
      testAccuracy: test.accuracy,
    };
  }

  /** Lets waiting inspections go on. */
  #inform(): void {
    for (const go of this.#watchers.splice(0)) go();
  }

  /** Works for one slice: steps, or batches of the evaluation that ends an epoch. */
  #slice(): void {
    if (this.#openEpoch) {
      this.#evaluateOpen();
      return;
    }
    if (this.#job.trainer.raw.epochEnds()) {
      // The last step of the epoch has diverged.
      this.#endTraining();
      return;
    }
    const begin = performance.now();
    const end = begin + sliceMilliseconds;
    let samples = 0;
    let done = false;
    const watched = this.#watchers.length > 0;
    // The last step is measured, for an inspection after the end.
    const { batchesPerEpoch, settings } = this.#job.info;
    const ending = this.#epochsDone + 1 >= this.#run!.epochs || (settings.patience ?? 0) > 0;
    try {
      do {
        const last = ending && (this.#step + 1) % batchesPerEpoch === 0;
        const result = (watched || last ? this.#inspector : this.#job.trainer).step();
        this.#points.add(result.step, result.loss, result.accuracy);
        this.#step = result.step;
        this.#epoch = result.epoch;
        this.#learningRate = result.learningRate;
        samples += result.samples;
        done = result.epochDone;
      } while (!done && !watched && performance.now() < end);
      if (watched) this.#inform();
    } finally {
      const seconds = (performance.now() - begin) / 1000;
      this.#epochSeconds += seconds;
      this.#trainRate.add(samples, seconds);
    }
    if (done) this.#endTraining();
  }

  /** Closes the training of an epoch whose last batch is done; its evaluations follow. */
  #endTraining(): void {
    const { loss, accuracy } = this.#job.trainer.trainMetrics;
    const { validationSamples, testSamples } = this.#job.info;
    const result: EpochResult = {
      epoch: this.#epochsDone + 1,
      trainLoss: loss,
      trainAccuracy: accuracy,
      validationLoss: NaN,
      validationAccuracy: NaN,
      testLoss: NaN,
      testAccuracy: NaN,
      seconds: this.#epochSeconds,
    };
    this.#epochSeconds = 0;
    const splits: Split[] = [];
    if (validationSamples > 0) splits.push("validation");
    if (testSamples > 0) splits.push("test");
    this.#openEpoch = { result, splits };
    this.#evaluateNext();
  }

  #evaluateNext(): void {
    const { splits } = this.#openEpoch!;
    if (splits.length === 0) this.#closeEpoch();
    else this.#job.trainer.raw.beginEvaluation(splits[0] === "validation");
  }

  /** Evaluates the open epoch for one slice; the last slice closes it. */
  #evaluateOpen(): void {
    const { result, splits } = this.#openEpoch!;
    const split = splits[0]!;
    const begin = performance.now();
    const done = this.#evaluateSlice(split);
    result.seconds += (performance.now() - begin) / 1000;
    if (!done) return;
    const { loss, accuracy } = this.#job.trainer.metrics(split);
    Object.assign(result, { [`${split}Loss`]: loss, [`${split}Accuracy`]: accuracy });
    splits.shift();
    this.#evaluateNext();
  }

  /** Evaluates all samples of one kind, in slices. */
  async #evaluateAll(split: Split): Promise<void> {
    this.#job.trainer.raw.beginEvaluation(split === "validation");
    while (!this.#evaluateSlice(split)) await this.#breathe();
  }

  /** Goes on with an evaluation for one slice; returns true when it was the last. */
  #evaluateSlice(split: Split): boolean {
    const { trainer } = this.#job;
    const begin = performance.now();
    const before = trainer.metrics(split).samples;
    let done: boolean;
    do {
      done = trainer.evaluateSome();
    } while (!done && performance.now() < begin + sliceMilliseconds);
    const seconds = (performance.now() - begin) / 1000;
    this.#testRate.add(trainer.metrics(split).samples - before, seconds);
    return done;
  }

  #closeEpoch(): EpochResult {
    const { result } = this.#openEpoch!;
    this.#openEpoch = null;
    this.#epochsDone++;
    this.#lastResult = result;
    this.#stoppedEarly = this.#job.trainer.raw.endEpoch();
    this.#run?.results.push(result);
    this.#ended.push(result);
    // Epochs of a tiny data set can be faster than a page can draw.
    if (performance.now() - this.#epochReported >= progressMilliseconds) {
      this.#epochReported = performance.now();
      this.#tell(this.#run?.paused ? "paused" : "running");
    }
    return result;
  }
  #lastResult: EpochResult | undefined;

  #tell(state: Progress["state"], restored?: Restored): void {
    // The next run will tell of the epochs that have ended.
    if (!this.#run) return;
    const epochsDone = this.#ended;
    this.#ended = [];
    const epochDone = epochsDone.at(-1);
    this.#reported = performance.now();
    const { loss, accuracy } = this.#job.trainer.trainMetrics;
    this.#report({
      state,
      step: this.#step,
      epoch: Math.max(1, this.#epoch),
      epochs: this.#run.epochs,
      ...this.#points.take(),
      learningRate: this.#learningRate,
      trainLoss: loss,
      trainAccuracy: accuracy,
      ...(epochDone && { epochDone, epochsDone }),
      samplesPerSecond: this.#trainRate.perSecond,
      secondsLeft: this.#stoppedEarly ? 0 : this.#secondsLeft(this.#run.epochs),
      stoppedEarly: this.#stoppedEarly,
      ...(restored && { restored }),
    });
  }

  #secondsLeft(epochs: number): number {
    const { trainSamples, validationSamples, testSamples, batchesPerEpoch, settings } =
      this.#job.info;
    const trainRate = this.#trainRate.perSecond;
    if (trainRate === 0) return NaN;
    const left = Math.max(0, epochs - this.#epochsDone);
    const begun = this.#openEpoch
      ? batchesPerEpoch
      : this.#step - this.#epochsDone * batchesPerEpoch;
    const train = left * trainSamples - begun * (settings.batchSize ?? 1);
    const evaluated = this.#openEpoch ? this.#job.trainer.testMetrics.samples : 0;
    // Before the first evaluation it is estimated: a forward pass is about a third of the work of a
    // step.
    const testRate = this.#testRate.perSecond || 3 * trainRate;
    const test = left * (validationSamples + testSamples) - evaluated;
    return Math.max(0, train) / trainRate + Math.max(0, test) / testRate;
  }

  // ---- What may be asked for ------------------------------------------------

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
    const refuse = (): void => {
      if (this.#run && !this.#run.paused) throw busy("step");
    };
    refuse();
    return this.#alone(async () => {
      // The run may have gone on while other work was done.
      refuse();
      await this.#finishEpoch();
      // Whoever asks for a step goes on after early stopping.
      this.#stoppedEarly = false;
      const begin = performance.now();
      const result = (this.#inspector.armed ? this.#inspector : this.#job.trainer).step();
      const { step, epoch, samples, loss, accuracy, learningRate, epochDone } = result;
      const seconds = (performance.now() - begin) / 1000;
      this.#epochSeconds += seconds;
      this.#trainRate.add(samples, seconds);
      this.#step = step;
      this.#epoch = epoch;
      this.#learningRate = learningRate;
      const done = { step, epoch, loss, accuracy, learningRate };
      if (!epochDone) return done;
      this.#endTraining();
      await this.#finishEpoch();
      const restored = await this.#restore(false);
      if (!this.#run) {
        // The result of this step tells both: that training has stopped early, and that an epoch
        // has ended.
        this.#stoppedEarly = false;
        this.#ended.pop();
      }
      return { ...done, epochDone: this.#lastResult!, ...(restored && { restored }) };
    });
  }

  /** Returns the step after which the rate takes effect. */
  setLearningRate(rate: number, after?: number): number {
    const { raw } = this.#job.trainer;
    if (after === undefined) raw.setLearningRate(rate);
    else raw.planLearningRate(rate, after);
    return Math.max(this.#step, after ?? 0);
  }

  evaluate(): Promise<Evaluation> {
    return this.#alone(async () => {
      const { trainer, info } = this.#job;
      const closes = this.#openEpoch !== null && info.testSamples > 0;
      if (closes) await this.#finishEpoch();
      // The evaluation that closed the epoch is of the weights before the best ones were put back.
      if (!closes || this.#stoppedEarly) await this.#evaluateAll("test");
      const { loss, accuracy } = trainer.testMetrics;
      return { loss, accuracy, confusion: trainer.confusion() };
    });
  }

  measure(pile: Pile, most: number): Promise<Summary> {
    return this.#alone(async () => {
      const { trainer, hasLabels, info } = this.#job;
      const { validation = 0, seed = 1 } = info.settings;
      if (pile === "validation" && info.validationSamples === 0) {
        throw new LanegradError(
          "InvalidState",
          "measure: no samples are held back for validation, expected some",
        );
      }
      // The loaders are those of a second training, split in the same way, so that those of this
      // one stay where they are.
      const twin = this.#lg.training(
        entriesOf({
          net: "dense classes",
          optimizer: { name: "sgd" },
          batchSize: Math.max(1, Math.min(measuredBatch, most, info.trainSamples)),
          validation,
          seed,
        }),
        this.#data.train.set,
      );
      const loader = twin.loader(pile)!;
      const sums = { samples: 0, loss: 0, right: 0 };
      let since = performance.now();
      try {
        for (const batch of loader) {
          const [all] = batch.inputs.shape as [number];
          const count = Math.min(all, most - sums.samples);
          if (count === 0) break;
          this.#lg.scope(() => {
            const first = (tensor: Tensor): Tensor => {
              const values = tensor.data.subarray(0, (tensor.size / all) * count);
              return count < all
                ? this.#lg.tensor(values, [count, ...tensor.shape.slice(1)])
                : tensor;
            };
            const labels = hasLabels ? batch.labels.subarray(0, count) : undefined;
            const answers = trainer.predict(first(batch.inputs));
            const loss = labels
              ? new this.#lg.SoftmaxCrossEntropy().forward(answers, labels)
              : new this.#lg.MSE().forward(answers, first(batch.targets));
            sums.samples += count;
            sums.loss += count * loss.item();
            if (!labels) return;
            const chosen = answers.argmax(1);
            sums.right += labels.filter((label, i) => label === chosen[i]).length;
          });
          if (performance.now() - since < sliceMilliseconds) continue;
          await this.#breathe();
          since = performance.now();
        }
      } finally {
        loader.dispose();
        twin.dispose();
      }
      const { samples, loss, right } = sums;
      return {
        samples,
        loss: loss / samples,
        accuracy: hasLabels ? right / samples : NaN,
      };
    });
  }

  predict(inputs: Float32Array, count: number): Float32Array {
    const { sampleShape } = this.#job.info;
    const numbers = numel(sampleShape);
    check.finite("predict", inputs, numbers);
    // The engine says what is wrong with too many or too few numbers.
    if (count <= predictBatch || inputs.length !== count * numbers) {
      return this.#predictBatch(inputs, count);
    }
    const parts: Float32Array[] = [];
    for (let begin = 0; begin < count; begin += predictBatch) {
      const end = Math.min(begin + predictBatch, count);
      const batch = inputs.subarray(begin * numbers, end * numbers);
      parts.push(this.#predictBatch(batch, end - begin));
    }
    const result = new Float32Array(count * (parts[0]!.length / predictBatch));
    let place = 0;
    for (const part of parts) {
      result.set(part, place);
      place += part.length;
    }
    return result;
  }

  #predictBatch(inputs: Float32Array, count: number): Float32Array {
    const { trainer, hasLabels, info } = this.#job;
    return this.#lg.scope(() => {
      const x = this.#lg.tensor(inputs, [count, ...info.sampleShape]);
      return (hasLabels ? trainer.probabilities(x) : trainer.predict(x)).data;
    });
  }

  weights(of: WeightsOf, name?: string): Record<string, Float32Array> | Float32Array {
    return this.#job.weights(of, name);
  }

  /** Inspects the training; while it runs, right after a step that is measured. */
  async inspect(input?: Float32Array): Promise<Inspection> {
    if (this.#run && !this.#run.paused && !this.#openEpoch) {
      await new Promise<void>((go) => this.#watchers.push(go));
    }
    return this.#alone(() => this.#inspector.inspect(input, this.#run?.paused === false));
  }

  trace(input: Float32Array, label: number): Promise<Trace> {
    return this.#alone(() => this.#inspector.trace(input, label));
  }

  save(): Promise<Uint8Array> {
    return this.#alone(async () => {
      await this.#finishEpoch();
      return this.#job.trainer.raw.save();
    });
  }

  recipes(): NamedRecipe[] {
    return this.#lg.nets.map((net) => ({
      ...net,
      settings: settingsOf(this.#lg.recipe(["net", net.name])),
    }));
  }

  describe(net: string): NetDescription {
    const { sampleShape, outputs } = this.#job.info;
    return this.#lg.describe(net, { inputs: sampleShape, outputs });
  }

  learningRates(settings: RunSettings, points: number): Float32Array {
    const { trainSamples, validationSamples } = this.#job.info;
    const entries = entriesOf(this.#wanted(settings));
    return this.#lg.learningRates(entries, trainSamples + validationSamples, points);
  }

  augmented(
    indices: readonly number[],
    augment: Augmentation | undefined,
    epoch: number,
  ): Float32Array {
    const entries = entriesOf(this.#wanted(augment ? { augment } : {}));
    return this.#lg.augmented(entries, this.#data.train.set, indices, epoch);
  }

  setClassNames(names: readonly string[]): void {
    this.#job.trainer.raw.setClassNames(names); // refuses what does not fit
    this.#job.info.classNames = [...names];
    this.#data.train.classNames = names;
  }

  reset(settings: TrainingSettings): Promise<TrainerInfo> {
    const done = this.#resetting.then(() => this.#reset(settings));
    this.#resetting = done.catch(() => {});
    return done;
  }

  async #reset(settings: TrainingSettings): Promise<TrainerInfo> {
    const wanted = this.#wanted(settings);
    const { lg, data, job, note } = await this.#prepare(wanted);
    for (let taken = false; !taken;) {
      await this.stop();
      await this.#alone(() => {
        // A run was started while other work was done.
        if (this.#run) return;
        this.#job.dispose();
        if (lg !== this.#lg) this.#lg.end();
        this.#lg = lg;
        this.#data = data;
        this.#note = note;
        this.#take(job, wanted);
        taken = true;
      });
    }
    return this.#info();
  }

  /**
   * Prepares the next run. The current run stays as it is; only if no room is left for both is
   * another build loaded.
   */
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

  /** Completes the evaluation of an epoch that was interrupted. */
  async #finishEpoch(): Promise<void> {
    while (this.#openEpoch) {
      this.#evaluateOpen();
      if (this.#openEpoch) await this.#breathe();
    }
  }
}

/**
 * The bytes that the net of these settings needs; 0 where they are wrong, which is reported when
 * the net is made.
 */
export function needed(
  lg: Lanegrad,
  sizes: DataSizes,
  { weights, checkpoint, ...run }: TrainingSettings,
) {
  try {
    const entries = checkpoint ? lg.savedRecipe(checkpoint) : lg.recipe(entriesOf(run));
    const settings = settingsOf(entries);
    const { sampleShape: inputs, outputs } = sizes;
    return jobBytes(sizes, lg.describe(settings.net!, { inputs, outputs }), settings);
  } catch {
    return 0;
  }
}

function busy(what: string): LanegradError {
  return new LanegradError(
    "InvalidState",
    `${what}: training is under way, expected it to be paused or stopped`,
  );
}
