// Training data that come in batches: it gives the engine one batch of the training's own size before each step.
import type { LoadedModule } from "../module/load.js";
import type { LoaderHandle, TrainingHandle } from "../module/raw.js";
import type { SentStream } from "../protocol/batches.js";
import type { Arrivals } from "./arrivals.js";
import { batchSet } from "./batch_set.js";
import { release } from "./handles.js";
import { Intake } from "./intake.js";
import { ShuffleBuffer } from "./shuffle_buffer.js";

export class Stream {
  readonly #engine: LoadedModule;
  readonly #data: SentStream;
  readonly #training: TrainingHandle;
  readonly #loader: LoaderHandle;
  readonly #intake: Intake;
  readonly #shuffle: ShuffleBuffer | undefined;
  #given = false;

  constructor(
    engine: LoadedModule,
    data: SentStream,
    training: TrainingHandle,
    arrivals: Arrivals,
  ) {
    this.#engine = engine;
    this.#data = data;
    this.#training = training;
    const intake = (this.#intake = new Intake(arrivals, data));
    const { shuffleBuffer: size } = data;
    if (size) {
      const seed = Number(training.settings().seed);
      this.#shuffle = new ShuffleBuffer(engine, intake, data.shape[0]!, size, seed);
    }
    this.#loader = training.loader("train")!;
  }

  /** The first samples that came, pixels from 0 to 1. */
  get seen(): Float32Array | undefined {
    return this.#intake.seen;
  }

  /** Gives the engine the next batch; returns false where it has not come yet. Throws what is wrong with the data. */
  prepare(): boolean {
    if (this.#given) return true;
    const [intake, shuffle] = [this.#intake, this.#shuffle];
    const read = intake.complete && intake.waiting === 0;
    if (intake.pass === 0 || (read && (shuffle?.done ?? true))) this.#begin();
    const count = this.#next();
    const samples = shuffle
      ? shuffle.next(count)
      : intake.waiting >= count
        ? intake.next(count)
        : undefined;
    if (!samples) {
      intake.need();
      return false;
    }
    const set = batchSet(this.#engine, this.#data, count, samples.inputs, samples.targets);
    this.#training.give(set);
    release(set);
    this.#given = true;
    // There is always enough for the next two steps.
    if (intake.waiting < 2 * this.#loader.batchSize()) intake.ask();
    return true;
  }

  /** Resolves when more has come. */
  more(): Promise<void> {
    return this.#intake.more();
  }

  /** The batch that was given is learned. */
  used(): void {
    this.#given = false;
  }

  end(): void {
    this.#intake.end();
    this.#shuffle?.end();
    release(this.#loader);
  }

  /** The samples of the epoch that are learned; 0 where one has ended. */
  get #position(): number {
    return this.#loader.position() % this.#data.shape[0]!;
  }

  /** The samples of the next step: a single one that would be left over belongs to it. */
  #next(): number {
    const left = this.#data.shape[0]! - this.#position;
    const size = this.#loader.batchSize();
    return size > 1 && left - 1 === size ? left : Math.min(size, left);
  }

  /** Begins a pass, behind what is learned of it. */
  #begin(): void {
    const position = this.#position;
    this.#intake.begin(this.#shuffle ? 0 : position);
    this.#shuffle?.begin(this.#loader.epoch() + (position === 0 ? 1 : 0), position);
  }
}
