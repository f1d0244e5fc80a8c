// Training data that come in batches: it asks for them, keeps what the next steps need, and gives the engine one batch of
// the training's own size before each step.
import * as check from "../check.js";
import { asLanegradError, LanegradError } from "../errors.js";
import type { LoadedModule } from "../module/load.js";
import type { LoaderHandle, TrainingHandle } from "../module/raw.js";
import type { Pull, SentBatch, SentStream } from "../protocol/batches.js";
import { numel } from "../values.js";
import { batchSet } from "./batch_set.js";
import { release } from "./handles.js";

const what = "training data";

type Numbers = Float32Array | Uint8Array | Int32Array;

/** The most samples that are kept for a look into the net. */
const mostSeen = 256;

export class Stream {
  /** The first samples that came, pixels from 0 to 1. */
  seen: Float32Array | undefined;
  readonly #engine: LoadedModule;
  readonly #data: SentStream;
  readonly #training: TrainingHandle;
  readonly #loader: LoaderHandle;
  #pull: (pull: Pull) => void = () => {};
  #batches: SentBatch[] = [];
  /** The samples in these batches, and those of the pass that have come or were skipped. */
  #waiting = 0;
  #received: number;
  #asked = false;
  #given = false;
  #fault: LanegradError | undefined;
  #wake = (): void => {};

  constructor(engine: LoadedModule, data: SentStream, training: TrainingHandle) {
    this.#engine = engine;
    this.#data = data;
    this.#training = training;
    this.#loader = training.loader("train")!;
    this.#received = this.#samples;
  }

  static #passes = 0;
  #pass = 0;

  get #samples(): number {
    return this.#data.shape[0]!;
  }

  /** Asks for batches by this function from now on. */
  listen(pull: (pull: Pull) => void): void {
    this.#pull = pull;
  }

  /** Gives the engine the next batch; returns false where it has not come yet. Throws what is wrong with the data. */
  prepare(): boolean {
    if (this.#given) return true;
    if (this.#waiting === 0 && this.#received === this.#samples) this.#begin();
    const count = this.#next();
    if (this.#waiting < count) {
      const fault = this.#fault;
      if (fault) {
        // The next call begins the pass anew.
        this.#forget();
        throw fault;
      }
      this.#ask();
      return false;
    }
    this.#give(count);
    this.#ask();
    return true;
  }

  /** Resolves when more has come. */
  more(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  /** The batch that was given is learned. */
  used(): void {
    this.#given = false;
  }

  /** Takes a batch; returns whether the pass has more. */
  take(pass: number, batch: SentBatch | "end" | "fault"): boolean {
    if (pass !== this.#pass) return false;
    this.#asked = false;
    try {
      this.#check(batch);
    } catch (thrown) {
      this.#fault = asLanegradError(thrown);
    }
    this.#wake();
    if (!this.#fault) this.#ask();
    return !this.#fault && this.#received < this.#samples;
  }

  end(): void {
    release(this.#loader);
  }

  #check(batch: SentBatch | "end" | "fault"): void {
    const details = { op: "training", field: "batches" };
    if (batch === "fault") {
      throw new LanegradError("InvalidArgument", `${what}: the batches have failed`, { details });
    }
    if (batch === "end") {
      throw new LanegradError(
        "InvalidArgument",
        `${what}: the batches of an epoch end after ${this.#received} samples, expected ${this.#samples}`,
      );
    }
    const { name, inputs, targets } = batch;
    const [size, outputs] = [this.#size, this.#outputs];
    if (inputs instanceof Float32Array) check.finite(name, inputs, size);
    if (this.#data.kind === "numbers") {
      const wrong = targets.findIndex((value) => !Number.isFinite(value));
      if (wrong >= 0) this.#refuse(name, "target", wrong, targets, "finite numbers");
    } else {
      const { classes } = this.#data;
      const wrong = targets.findIndex((label) => !(label >= 0 && label < classes));
      if (wrong >= 0) this.#refuse(name, "label", wrong, targets, `0 to ${classes - 1}`);
    }
    const count = Math.min(targets.length / outputs, this.#samples - this.#received);
    const kept = {
      name,
      inputs: inputs.subarray(0, count * size),
      targets: targets.subarray(0, count * outputs),
    };
    this.#batches.push(kept);
    this.#waiting += count;
    this.#received += count;
    this.seen ??= Float32Array.from(kept.inputs.subarray(0, mostSeen * size), (value) =>
      kept.inputs instanceof Uint8Array ? value / 255 : value,
    );
  }

  #refuse(name: string, of: string, at: number, values: Numbers, expected: string): never {
    const sample = Math.floor(at / this.#outputs);
    throw new LanegradError(
      "InvalidArgument",
      `${name}: the ${of} of sample ${sample} is ${check.word(values[at]!)}, expected ${expected}`,
    );
  }

  get #size(): number {
    return numel(this.#data.shape.slice(1));
  }

  get #outputs(): number {
    return this.#data.kind === "numbers" ? this.#data.outputs : 1;
  }

  /** The samples of the epoch that are learned; 0 where one has ended. */
  get #position(): number {
    return this.#loader.position() % this.#samples;
  }

  /** The samples of the next step: a single one that would be left over belongs to it. */
  #next(): number {
    const left = this.#samples - this.#position;
    const size = this.#loader.batchSize();
    return size > 1 && left - 1 === size ? left : Math.min(size, left);
  }

  #forget(): void {
    this.#batches = [];
    this.#waiting = 0;
    this.#received = this.#samples;
    this.#fault = undefined;
  }

  /** Begins a pass, behind what is learned of it. */
  #begin(): void {
    this.#pass = ++Stream.#passes;
    this.#received = this.#position;
    this.#asked = true;
    this.#pull({ pass: this.#pass, skip: this.#received });
  }

  /** Asks for more where there is less than the next two steps need. */
  #ask(): void {
    const enough = this.#waiting >= 2 * this.#loader.batchSize();
    if (enough || this.#asked || this.#fault || this.#received === this.#samples) return;
    this.#asked = true;
    this.#pull({ pass: this.#pass, skip: 0 });
  }

  #give(count: number): void {
    const inputs = this.#taken("inputs", count, this.#size);
    const targets = this.#taken("targets", count, this.#outputs);
    this.#drop(count);
    const set = batchSet(this.#engine, this.#data, count, inputs, targets);
    this.#training.give(set);
    release(set);
    this.#given = true;
  }

  /** The inputs or targets of the next samples. */
  #taken(of: "inputs" | "targets", count: number, size: number): Numbers {
    const [first] = this.#batches as [SentBatch];
    if (first[of].length >= count * size) return first[of].subarray(0, count * size);
    const all = new (first[of].constructor as Float32ArrayConstructor)(count * size);
    let filled = 0;
    for (const batch of this.#batches) {
      const part = batch[of].subarray(0, all.length - filled);
      all.set(part, filled);
      if ((filled += part.length) === all.length) break;
    }
    return all;
  }

  #drop(count: number): void {
    this.#waiting -= count;
    for (let left = count; left > 0;) {
      const batch = this.#batches[0]!;
      const there = batch.targets.length / this.#outputs;
      const gone = Math.min(left, there);
      if (gone === there) this.#batches.shift();
      batch.inputs = batch.inputs.subarray(gone * this.#size);
      batch.targets = batch.targets.subarray(gone * this.#outputs);
      left -= gone;
    }
  }
}
