// The small module of tables, wasm/data/tables.cpp: calls become results or LanegradErrors. All tables that are
// open share one instance, so that one can be encoded as another was; it goes when the last is closed.
import { LanegradError, textOf } from "../errors.js";
import { compile } from "../module/fetch.js";
import { requireSimd } from "../module/variants.js";
import type { ErrorCode } from "../protocol/messages.js";

/** The functions of tables.cpp; addresses are numbers, and 0 says that a call failed. */
export interface TableExports {
  readonly memory: WebAssembly.Memory;
  _initialize?(): void;
  failure(): number;
  allocate(size: number): number;
  release(address: number): void;
  open(name: number, size: number, bytes: number): number;
  close(table: number): void;
  append(table: number, bytes: number, size: number): number;
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

export class TableModule {
  readonly #exports: TableExports;
  #crash: unknown;
  #open = 0;

  private constructor(exports: TableExports) {
    this.#exports = exports;
  }

  /** The instance of the tables that are open, or a new one. */
  static async start(): Promise<TableModule> {
    requireSimd();
    const module = await compiled();
    if (shared && shared.#crash === undefined) return shared;
    try {
      const { exports } = await WebAssembly.instantiate(module, {
        env: { emscripten_notify_memory_growth: () => undefined },
      });
      const functions = exports as unknown as TableExports;
      functions._initialize?.();
      return (shared = new TableModule(functions));
    } catch (thrown) {
      if (thrown instanceof RangeError) throw memoryIsFull(thrown);
      throw new LanegradError(
        "LoadFailed",
        `table: tables.wasm does not start (${textOf(thrown)})`,
        { cause: thrown },
      );
    }
  }

  /** A new table, which is expected to have so many bytes. */
  open(name: string, bytes: number): number {
    const table = this.withBytes(new TextEncoder().encode(name), (at, size) =>
      this.call((of) => of.open(at, size, bytes)),
    );
    this.#open++;
    return table;
  }

  close(table: number): void {
    this.free((of) => of.close(table));
    if (--this.#open === 0 && shared === this) shared = undefined;
  }

  /** The result of a call that is not 0; throws what went wrong in it. */
  call(call: (exports: TableExports) => number): number {
    if (this.#crash !== undefined) throw crashed(this.#crash);
    try {
      const result = call(this.#exports);
      if (result !== 0) return result;
    } catch (thrown) {
      // A trap, or a stack that is full: the memory can no longer be trusted.
      this.#crash = thrown;
      throw crashed(thrown);
    }
    const failure = this.#exports.failure();
    if (failure === 0) throw memoryIsFull();
    const said = this.#text(failure);
    const end = said.indexOf("\n");
    throw new LanegradError(said.slice(0, end) as ErrorCode, said.slice(end + 1));
  }

  /** A call that frees memory, for which there is no reason once the module has crashed. */
  free(call: (exports: TableExports) => void): void {
    if (this.#crash === undefined) call(this.#exports);
  }

  /** What a call answers as JSON. */
  json<T>(call: (exports: TableExports) => number): T {
    return JSON.parse(this.#text(this.call(call))) as T;
  }

  /** Calls `use` with the address and the size of a copy of these bytes. */
  withBytes<T>(bytes: Uint8Array, use: (address: number, size: number) => T): T {
    const address = this.call((of) => of.allocate(bytes.length || 1));
    new Uint8Array(this.#exports.memory.buffer, address, bytes.length).set(bytes);
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
    to.set(new kind(this.#exports.memory.buffer, address, to.length));
  }

  /** A number that a call answers, which may be 0. */
  number(call: (exports: TableExports) => number): number {
    return call(this.#exports);
  }

  #text(address: number): string {
    const bytes = new Uint8Array(this.#exports.memory.buffer);
    return new TextDecoder().decode(bytes.subarray(address, bytes.indexOf(0, address)));
  }
}

const crashed = (cause: unknown): LanegradError =>
  new LanegradError(
    "Crashed",
    `table: the module has crashed (${textOf(cause)}) and the table has to be read again`,
    { cause },
  );
