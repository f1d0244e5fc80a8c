// The small module of wasm/data/pictures.cpp: it holds the files of one set, and reads them.
import { errorOf, LanegradError, textOf } from "../errors.js";
import { compile } from "../module/fetch.js";
import { startPlain, type PlainExports } from "../module/plain.js";
import type { ErrorMessage } from "../protocol/messages.js";
import type { LabelledPictures, Pictures, PlainPictures } from "../protocol/pictures.js";

interface Exports extends PlainExports {
  add(nameSize: number, size: number): number;
  place(): number;
  read(turn: number, channels: number): number;
}

/** Where bytes stand in the module's memory. */
type Place = readonly [address: number, size: number];

/** What the module says of pictures: as the result, but with places for bytes. */
interface Said extends Omit<Pictures, "train" | "test" | "unlabeled"> {
  train: { count: number; images: Place; labels: Place };
  test?: { count: number; images: Place; labels: Place };
  unlabeled?: { count: number; images: Place };
}

const choices: readonly (boolean | undefined)[] = [false, true];

export class PicturesModule {
  readonly #exports: Exports;
  /** The bytes of the last file that have come. */
  #filled = 0;

  private constructor(exports: Exports) {
    this.#exports = exports;
  }

  static async start(): Promise<PicturesModule> {
    // Bundlers look for exactly this expression.
    const url = new URL("./data/pictures.wasm", import.meta.url);
    const module = await compile(url);
    const exports = await startPlain<Exports>(
      module,
      (cause) =>
        new LanegradError("LoadFailed", `pictures: ${url} did not start (${textOf(cause)})`, {
          cause,
        }),
    );
    return new PicturesModule(exports);
  }

  /** Makes room for a file, whose pieces follow. */
  add(name: string, size: number): void {
    const text = new TextEncoder().encode(name);
    const at = this.#exports.add(text.length, size) >>> 0;
    if (at === 0) {
      const needed = Math.ceil(size / 2 ** 20);
      const held = Math.round(this.#exports.memory.buffer.byteLength / 2 ** 20);
      throw new LanegradError(
        "OutOfMemory",
        `pictures: ${name} needs ${needed} MB beside the ${held} MB that are taken, expected room for it`,
      );
    }
    new Uint8Array(this.#exports.memory.buffer, at, text.length).set(text);
    this.#filled = 0;
  }

  /** Takes the next bytes of the file. */
  fill(bytes: Uint8Array): void {
    const at = this.#exports.place() >>> 0;
    new Uint8Array(this.#exports.memory.buffer).set(bytes, at + this.#filled);
    this.#filled += bytes.length;
  }

  /** The pictures of all files. */
  read(turn: boolean | undefined, channels: 1 | 3 | undefined): Pictures {
    let at: number;
    try {
      at = this.#exports.read(choices.indexOf(turn), channels ?? 0) >>> 0;
    } catch (thrown) {
      throw new LanegradError("Crashed", `pictures: the module crashed (${textOf(thrown)})`, {
        cause: thrown,
      });
    }
    const all = new Uint8Array(this.#exports.memory.buffer);
    const text = new TextDecoder().decode(all.subarray(at, all.indexOf(0, at)));
    const said = JSON.parse(text) as Said | { error: ErrorMessage };
    if ("error" in said) throw errorOf(said.error);
    const { train, test, unlabeled, ...rest } = said;
    return {
      ...rest,
      train: this.#labelled(train),
      ...(test && { test: this.#labelled(test) }),
      ...(unlabeled && { unlabeled: this.#plain(unlabeled) }),
    };
  }

  #labelled(of: Said["train"]): LabelledPictures {
    return { ...this.#plain(of), labels: this.#bytes(of.labels) };
  }

  #plain({ count, images }: { count: number; images: Place }): PlainPictures {
    return { count, images: this.#bytes(images) };
  }

  #bytes([address, size]: Place): Uint8Array {
    return new Uint8Array(this.#exports.memory.buffer, address >>> 0, size).slice();
  }
}
