// Data that come in batches on their way to the worker: each pass calls the caller's function, and one batch is on its way
// at a time, when the worker asks for it. It is loaded where data come so.
import * as check from "../check.js";
import { LanegradError } from "../errors.js";
import type { Pull, SentBatch, StreamedDescription } from "../protocol/batches.js";
import { numel } from "../values.js";
import { pixels } from "./data.js";
import type { Host, Source } from "./host.js";
import { Parcel } from "./parcel.js";

const what = "training data";

/** The numbers of a sample, and those of its target. */
const sizesOf = (data: StreamedDescription): [inputs: number, targets: number] => [
  numel(data.shape.slice(1)),
  data.kind === "numbers" ? data.outputs : 1,
];

const tables = {
  images: { images: { check: pixels, required: true }, labels: rule(check.labels) },
  labels: { inputs: rule(check.floats), labels: rule(check.labels) },
  numbers: { inputs: rule(check.floats), targets: rule(check.floats) },
} as const;

function rule(of: check.Check): check.Rule {
  return { check: of, required: true };
}

/** One call of the caller's function: its batches so far, and the samples that are still to be skipped. */
interface Pass {
  batches: AsyncIterator<unknown> | Iterator<unknown>;
  count: number;
  skip: number;
}

export class Pump implements Source {
  readonly #host: Host;
  readonly #data: StreamedDescription;
  #number = 0;
  #pass: Pass | undefined;
  #fault: { thrown: unknown } | undefined;

  constructor(host: Host, data: StreamedDescription) {
    this.#host = host;
    this.#data = data;
    host.source = this;
  }

  pull(pull: Pull): void {
    this.#answer(pull).catch(() => {}); // the worker is gone
  }

  end(): void {
    this.#number = Infinity;
    this.#close();
  }

  causeOf(error: LanegradError): unknown {
    return error.details.field === "batches" && this.#fault ? this.#fault.thrown : error;
  }

  async #answer({ pass, skip }: Pull): Promise<void> {
    if (pass < this.#number) return;
    const send = (batch: SentBatch | "end" | "fault", buffers: ArrayBuffer[] = []) =>
      this.#host.send("batch", [pass, batch], buffers);
    let batch: SentBatch | undefined;
    try {
      if (pass > this.#number) {
        this.#close();
        this.#number = pass;
        this.#pass = { batches: this.#open(), count: 0, skip };
      }
      batch = await this.#next(this.#pass!);
    } catch (thrown) {
      if (pass !== this.#number) return;
      this.#fault = { thrown };
      this.#close();
      await send("fault");
      return;
    }
    if (pass !== this.#number) return; // it was ended meanwhile
    if (!batch) return void (await send("end"));
    const parcel = new Parcel();
    const copy = parcel.copied(batch);
    if (!(await send(copy, parcel.buffers)) && pass === this.#number) this.#close();
  }

  #open(): AsyncIterator<unknown> | Iterator<unknown> {
    const { batches } = this.#data;
    const made: unknown = batches();
    const of = (name: symbol) => (made as Record<symbol, (() => never) | undefined> | null)?.[name];
    const open = of(Symbol.asyncIterator) ?? of(Symbol.iterator);
    if (typeof made !== "object" || typeof open !== "function") {
      check.fail(`${what}: batches() gives`, made, "an iterable of batches");
    }
    return open.call(made);
  }

  /** The next batch that is not to be skipped; undefined at the end. */
  async #next(pass: Pass): Promise<SentBatch | undefined> {
    const { kind } = this.#data;
    const [input, target] = sizesOf(this.#data);
    for (;;) {
      const { done, value } = await pass.batches.next();
      if (done) return undefined;
      const name = `${what}: batch ${++pass.count}`;
      if (typeof value !== "object") check.fail(`${name}:`, value, "an object with samples");
      const given = check.options(name, value as object, tables[kind] as check.Options<object>);
      const [inputs, targets] = Object.values(given) as [SentBatch["inputs"], SentBatch["targets"]];
      const samples = targets.length / target;
      if (samples === 0 || samples * input !== inputs.length || !Number.isInteger(samples)) {
        const [here, there] = Object.keys(tables[kind]);
        throw new LanegradError(
          "ShapeMismatch",
          `${name}: ${inputs.length} numbers of ${here} and ${targets.length} of ${there}, expected ${input} and ${target} for each of at least one sample`,
        );
      }
      const skipped = Math.min(pass.skip, samples);
      pass.skip -= skipped;
      if (skipped === samples) continue;
      const from = { inputs: skipped * input, targets: skipped * target };
      return {
        name,
        inputs: inputs.subarray(from.inputs),
        targets: targets.subarray(from.targets),
      };
    }
  }

  #close(): void {
    const { batches } = this.#pass ?? {};
    this.#pass = undefined;
    // What is thrown at the end of a pass that nobody reads further ends nothing.
    if (batches) void (async () => batches.return?.())().catch(() => {});
  }
}
