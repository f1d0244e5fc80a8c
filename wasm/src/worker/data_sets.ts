// The data of a training in the engine's memory. They stay when the rest is made anew.
import { LanegradError } from "../errors.js";
import type { LoadedModule } from "../module/load.js";
import type { DataSetHandle, TensorHandle } from "../module/raw.js";
import type { SentStream } from "../protocol/batches.js";
import type { SentDescription, SentDescriptions } from "../protocol/data.js";
import { numel } from "../values.js";
import { arraySet, batchSet } from "./batch_set.js";
import { scoped } from "./handles.js";
import { axesOf, dataSizes, startOf, type DataSizes } from "./memory.js";

/** The most bytes of a file whose size is not known; the engine's memory has no more. */
const mostBytes = 2 ** 32 - 1;

/** The most bytes of images that are in two places at a time. */
const pieceBytes = 2 ** 20;

/** A data set in the engine, and the description that it was made from. */
class Data {
  set!: DataSetHandle;
  readonly #engine: LoadedModule;
  readonly #name: string;
  #description: SentDescription;
  /** Whether more of a file of images, or of the inputs, may come. */
  #open = true;
  /** The inputs as far as they have come. */
  #inputs: TensorHandle | undefined;
  #came = 0;

  constructor(engine: LoadedModule, name: string, description: SentDescription) {
    const { raw } = engine;
    this.#engine = engine;
    this.#name = name;
    if (description.kind === "idx") {
      const { images, labels } = description;
      const { first, size = mostBytes } = startOf(images);
      this.set = raw.ImageSet(size);
      // The engine has the pixels, so the description need not keep more than the header.
      this.#description = {
        ...description,
        images: { first: first.slice(0, 4 + 4 * axesOf(first)), size },
        labels: labels.slice(),
      };
      this.append(first);
      if (images === first) this.finish();
      return;
    }
    if ("streamed" in description) {
      this.#description = description;
      const inputs = new Uint8Array(numel(description.shape.slice(1)));
      // One sample, which stands for the shape of all.
      const targets = new Int32Array(description.kind === "numbers" ? description.outputs : 1);
      this.set = batchSet(engine, description, 1, inputs, targets);
      this.set.stream(description.shape[0]!, [0], [1]);
      return;
    }
    const { inputs, shape } = description;
    this.#inputs = inputs ? raw.tensor(inputs as Float32Array, shape, false) : raw.full(shape, 0);
    this.#came = inputs?.length ?? 0;
    this.#description = { ...description, inputs: undefined };
    if (inputs) this.finish();
  }

  /** Takes the next bytes of a file of images, which are copied piece by piece, or the next inputs. */
  append(piece: Uint8Array | Float32Array): void {
    const at = this.#came;
    this.#came += piece.length;
    if (this.#inputs) {
      if (this.#came <= this.#size) this.#inputs.write(at, piece as Float32Array);
      return;
    }
    for (let begin = 0; begin < piece.length; begin += pieceBytes) {
      this.set.append((piece as Uint8Array).subarray(begin, begin + pieceBytes));
    }
  }

  get #size(): number {
    return numel(this.#inputs!.shape());
  }

  /** Ends what has come in pieces. */
  finish(): void {
    const description = this.#description;
    if (!this.#open || "streamed" in description) return;
    this.#open = false;
    if (description.kind === "idx") {
      const { labels, classes = 10 } = description;
      this.set.finish(labels, this.#name, classes);
      return;
    }
    const what = `${this.#name} data`;
    const size = this.#size;
    if (this.#came !== size) {
      throw new LanegradError(
        "ShapeMismatch",
        `${what}: ${this.#came} inputs came, the shape [${description.shape.join(", ")}] takes ${size}`,
      );
    }
    const targets = description.kind === "labels" ? description.labels : description.targets;
    this.set = scoped((own) =>
      arraySet(this.#engine, own, description, own(this.#inputs!), targets as Float32Array, what),
    );
    this.#inputs = undefined;
  }

  /** The description that this was made from; the pixels of images are left out. */
  description(): SentDescription {
    const description = this.#description;
    if (description.kind === "idx" || "streamed" in description) return description;
    return { ...description, inputs: this.set.values(0, pieceBytes) as Float32Array };
  }

  /** What is known of data that come in batches. */
  get streamed(): SentStream | undefined {
    return "streamed" in this.#description ? this.#description : undefined;
  }

  /** Copies the pixels of images to a set that was made of `description()`. */
  copyTo(other: Data): void {
    if (this.#description.kind !== "idx") return;
    for (let begin = 0, copied = -1; copied !== 0; begin += copied) {
      const piece = this.set.values(begin, pieceBytes) as Uint8Array;
      other.append(piece);
      copied = piece.length;
    }
  }

  /** The names of the classes, if there are any. */
  get classNames(): readonly string[] | undefined {
    return "classNames" in this.#description ? this.#description.classNames : undefined;
  }

  set classNames(classNames: readonly string[]) {
    if (this.#description.kind === "numbers") return;
    this.#description = { ...this.#description, classNames };
  }
}

/** The data to learn from and to be tested with, in the engine. */
export class DataSets {
  readonly train: Data;
  readonly test: Data | undefined;
  readonly validation: Data | undefined;
  readonly sizes: DataSizes;

  /** What comes in pieces has only begun then. */
  constructor(engine: LoadedModule, data: SentDescriptions) {
    this.train = new Data(engine, "training", data.train);
    this.test = data.test && new Data(engine, "test", data.test);
    this.validation = data.validation && new Data(engine, "validation", data.validation);
    this.sizes = dataSizes(data);
  }

  /** Ends what came in pieces. */
  finish(): void {
    this.train.finish();
    this.test?.finish();
    this.validation?.finish();
  }

  /** The same data in another engine. */
  copiedTo(engine: LoadedModule): DataSets {
    const { train, test, validation } = this;
    const copy = new DataSets(engine, {
      train: train.description(),
      ...(test && { test: test.description() }),
      ...(validation && { validation: validation.description() }),
    });
    train.copyTo(copy.train);
    if (copy.test) test?.copyTo(copy.test);
    if (copy.validation) validation?.copyTo(copy.validation);
    copy.finish();
    return copy;
  }
}
