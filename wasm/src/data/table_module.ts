// The small module of tables, wasm/data/tables.cpp: calls become results or LanegradErrors. All tables that are
// open share one instance, so that one can be encoded as another was; it goes when the last is closed.
import { LanegradError, textOf } from "../errors.js";
import { compile } from "../module/fetch.js";
import { PlainCalls, startPlain, type PlainExports } from "../module/plain.js";
import { requireSimd } from "../module/variants.js";

/** The functions of tables.cpp; addresses are numbers, and 0 says that a call failed. */
export interface TableExports extends PlainExports {
  failure(): number;
  allocate(size: number): number;
  release(address: number): void;
  open(name: number, size: number, header: number): number;
  close(table: number): void;
  append(table: number, bytes: number, size: number): number;
  unpack(table: number): number;
  finish(table: number): number;
  describe(table: number): number;
  set_kind(table: number, column: number, kind: number): number;
  texts(table: number, first: number, count: number): number;
  prepare(
    table: number,
    target: number,
    task: number,
    held: number,
    byOrder: boolean,
    seed: number,
    leaveOut: number,
    leftOut: number,
  ): number;
  discard(prepared: number): void;
  advance(prepared: number, rows: number): number;
  about(prepared: number): number;
  target_mean(prepared: number): number;
  target_deviation(prepared: number): number;
  rows(prepared: number, held: boolean): number;
  encode(prepared: number, held: boolean, first: number, count: number): number;
  encode_rows(prepared: number, rows: number, count: number): number;
  labels(prepared: number, held: boolean, first: number, count: number): number;
  targets(prepared: number, held: boolean, first: number, count: number): number;
  encode_row(prepared: number, list: number): number;
  stranger(prepared: number, other: number): number;
  stranger_close(stranger: number): void;
  stranger_encode(stranger: number, first: number, count: number, inputs: number): number;
  stranger_notes(stranger: number): number;
}

let compiling: Promise<WebAssembly.Module> | undefined;

function compiled(): Promise<WebAssembly.Module> {
  // Bundlers look for exactly this expression.
  compiling ??= compile(new URL("./data/tables.wasm", import.meta.url));
  // What could not be fetched now may be there later.
  compiling.catch(() => (compiling = undefined));
  return compiling;
}

const memoryIsFull = (cause?: unknown): LanegradError =>
  new LanegradError("OutOfMemory", "table: there is not enough memory for this", { cause });

/** The instance that new tables go to. */
let shared: TableModule | undefined;

export class TableModule extends PlainCalls<TableExports> {
  #open = 0;

  /** The instance of the tables that are open, or a new one. */
  static async start(): Promise<TableModule> {
    requireSimd();
    const module = await compiled();
    if (shared && !shared.hasCrashed) return shared;
    const exports = await startPlain<TableExports>(module, doesNotStart);
    return (shared = new TableModule(exports, memoryIsFull, crashed));
  }

  /** A new table; whether its first row is a header may be said. */
  open(name: string, header: boolean | undefined): number {
    const table = this.withBytes(new TextEncoder().encode(name), (at, size) =>
      this.call((of) => of.open(at, size, header === undefined ? 2 : Number(header))),
    );
    this.#open++;
    return table;
  }

  close(table: number): void {
    this.free((of) => of.close(table));
    if (--this.#open === 0 && shared === this) shared = undefined;
  }

  /** A call that frees memory, for which there is no reason once the module has crashed. */
  free(call: (exports: TableExports) => void): void {
    if (!this.hasCrashed) call(this.exports);
  }

  /** What a call answers as JSON. */
  json<T>(call: (exports: TableExports) => number): T {
    return JSON.parse(this.text(this.call(call))) as T;
  }

  /** Calls `use` with the address and the size of a copy of these bytes. */
  withBytes<T>(bytes: Uint8Array, use: (address: number, size: number) => T): T {
    const address = this.call((of) => of.allocate(bytes.length || 1));
    new Uint8Array(this.exports.memory.buffer, address, bytes.length).set(bytes);
    try {
      return use(address, bytes.length);
    } finally {
      this.free((of) => of.release(address));
    }
  }

  /** Copies numbers that a call answers to where they belong. */
  copy(call: (exports: TableExports) => number, to: Float32Array | Int32Array | Uint32Array): void {
    if (to.length === 0) return;
    const address = this.call(call);
    const kind = to.constructor as Float32ArrayConstructor;
    to.set(new kind(this.exports.memory.buffer, address, to.length));
  }

  /** A number that a call answers, which may be 0. */
  number(call: (exports: TableExports) => number): number {
    return call(this.exports);
  }
}

const doesNotStart = (thrown: unknown): LanegradError =>
  thrown instanceof RangeError
    ? memoryIsFull(thrown)
    : new LanegradError("LoadFailed", `table: tables.wasm does not start (${textOf(thrown)})`, {
        cause: thrown,
      });

const crashed = (cause: unknown): LanegradError =>
  new LanegradError(
    "Crashed",
    `table: the module has crashed (${textOf(cause)}) and the table has to be read again`,
    { cause },
  );
