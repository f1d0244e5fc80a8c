// The rows of a preparation as numbers: in arrays, or as a stream.
import type { TablePart } from "../protocol/table.js";
import { inSlices } from "./slices.js";
import type { TableHandle } from "./table_handle.js";
import type { TableModule } from "./table_module.js";

/** The rows that are worked on between two looks at the clock. */
export const sliceRows = 512;

/** The most numbers of a piece of a stream: 256 kB. */
const streamedNumbers = 2 ** 16;

/** What the module says of a preparation. */
export interface About {
  inputs: { name: string; column: number }[];
  task: "classes" | "number";
  train: number;
  held: number;
  target: number;
  classNames: string[];
  notes: string[];
}

/** The rows of a preparation as numbers. */
export class Rows {
  readonly #table: TableHandle;
  readonly #module: TableModule;
  readonly #prepared: number;
  readonly #about: About;

  constructor(table: TableHandle, prepared: number, about: About) {
    this.#table = table;
    this.#module = table.opened().module;
    this.#prepared = prepared;
    this.#about = about;
  }

  /** The rows to learn from, or those that are held back; without their inputs where these are streamed. */
  async part(
    held: boolean,
    streamed: boolean,
    signal: AbortSignal | undefined,
  ): Promise<TablePart> {
    const { task, inputs: names, ...counts } = this.#about;
    const count = held ? counts.held : counts.train;
    const inputs = new Float32Array(streamed ? 0 : count * names.length);
    const rows = new Uint32Array(count);
    const labels = task === "classes" ? new Int32Array(count) : undefined;
    const targets = task === "number" ? new Float32Array(count) : undefined;
    const [module, prepared] = [this.#module, this.#prepared];
    module.copy((of) => of.rows(prepared, held), rows);
    await this.#inSlices(0, count, signal, (first, end) => {
      const size = end - first;
      if (!streamed) this.#encode(held, first, end, inputs);
      if (labels)
        module.copy((of) => of.labels(prepared, held, first, size), labels.subarray(first, end));
      if (targets)
        module.copy((of) => of.targets(prepared, held, first, size), targets.subarray(first, end));
    });
    return { count, inputs, rows, ...(labels && { labels }), ...(targets && { targets }) };
  }

  /** The inputs of the rows to learn from, or of those that are held back; a piece is good until the next one. */
  async *stream(held: boolean): AsyncGenerator<Float32Array> {
    const { inputs, ...counts } = this.#about;
    const count = held ? counts.held : counts.train;
    const most = Math.min(count, Math.max(1, Math.floor(streamedNumbers / inputs.length)));
    const piece = new Float32Array(most * inputs.length);
    for (let begin = 0; begin < count; begin += most) {
      const stop = Math.min(begin + most, count);
      await this.#inSlices(begin, stop, undefined, (first, end) =>
        this.#encode(held, first, end, piece, begin),
      );
      yield piece.subarray(0, (stop - begin) * inputs.length);
    }
  }

  /** The inputs of these rows of the table. */
  async of(rows: Uint32Array): Promise<Float32Array> {
    const [module, width] = [this.#module, this.#about.inputs.length];
    const inputs = new Float32Array(rows.length * width);
    await this.#inSlices(0, rows.length, undefined, (first, end) => {
      const bytes = new Uint8Array(rows.slice(first, end).buffer);
      module.withBytes(bytes, (at) =>
        module.copy(
          (of) => of.encode_rows(this.#prepared, at, end - first),
          inputs.subarray(first * width, end * width),
        ),
      );
    });
    return inputs;
  }

  /** Writes the inputs of some rows behind each other, from that of row `begin` on. */
  #encode(held: boolean, first: number, end: number, inputs: Float32Array, begin = 0): void {
    const width = this.#about.inputs.length;
    this.#module.copy(
      (of) => of.encode(this.#prepared, held, first, end - first),
      inputs.subarray((first - begin) * width, (end - begin) * width),
    );
  }

  #inSlices(
    begin: number,
    stop: number,
    signal: AbortSignal | undefined,
    work: (first: number, end: number) => void,
  ): Promise<void> {
    let first = begin;
    return inSlices("the preparation", signal, () => {
      this.#table.opened(); // may have been disposed meanwhile
      const end = Math.min(first + sliceRows, stop);
      work(first, end);
      first = end;
      return first < stop;
    });
  }
}
