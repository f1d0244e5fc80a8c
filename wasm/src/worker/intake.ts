// Batches on their way in, of training data that come so: it asks for them, checks them, and keeps those that wait.
import * as check from "../check.js";
import { asLanegradError, LanegradError } from "../errors.js";
import type { SentBatch, SentStream } from "../protocol/batches.js";
import { numel } from "../values.js";
import type { Arrivals } from "./arrivals.js";

export const what = "training data";

type Numbers = Float32Array | Uint8Array | Int32Array;

/** Samples, one after the other. */
export interface Samples {
  inputs: Float32Array | Uint8Array;
  targets: Float32Array | Int32Array;
}

/** The most samples that are kept for a look into the net. */
const mostSeen = 256;

export class Intake {
  /** The first samples that came, pixels from 0 to 1. */
  seen: Float32Array | undefined;
  /** The numbers of an input and of a target. */
  readonly sizes: { inputs: number; targets: number };
  /** The number of the pass under way; 0 before the first one, and where one was broken off. */
  pass = 0;
  /** The samples that have come and wait. */
  waiting = 0;
  readonly #arrivals: Arrivals;
  readonly #data: SentStream;
  #batches: SentBatch[] = [];
  /** The samples of the first of these batches that are taken. */
  #taken = 0;
  /** The samples of the pass that have come or were skipped. */
  #received = 0;
  #asked = false;
  #fault: LanegradError | undefined;
  #wake = (): void => {};

  constructor(arrivals: Arrivals, data: SentStream) {
    this.#arrivals = arrivals;
    this.#data = data;
    const targets = data.kind === "numbers" ? data.outputs : 1;
    this.sizes = { inputs: numel(data.shape.slice(1)), targets };
    arrivals.readers.add(this);
  }

  static #passes = 0;

  /** Whether all samples of the pass have come. */
  get complete(): boolean {
    return this.#received === this.#samples;
  }

  get #samples(): number {
    return this.#data.shape[0]!;
  }

  /** Begins a pass, behind so many samples; the passes of others are broken off. */
  begin(skip: number): void {
    for (const reader of this.#arrivals.readers) if (reader.pass > 0) reader.breakOff();
    this.pass = ++Intake.#passes;
    this.#received = skip;
    this.#asked = true;
    this.#arrivals.pull({ pass: this.pass, skip });
  }

  /** Forgets the pass under way and all that waits. */
  breakOff(): void {
    this.pass = 0;
    this.#batches = [];
    this.waiting = this.#taken = 0;
    this.#fault = undefined;
    this.#asked = false;
    this.#wake();
  }

  /** Asks for more. */
  ask(): void {
    if (this.#asked || this.#fault || this.complete) return;
    this.#asked = true;
    this.#arrivals.pull({ pass: this.pass, skip: 0 });
  }

  /** Asks for more, without which nothing goes on; throws what is wrong with the batches, and breaks the pass off then. */
  need(): void {
    const fault = this.#fault;
    this.ask();
    if (!fault) return;
    this.breakOff();
    throw fault;
  }

  /** Resolves when more has come. */
  more(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  /** Takes a batch; returns whether the pass has more. */
  take(batch: SentBatch | "end" | "fault"): boolean {
    this.#asked = false;
    try {
      this.#check(batch);
    } catch (thrown) {
      this.#fault = asLanegradError(thrown);
    }
    this.#wake();
    return !this.#fault && !this.complete;
  }

  end(): void {
    this.#arrivals.readers.delete(this);
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
    const { inputs: size, targets: outputs } = this.sizes;
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
    this.waiting += count;
    this.#received += count;
    this.seen ??= Float32Array.from(kept.inputs.subarray(0, mostSeen * size), (value) =>
      kept.inputs instanceof Uint8Array ? value / 255 : value,
    );
  }

  #refuse(name: string, of: string, at: number, values: Numbers, expected: string): never {
    const sample = Math.floor(at / this.sizes.targets);
    throw new LanegradError(
      "InvalidArgument",
      `${name}: the ${of} of sample ${sample} is ${check.word(values[at]!)}, expected ${expected}`,
    );
  }

  /** Arrays for so many samples. */
  room(count: number): Samples {
    const { kind } = this.#data;
    const [inputs, targets] = [count * this.sizes.inputs, count * this.sizes.targets];
    return {
      inputs: kind === "images" ? new Uint8Array(inputs) : new Float32Array(inputs),
      targets: kind === "numbers" ? new Float32Array(targets) : new Int32Array(targets),
    };
  }

  /** The next samples, of which as many wait: they are in the memory of their batch where that holds them all. */
  next(count: number): Samples {
    const [first] = this.#batches as [SentBatch];
    if (first.targets.length >= (this.#taken + count) * this.sizes.targets) {
      const part = (of: "inputs" | "targets") =>
        first[of].subarray(this.#taken * this.sizes[of], (this.#taken + count) * this.sizes[of]);
      const all = { inputs: part("inputs"), targets: part("targets") } as Samples;
      this.#drop(count);
      return all;
    }
    const all = this.room(count);
    this.moveTo(all, 0, count);
    return all;
  }

  /** Moves the next samples, of which as many wait, to these places. */
  moveTo(to: Samples, at: number, count: number): void {
    for (let moved = 0; moved < count;) {
      const first = this.#batches[0]!;
      const there = first.targets.length / this.sizes.targets - this.#taken;
      const some = Math.min(there, count - moved);
      for (const of of ["inputs", "targets"] as const) {
        const size = this.sizes[of];
        const part = first[of].subarray(this.#taken * size, (this.#taken + some) * size);
        to[of].set(part, (at + moved) * size);
      }
      this.#drop(some);
      moved += some;
    }
  }

  /** Drops samples of the first batch. */
  #drop(count: number): void {
    this.waiting -= count;
    this.#taken += count;
    if (this.#taken * this.sizes.targets < this.#batches[0]!.targets.length) return;
    this.#batches.shift();
    this.#taken = 0;
  }
}
