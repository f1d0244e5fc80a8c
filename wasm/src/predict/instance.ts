// One instance of the small module, wasm/predict/predict.cpp, which holds one net: calls become
// results or LanegradErrors.
import { LanegradError, textOf } from "../errors.js";
import { compile } from "../module/fetch.js";
import { bestPlain, requireSimd } from "../module/variants.js";
import type { ErrorCode } from "../protocol/messages.js";

/** The functions of predict.cpp; addresses are numbers, 0 where a call failed. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  _initialize?(): void;
  failure(): number;
  allocate(size: number): number;
  release(address: number): void;
  open(file: number, size: number): number;
  input(pixels: boolean): number;
  answer(pixels: boolean, count: number, first: number): number;
  compact(file: number, size: number): number;
  written_size(): number;
}

// Bundlers look for exactly these expressions.
const builds = {
  simd: () => new URL("./predict/simd/predict.wasm", import.meta.url),
  relaxed: () => new URL("./predict/relaxed/predict.wasm", import.meta.url),
};

/** The modules that were compiled here, by their addresses. */
const modules = new Map<string, Promise<WebAssembly.Module>>();

function moduleAt(url: URL): Promise<WebAssembly.Module> {
  const known = modules.get(url.href);
  if (known) return known;
  const compiling = compile(url);
  modules.set(url.href, compiling);
  // What could not be fetched now may be there later.
  compiling.catch(() => modules.delete(url.href));
  return compiling;
}

async function compileBytes(bytes: Uint8Array): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes as BufferSource);
  } catch (thrown) {
    throw new LanegradError(
      "LoadFailed",
      `engine: the given predict.wasm is damaged or incomplete (${textOf(thrown)})`,
      { cause: thrown },
    );
  }
}

const memoryIsFull = (cause?: unknown): LanegradError =>
  new LanegradError("OutOfMemory", "engine: there is not enough memory for this", { cause });

/** What a new instance may import; the module calls none of it but the first. */
const imports = { env: { emscripten_notify_memory_growth: () => {} } };

export class Instance {
  readonly #exports: Exports;
  #crash: unknown;

  private constructor(exports: Exports) {
    this.#exports = exports;
  }

  /** A new instance of the best build that runs here, or of the given module. */
  static async start(given?: Promise<Uint8Array>): Promise<Instance> {
    requireSimd();
    const module = await (given ? compileBytes(await given) : moduleAt(builds[bestPlain()]()));
    let instance: WebAssembly.Instance;
    try {
      instance = await WebAssembly.instantiate(module, imports);
    } catch (thrown) {
      if (thrown instanceof RangeError) throw memoryIsFull(thrown);
      throw new LanegradError(
        "LoadFailed",
        `engine: predict.wasm does not start (${textOf(thrown)})`,
        { cause: thrown },
      );
    }
    const exports = instance.exports as unknown as Exports;
    exports._initialize?.();
    return new Instance(exports);
  }

  /** Reads the net of a file; returns what predict.cpp says of it. */
  open(file: Uint8Array): unknown {
    return this.#withFile(file, (at) => {
      const text = this.#call((of) => of.open(at, file.length));
      return JSON.parse(this.#text(text)) as unknown;
    });
  }

  /** The file of the same net with numbers of 16 bits. */
  compact(file: Uint8Array): Uint8Array {
    return this.#withFile(file, (at) => {
      const written = this.#call((of) => of.compact(at, file.length));
      return this.#bytes(written, this.#exports.written_size()).slice();
    });
  }

  /** The answers to the first samples of a batch, as a view that the next call overwrites. */
  answer(inputs: Uint8Array | Float32Array, count: number, outputs: number, first: number) {
    const pixels = inputs instanceof Uint8Array;
    const at = this.#call((of) => of.input(pixels));
    const { buffer } = this.#exports.memory;
    if (pixels) new Uint8Array(buffer, at, inputs.length).set(inputs);
    else new Float32Array(buffer, at, inputs.length).set(inputs);
    const answers = this.#call((of) => of.answer(pixels, count, first));
    return new Float32Array(this.#exports.memory.buffer, answers, count * outputs);
  }

  #withFile<T>(file: Uint8Array, use: (address: number) => T): T {
    const address = this.#call((of) => of.allocate(file.length || 1), memoryIsFull);
    this.#bytes(address, file.length).set(file);
    const result = use(address);
    this.#call((of) => of.release(address) ?? 1);
    return result;
  }

  /** The result of a call that is not 0; throws what went wrong in it. */
  #call(call: (exports: Exports) => number, otherwise = memoryIsFull): number {
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
    if (failure === 0) throw otherwise();
    const [code, message] = this.#text(failure).split("\n");
    throw new LanegradError(code as ErrorCode, message!);
  }

  #bytes(address: number, size: number): Uint8Array {
    return new Uint8Array(this.#exports.memory.buffer, address, size);
  }

  #text(address: number): string {
    const bytes = new Uint8Array(this.#exports.memory.buffer);
    return new TextDecoder().decode(bytes.subarray(address, bytes.indexOf(0, address)));
  }
}

const crashed = (cause: unknown): LanegradError =>
  new LanegradError(
    "Crashed",
    `engine: it has crashed (${textOf(cause)}) and has to be loaded again`,
    { cause },
  );
