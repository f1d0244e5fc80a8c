// One instance of the small module, wasm/predict/predict.cpp, which holds one net: calls become
// results or LanegradErrors.
import type { OwnBytes } from "../protocol/formats.js";
import { LanegradError, textOf } from "../errors.js";
import { compile } from "../module/fetch.js";
import { PlainCalls, startPlain, type PlainExports } from "../module/plain.js";
import { bestPlain, requireSimd } from "../module/variants.js";

/** The functions of predict.cpp; addresses are numbers, 0 where a call failed. */
interface Exports extends PlainExports {
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

export class Instance {
  readonly #calls: PlainCalls<Exports>;

  private constructor(exports: Exports) {
    this.#calls = new PlainCalls(exports, memoryIsFull, crashed);
  }

  /** A new instance of the best build that runs here, or of the given module. */
  static async start(given?: Promise<Uint8Array>): Promise<Instance> {
    requireSimd();
    const module = await (given ? compileBytes(await given) : moduleAt(builds[bestPlain()]()));
    return new Instance(await startPlain<Exports>(module, doesNotStart));
  }

  /** Reads the net of a file; returns what predict.cpp says of it. */
  open(file: Uint8Array): unknown {
    return this.#withFile(file, (at) => {
      const text = this.#calls.call((of) => of.open(at, file.length));
      return JSON.parse(this.#calls.text(text)) as unknown;
    });
  }

  /** The file of the same net with numbers of 16 bits. */
  compact(file: Uint8Array): OwnBytes {
    return this.#withFile(file, (at) => {
      const written = this.#calls.call((of) => of.compact(at, file.length));
      return this.#bytes(written, this.#calls.exports.written_size()).slice();
    });
  }

  /** The answers to the first samples of a batch, as a view that the next call overwrites. */
  answer(inputs: Uint8Array | Float32Array, count: number, outputs: number, first: number) {
    const pixels = inputs instanceof Uint8Array;
    const at = this.#calls.call((of) => of.input(pixels));
    const { buffer } = this.#calls.exports.memory;
    if (pixels) new Uint8Array(buffer, at, inputs.length).set(inputs);
    else new Float32Array(buffer, at, inputs.length).set(inputs);
    const answers = this.#calls.call((of) => of.answer(pixels, count, first));
    return new Float32Array(this.#calls.exports.memory.buffer, answers, count * outputs);
  }

  #withFile<T>(file: Uint8Array, use: (address: number) => T): T {
    const address = this.#calls.call((of) => of.allocate(file.length || 1));
    this.#bytes(address, file.length).set(file);
    const result = use(address);
    this.#calls.call((of) => of.release(address) ?? 1);
    return result;
  }

  #bytes(address: number, size: number): Uint8Array {
    return new Uint8Array(this.#calls.exports.memory.buffer, address, size);
  }
}

const doesNotStart = (thrown: unknown): LanegradError =>
  thrown instanceof RangeError
    ? memoryIsFull(thrown)
    : new LanegradError("LoadFailed", `engine: predict.wasm does not start (${textOf(thrown)})`, {
        cause: thrown,
      });

const crashed = (cause: unknown): LanegradError =>
  new LanegradError(
    "Crashed",
    `engine: it has crashed (${textOf(cause)}) and has to be loaded again`,
    { cause },
  );
