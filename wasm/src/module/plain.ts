// The small modules of wasm, which come without glue: an instance, and calls that become results or
// LanegradErrors. wasm/plain/failures.h is the other side.
import { LanegradError } from "../errors.js";
import type { ErrorCode } from "../protocol/messages.js";

/** What each of them has; addresses are numbers. */
export interface PlainExports {
  readonly memory: WebAssembly.Memory;
  _initialize?(): void;
}

/** An instance of the module; `refusal` says why there is none. */
export async function startPlain<E extends PlainExports>(
  module: WebAssembly.Module,
  refusal: (thrown: unknown) => LanegradError,
): Promise<E> {
  try {
    // The module calls none of it but this.
    const { exports } = await WebAssembly.instantiate(module, {
      env: { emscripten_notify_memory_growth: () => undefined },
    });
    const functions = exports as unknown as E;
    functions._initialize?.();
    return functions;
  } catch (thrown) {
    throw refusal(thrown);
  }
}

/** Calls of an instance that keeps what went wrong until it is asked. */
export class PlainCalls<E extends PlainExports & { failure(): number }> {
  readonly exports: E;
  readonly #full: () => LanegradError;
  readonly #crashed: (cause: unknown) => LanegradError;
  #crash: unknown;

  /** `full` and `crashed` are the errors where memory is short, and after a trap. */
  constructor(exports: E, full: () => LanegradError, crashed: (cause: unknown) => LanegradError) {
    this.exports = exports;
    this.#full = full;
    this.#crashed = crashed;
  }

  /** Whether its memory can no longer be trusted. */
  get hasCrashed(): boolean {
    return this.#crash !== undefined;
  }

  /** The result of a call that is not 0; throws what went wrong in it. */
  call(call: (exports: E) => number): number {
    if (this.#crash !== undefined) throw this.#crashed(this.#crash);
    try {
      const result = call(this.exports);
      if (result !== 0) return result;
    } catch (thrown) {
      // A trap, or a stack that is full: the memory can no longer be trusted.
      this.#crash = thrown;
      throw this.#crashed(thrown);
    }
    const failure = this.exports.failure();
    if (failure === 0) throw this.#full();
    const said = this.text(failure);
    const end = said.indexOf("\n");
    throw new LanegradError(said.slice(0, end) as ErrorCode, said.slice(end + 1));
  }

  /** The text at an address, which ends with a 0. */
  text(address: number): string {
    const bytes = new Uint8Array(this.exports.memory.buffer);
    return new TextDecoder().decode(bytes.subarray(address, bytes.indexOf(0, address)));
  }
}
