// The worker's side of a Trainer: it answers the requests that protocol/messages.ts lists.
import { makeBreath } from "../module/breath.js";
import { free } from "../module/free.js";
import type { LoadedModule } from "../module/load.js";
import { wantedThreads } from "../module/variants.js";
import type { TrainerInfo, TrainingDescription } from "../protocol/info.js";
import type { InputGradient, Nearest } from "../protocol/explanation.js";
import type { OwnBytes } from "../protocol/formats.js";
import type { Inspection, Trace } from "../protocol/inspection.js";
import type { Pull, SentBatch } from "../protocol/batches.js";
import type { SentDescriptions } from "../protocol/data.js";
import type { CreateOptions, Local, Pile, WeightsOf, WorkerApi } from "../protocol/messages.js";
import type {
  Evaluation,
  Progress,
  StepResult,
  Summary,
  TrainResult,
} from "../protocol/results.js";
import type { Augmentation, RunSettings } from "../protocol/run_settings.js";
import type { NamedRecipe, TrainingSettings } from "../protocol/settings.js";
import { arrive } from "./arrivals.js";
import { BuildChoice } from "./build_choice.js";
import { DataSets } from "./data_sets.js";
import { Inspector } from "./inspection.js";
import type { Look } from "./look.js";
import { dataSizes, freeSent } from "./memory.js";
import { Queue } from "./queue.js";
import { TrainingRun, type Surroundings } from "./run.js";
import { explanation } from "./on_demand.js";
import {
  changed,
  describe,
  makeTraining,
  prepare,
  type Feeding,
  type Prepared,
  type Training,
} from "./training.js";

export class TrainerService implements Local<WorkerApi> {
  /** Answers the first request. */
  readonly hello: () => Promise<string | null>;
  readonly #around: Surroundings;
  readonly #feeding: Feeding;
  readonly #queue = new Queue();
  #engine!: LoadedModule;
  #note: string | undefined;
  #data!: DataSets;
  #training!: Training;
  #inspector!: Inspector;
  #look: Look | undefined;
  #run!: TrainingRun;
  #settings: TrainingSettings = {};
  #builds!: BuildChoice;
  #resetting: Promise<unknown> = Promise.resolve();

  constructor(
    hello: () => Promise<string | null>,
    report: (progress: Progress) => void,
    pull: (pull: Pull) => void = () => {},
  ) {
    this.hello = hello;
    this.#around = { queue: this.#queue, breathe: makeBreath(), report };
    this.#feeding = { arrivals: { pull, readers: new Set() }, queue: this.#queue };
  }

  async open(options: CreateOptions): Promise<void> {
    const { data, wasmUrl, variant, threads = wantedThreads(), ...settings } = options;
    this.#builds = new BuildChoice({ wasmUrl, variant, threads });
    const sizes = dataSizes(data);
    this.#settings = this.#wanted(settings, sizes.samples);
    const { engine, note } = await this.#builds.engineFor(sizes, this.#settings);
    this.#engine = engine;
    this.#note = note;
    this.#data = new DataSets(engine, data);
    freeSent(data);
  }

  feed(of: keyof SentDescriptions, piece: Uint8Array | Float32Array, back = false): unknown {
    this.#data[of]!.append(piece);
    return back ? piece : free(piece.buffer);
  }

