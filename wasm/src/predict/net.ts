// A net that answers.
import * as check from "../check.js";
import { LanegradError, textOf } from "../errors.js";
import { resolveUrl } from "../module/fetch.js";
import { builtin } from "../module/place.js";
import type { OwnBytes } from "../protocol/formats.js";
import { Instance } from "./instance.js";

/**
 * A file: its bytes, or where it is. A relative address counts from the page. What is packed with gzip is unpacked.
 */
export type NetSource = Uint8Array | ArrayBuffer | Blob | string | URL;

export interface PredictOptions {
  /** The module predict.wasm, or where it is, if not beside the package. */
  wasm?: NetSource | undefined;
}

/** A layer of a net, with what it makes of one sample. */
export interface NetLayer {
  /** "dense1". */
  name: string;
  /** "Dense". */
  kind: string;
  /** The shape of its output, without the axis of the batch. */
  output: number[];
  /** How many numbers it holds. */
  parameters: number;
}

/** The answers to a number of samples. */
export interface Answers {
  /** The number of samples. */
  count: number;
  /**
   * The probabilities of the classes, sample by sample: [count, outputs]. Empty where the net was
   * trained on numbers.
   */
  probabilities: Float32Array;
  /** The most probable class of each sample: [count]. Empty where the net was trained on numbers. */
  labels: Int32Array;
  /** The answers of a net that was trained on numbers: [count, outputs]. Empty where it has classes. */
  numbers: Float32Array;
}

/** What predict.cpp says of a net. */
interface About {
  text: string;
  sampleShape: number[];
  outputs: number;
  batch: number;
  hasClasses: boolean;
  classNames: string[];
  layers: NetLayer[];
}

/** A trained net without its data: it answers, and learns no more. */
export class Net {
  #instance: Instance | undefined;
  readonly #batch: number;
  readonly #numbers: number;

  /** The net as a line of text, with which a `Trainer` makes the same layers. */
  readonly text: string;
  /** The shape of one sample: [channels, height, width], or [numbers]. */
  readonly sampleShape: readonly number[];
  /** The number of classes, or of numbers in an answer. */
  readonly outputs: number;
  /** Whether the answers are probabilities of classes. */
  readonly hasClasses: boolean;
  /** The names of the classes by label; empty where the file has none. */
  readonly classNames: readonly string[];
  /** The layers in order. */
  readonly layers: readonly NetLayer[];

  private constructor(instance: Instance, about: About) {
    this.#instance = instance;
    this.#batch = about.batch;
    this.#numbers = about.sampleShape.reduce((product, extent) => product * extent, 1);
    this.text = about.text;
    this.sampleShape = about.sampleShape;
    this.outputs = about.outputs;
    this.hasClasses = about.hasClasses;
    this.classNames = about.classNames;
    this.layers = about.layers;
  }

  /**
   * Reads the net of a checkpoint, or of what `compact` gave. Rejects with `CorruptData` or
   * `Unsupported` for what is no such file, with `LoadFailed` for one that cannot be fetched.
   */
  static async load(source: NetSource, options: PredictOptions = {}): Promise<Net> {
    const [instance, file] = await Promise.all([start(options), bytesOf("net: file", source)]);
    return new Net(instance, instance.open(file) as About);
  }

  /**
   * A file of the same net with numbers of 16 bits and nothing of its training: for a page, half
   * the size. Its answers differ in about the fourth digit.
   */
  static async compact(source: NetSource, options: PredictOptions = {}): Promise<OwnBytes> {
    const [instance, file] = await Promise.all([start(options), bytesOf("net: file", source)]);
    return instance.compact(file);
  }

  /**
   * The answers to samples that follow each other in `inputs`. Bytes are pixels from 0 to 255;
   * other numbers come as the data had them, pixels from 0 to 1. The net normalizes both.
   */
  predict(inputs: Uint8Array | Uint8ClampedArray | ArrayLike<number>): Answers {
    const instance = this.#instance;
    if (!instance) {
      throw new LanegradError("InvalidState", "predict: the net is disposed, expected one in use");
    }
    const values = valuesOf(inputs);
    const count = values.length / this.#numbers;
    if (!Number.isInteger(count)) {
      throw new LanegradError(
        "ShapeMismatch",
        `predict: ${values.length} numbers, expected a multiple of ${this.#numbers} for samples of shape [${this.sampleShape.join(", ")}]`,
      );
    }
    const results = new Float32Array(count * this.outputs);
    for (let first = 0; first < count; first += this.#batch) {
      const size = Math.min(this.#batch, count - first);
      const batch = values.subarray(first * this.#numbers, (first + size) * this.#numbers);
      results.set(instance.answer(batch, size, this.outputs, first), first * this.outputs);
    }
    const none = new Float32Array();
    return this.hasClasses
      ? { count, probabilities: results, labels: largest(results, this.outputs), numbers: none }
      : { count, probabilities: none, labels: new Int32Array(), numbers: results };
  }

  /** Frees the memory; the net answers no more. */
  dispose(): void {
    this.#instance = undefined;
  }
}

const start = async (options: PredictOptions): Promise<Instance> => {
  const { wasm } = check.options("net", options, { wasm: check.any });
  return Instance.start(wasm === undefined ? undefined : bytesOf("net: wasm", wasm as NetSource));
};

/** Bytes stay bytes, also those that another window made; all else becomes floats. */
function valuesOf(inputs: Uint8Array | Uint8ClampedArray | ArrayLike<number>) {
  const kind = ArrayBuffer.isView(inputs) ? Object.prototype.toString.call(inputs) : "";
  if (kind !== "[object Uint8Array]" && kind !== "[object Uint8ClampedArray]") {
    return check.floats("predict: inputs", inputs);
  }
  const { buffer, byteOffset, length } = inputs as Uint8Array;
  return new Uint8Array(buffer, byteOffset, length);
}

/** The column of the largest number of each row. */
function largest(rows: Float32Array, columns: number): Int32Array {
  const labels = new Int32Array(rows.length / columns);
  for (let row = 0, at = 0; row < labels.length; row++) {
    let best = 0;
    for (let column = 1; column < columns; column++) {
      if (rows[at + column]! > rows[at + best]!) best = column;
    }
    labels[row] = best;
    at += columns;
  }
  return labels;
}

async function bytesOf(what: string, source: NetSource): Promise<Uint8Array> {
  const bytes = await read(what, source);
  // The header of a safetensors file may be as long as these two bytes say; then a brace follows it.
  if (!(bytes[0] === 0x1f && bytes[1] === 0x8b) || bytes[8] === 0x7b) return bytes;
  try {
    const unpacked = new Blob([bytes as BlobPart])
      .stream()
      .pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(unpacked).arrayBuffer());
  } catch (thrown) {
    throw new LanegradError("CorruptData", `${what} cannot be unpacked (${textOf(thrown)})`, {
      cause: thrown,
    });
  }
}

async function read(what: string, source: NetSource): Promise<Uint8Array> {
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (source instanceof Blob) return new Uint8Array(await source.arrayBuffer());
  if (typeof source !== "string" && !(source instanceof URL)) return check.bytes(what, source);
  const url = resolveUrl(what, source);
  try {
    const files = url.protocol === "file:" ? builtin("node:fs/promises") : undefined;
    if (files) return await files.readFile(url);
    const response = await fetch(url);
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (thrown) {
    throw new LanegradError("LoadFailed", `${what} ${url} could not be read (${textOf(thrown)})`, {
      cause: thrown,
    });
  }
}
