// The order of training data that come in batches and pass through a buffer: each next sample is drawn from those in the
// buffer, and the one that comes takes its place, as in tf.data. A buffer that holds a whole epoch gives the order of the same
// data in memory.
import { LanegradError } from "../errors.js";
import type { LoadedModule } from "../module/load.js";
import type { RandomHandle } from "../module/raw.js";
import { release } from "./handles.js";
import { what, type Intake, type Samples } from "./intake.js";

/** The streams of random numbers of one seed: the engine's for the order of samples, and ours, one for each epoch. */
const [wholeOrders, epochOrders] = [1, 2 ** 32];

export class ShuffleBuffer {
  readonly #engine: LoadedModule;
  readonly #intake: Intake;
  readonly #samples: number;
  readonly #capacity: number;
  readonly #seed: number;
  #random: RandomHandle | undefined;
  /** The order of a whole epoch, and that epoch's number. */
  #order: Uint32Array | undefined;
  #orderOf = 0;
  readonly #buffer: Samples;
  /** The samples in the buffer, those of the pass that have come into it, and those that were drawn. */
  #filled = 0;
  #came = 0;
  #drawn = 0;
  #skip = 0;
  /** The place that the next sample takes. */
  #hole: number | undefined;
  /** The batch that is being put together. */
  #out: Samples | undefined;
  #ready = 0;

  /** Passes `samples` samples an epoch through a buffer of `size`. */
  constructor(engine: LoadedModule, intake: Intake, samples: number, size: number, seed: number) {
    this.#engine = engine;
    this.#intake = intake;
    this.#samples = samples;
    this.#capacity = Math.min(size, samples);
    this.#seed = seed;
    try {
      this.#buffer = intake.room(this.#capacity);
    } catch (thrown) {
      throw new LanegradError(
        "OutOfMemory",
        `${what}: a shuffle buffer of ${this.#capacity} samples of ${intake.sizes.inputs} numbers does not fit into memory, expected a smaller one`,
        { cause: thrown },
      );
    }
  }

  /** Whether all samples of the epoch are drawn. */
  get done(): boolean {
    return this.#drawn === this.#samples;
  }

  /** Begins an epoch, from 1, behind the first samples of its order. */
  begin(epoch: number, skip: number): void {
    this.#filled = this.#came = this.#drawn = this.#ready = 0;
    this.#hole = this.#out = undefined;
    this.#skip = skip;
    if (this.#capacity === this.#samples) this.#orderWhole(epoch);
    else this.#restart(epochOrders + epoch);
  }

  /** The next samples of the order; undefined where too few have come. */
  next(count: number): Samples | undefined {
    if (this.#drawn === 0 && !this.#fill()) return undefined;
    const out = (this.#out ??= this.#intake.room(count));
    while (this.#ready < count) {
      if (!this.#refill()) return undefined;
      const slot = this.#order ? this.#order[this.#drawn]! : this.#random!.below(this.#filled);
      this.#drawn++;
      if (this.#skip > 0) this.#skip--;
      else this.#copy(slot, out, this.#ready++);
      if (!this.#order) this.#hole = slot;
    }
    this.#out = undefined;
    this.#ready = 0;
    return out;
  }

  end(): void {
    if (this.#random) release(this.#random);
  }

  /** Fills the buffer; returns false where that takes more samples. */
  #fill(): boolean {
    const count = Math.min(this.#intake.waiting, this.#capacity - this.#filled);
    this.#intake.moveTo(this.#buffer, this.#filled, count);
    this.#filled += count;
    this.#came += count;
    return this.#filled === this.#capacity;
  }

  /** Fills the place of the sample that was drawn: with the next one, or, behind the last, from the end of the buffer. */
  #refill(): boolean {
    const hole = this.#hole;
    if (hole === undefined) return true;
    if (this.#came === this.#samples) {
      this.#copy(--this.#filled, this.#buffer, hole);
    } else {
      if (this.#intake.waiting === 0) return false;
      this.#intake.moveTo(this.#buffer, hole, 1);
      this.#came++;
    }
    this.#hole = undefined;
    return true;
  }

  #copy(slot: number, to: Samples, at: number): void {
    for (const of of ["inputs", "targets"] as const) {
      const size = this.#intake.sizes[of];
      to[of].set(this.#buffer[of].subarray(slot * size, (slot + 1) * size), at * size);
    }
  }

  #restart(stream: number): void {
    this.end();
    this.#random = this.#engine.raw.Random(this.#seed, stream);
  }

  /** Makes the order of an epoch as the engine's loaders do: by one generator, which goes on from epoch to epoch. */
  #orderWhole(epoch: number): void {
    if (epoch < this.#orderOf || !this.#random) {
      this.#restart(wholeOrders);
      this.#orderOf = 0;
    }
    const order = (this.#order ??= new Uint32Array(this.#samples));
    for (; this.#orderOf < epoch; this.#orderOf++) {
      order.forEach((_, i) => (order[i] = i));
      for (let i = order.length; i > 1; i--) {
        const j = this.#random!.below(i);
        [order[i - 1], order[j]] = [order[j]!, order[i - 1]!];
      }
    }
  }
}