  batch(pass: number, batch: SentBatch | "end" | "fault"): boolean {
    return arrive(this.#feeding.arrivals, pass, batch);
  }

  async create(): Promise<TrainerInfo> {
    const [engine, note, data, settings] = [this.#engine, this.#note, this.#data, this.#settings];
    data.finish();
    const training = await makeTraining(engine, data, settings, this.#feeding);
    this.#take({ engine, note, data, training }, settings);
    return this.#info();
  }

  reset(settings: TrainingSettings): Promise<TrainerInfo> {
    const done = this.#resetting.then(() => this.#reset(settings));
    this.#resetting = done.catch(() => {});
    return done;
  }

  async #reset(settings: TrainingSettings): Promise<TrainerInfo> {
    const wanted = this.#wanted(settings);
    const now = { engine: this.#engine, data: this.#data, settings: this.#settings };
    const prepared = await prepare(this.#builds, now, wanted, this.#feeding);
    for (let taken = false; !taken;) {
      await this.#run.stop();
      await this.#queue.alone(() => {
        // A run was started while other work was done.
        if (this.#run.underWay) return;
        this.#training.dispose();
        if (prepared.engine !== this.#engine) this.#engine.end();
        this.#take(prepared, wanted);
        taken = true;
      });
    }
    return this.#info();
  }

  #take({ engine, note, data, training }: Prepared, settings: TrainingSettings): void {
    this.#engine = engine;
    this.#note = note;
    this.#data = data;
    this.#training = training;
    this.#inspector = new Inspector(engine, training);
    this.#look = undefined;
    this.#run = new TrainingRun(training, this.#inspector, this.#around);
    this.#settings = settings.checkpoint === undefined ? settings : training.info.settings;
  }

  #wanted(settings: TrainingSettings, samples = this.#data.sizes.samples): TrainingSettings {
    return changed(this.#settings, settings, samples);
  }

  #info(): TrainerInfo {
    const { variant, threads } = this.#engine;
    const note = this.#note;
    return { ...this.#training.info, variant, threads, ...(note !== undefined && { note }) };
  }

  // ---- The run --------------------------------------------------------------

  train(epochs?: number): Promise<TrainResult> {
    return this.#run.train(epochs);
  }

  pause(): void {
    this.#run.pause();
  }

  resume(): void {
    this.#run.resume();
  }

  stop(): Promise<void> {
    return this.#run.stop();
  }

  step(): Promise<StepResult> {
    this.#run.refuseStep();
    return this.#queue.alone(() => {
      // Training may have gone on while other work was done.
      this.#run.refuseStep();
      return this.#run.step();
    });
  }

  setLearningRate(rate: number, after?: number): number {
    return this.#run.setLearningRate(rate, after);
  }

  evaluate(task: number): Promise<Evaluation> {
    return this.#queue.alone(() => this.#run.evaluate(task));
  }

  cancel(task: number): void {
    this.#queue.cancelled.add(task);
  }

  async baseline(settings: RunSettings, task: number): Promise<Float32Array> {
    const { baseline } = await explanation();
    return baseline(() => [this.#engine, this.#data], settings, this.#around, task);
  }

  async answers(): Promise<Float32Array> {
    const { answers } = await explanation();
    const all = () => answers(this.#engine, this.#data, this.#training.trainer, this.#run, this.#around); // prettier-ignore
    return this.#queue.alone(all);
  }

  measure(pile: Pile, most: number, task: number): Promise<Summary> {
    return this.#queue.alone(() => {
      this.#training.requirePile(pile);
      return this.#run.measure(pile, most, task);
    });
  }

  save(): Promise<OwnBytes> {
    return this.#queue.alone(async () => {
      await this.#run.finishEvaluations();
      this.#run.tell();
      return this.#training.trainer.save();
    });
  }

  /** Inspects the training; while it runs, right after a step that is measured. */
  async inspect(input?: Float32Array): Promise<Inspection> {
    const { Look } = await explanation();
    await this.#run.measuredStep();
    return this.#queue.alone(() => {
      this.#look ??= new Look(this.#engine, this.#data, this.#training, this.#inspector);
      return this.#look.inspect(input, this.#run.running);
    });
  }

  // ---- The training ---------------------------------------------------------

  async trace(input: Float32Array, label: number): Promise<Trace> {
    const { trace } = await explanation();
    return this.#queue.alone(() => trace(this.#engine, this.#data, this.#training, input, label));
  }

  async inputGradient(input: Float32Array, label: number, other?: number): Promise<InputGradient> {
    const { inputGradient } = await explanation();
    return this.#queue.alone(() =>
      inputGradient(this.#engine, this.#training, input, label, other),
    );
  }

  async nearest(input: Float32Array, count: number, among: number): Promise<Nearest> {
    const { nearest } = await explanation();
    const { breathe } = this.#around;
    this.#training.requireStored("nearest");
    return this.#queue.alone(() =>
      nearest(this.#engine, this.#data, this.#training, input, count, among, breathe),
    );
  }

  predict(inputs: Float32Array, count: number): ReturnType<WorkerApi["predict"]> {
    return { answers: this.#training.predict(inputs, count), inputs };
  }

  weights(of: WeightsOf, name?: string): Record<string, Float32Array> | Float32Array {
    return this.#training.weights(of, name);
  }

  setClassNames(names: readonly string[]): void {
    this.#training.trainer.setClassNames(names); // refuses what does not fit
    this.#training.info.classNames = [...names];
    this.#data.train.classNames = names;
  }

  recipes(): NamedRecipe[] {
    const { raw } = this.#engine;
    return raw.catalog().map((net) => ({ ...net, settings: raw.recipe({ net: net.name }) }));
  }

  describe(net: string): TrainingDescription {
    return describe(this.#engine, this.#data.sizes, { ...this.#training.info.settings, net });
  }

  learningRates(settings: RunSettings, points: number): Float32Array {
    return this.#engine.raw.learningRates(this.#wanted(settings), this.#data.sizes.samples, points);
  }

  augmented(
    indices: readonly number[],
    augment: Augmentation | undefined,
    epoch: number,
  ): Float32Array {
    this.#training.requireStored("augmented");
    const wanted = this.#wanted(augment ? { augment } : {});
    return this.#engine.raw.augmented(wanted, this.#data.train.set, indices, epoch);
  }

  end(): void {
    (this.#engine as LoadedModule | undefined)?.end();
  }

  // ---- Tests ----------------------------------------------------------------

  memoryForTest(): { heapBytes: number } {
    return { heapBytes: this.#engine.raw.heapBytes() };
  }

  helpedTiles(): number {
    return this.#engine.raw.helpedTiles();
  }

  crashForTest(): void {
    this.#engine.raw.crashForTest();
  }

  crashHelperForTest(): void {
    this.#engine.raw.crashHelperForTest();
  }
}
