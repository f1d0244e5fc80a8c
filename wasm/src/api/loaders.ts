// Data loaders: batches of (input, target), from arrays, from a function, of images.
import * as check from "../check.js";
import { Handle, handleIn, type Engine } from "../module/engine.js";
import { LanegradError } from "../errors.js";
import type { BatchHandle, DataSetHandle, LoaderHandle } from "../module/raw.js";
import { Tensor, withRaw, type TensorLike } from "./tensor.js";

/** Some samples with their targets. Its tensors are disposed when the loop takes the next batch. */
export class Batch {
  /** The inputs: [N, …]. */
  readonly inputs: Tensor;
  readonly #labels: Int32Array | undefined;
  readonly #targets: Tensor | undefined;

  /** @internal */
  constructor(engine: Engine, raw: BatchHandle, hasLabels: boolean) {
    this.inputs = new Tensor(engine, raw.inputs());
    if (hasLabels) this.#labels = raw.labels();
    else this.#targets = new Tensor(engine, raw.targets());
  }

  /**
   * The class labels, N whole numbers. Throws `InvalidState` where the data have numbers to
   * predict.
   */
  get labels(): Int32Array {
    return this.#labels ?? missing("labels", "targets");
  }

  /** The numbers to predict: [N, O]. Throws `InvalidState` where the data have labels. */
  get targets(): Tensor {
    return this.#targets ?? missing("targets", "labels");
  }

  /** @internal */
  dispose(): void {
    this.inputs.dispose();
    this.#targets?.dispose();
  }
}

function missing(what: string, instead: string): never {
  throw new LanegradError("InvalidState", `batch: these data have ${instead}, no ${what}`);
}

/**
 * Batches of samples: `for (const { inputs, labels } of loader)` runs through one epoch. The last
 * batch may be shorter, but a single sample that is left over joins the batch before it.
 */
export class DataLoader extends Handle<LoaderHandle> implements Iterable<Batch> {
  /** @internal */
  constructor(engine: Engine, raw: LoaderHandle) {
    super(engine, "data loader", raw);
  }

  /** The number of samples. */
  get size(): number {
    return this.raw.size();
  }
  /** The samples per batch. */
  get batchSize(): number {
    return this.raw.batchSize();
  }
  /** The batches per epoch. */
  get batches(): number {
    return this.raw.batches();
  }
  /** The shape of one input, without N. */
  get sampleShape(): number[] {
    return this.raw.sampleShape();
  }
  /** The number of classes, or of numbers to predict per sample. */
  get outputs(): number {
    return this.raw.outputs();
  }
  /** Whether the samples have class labels rather than numbers to predict. */
  get hasLabels(): boolean {
    return this.raw.hasLabels();
  }

  /** Runs through one epoch, from its start; stopping early leaves the rest of it out. */
  *[Symbol.iterator](): Generator<Batch, void> {
    const { hasLabels } = this;
    this.raw.startEpoch();
    for (let raw = this.raw.next(); raw !== null; raw = this.raw.next()) {
      const batch = new Batch(this.engine, raw, hasLabels);
      raw.delete();
      try {
        yield batch;
      } finally {
        batch.dispose();
      }
    }
  }
}

/** Options of `ArrayLoader` and `ImageLoader`. */
export interface LoaderOptions {
  /** The samples per batch. Default: 32. */
  batchSize?: number;
  /**
   * The seed of the order, which is new in each epoch. Without it, the samples keep their order.
   */
  seed?: number;
}

const loaderOptions: check.Options<LoaderOptions> = {
  batchSize: check.whole,
  seed: check.natural,
};

/** What an ArrayLoader reads: inputs with class labels, or inputs with the numbers to predict. */
export type ArrayData =
  | {
      /** The samples: [S, …]. */
      inputs: TensorLike;
      /** The class of each sample: S whole numbers from 0 to classes − 1. */
      labels: ArrayLike<number | bigint>;
      /** The number of classes. */
      classes: number;
    }
  | {
      /** The samples: [S, …]. */
      inputs: TensorLike;
      /** The numbers to predict: [S, O]. */
      targets: TensorLike;
    };

const arrayOptions: check.Options<Record<check.NamesOf<ArrayData>, unknown>> = {
  inputs: check.any,
  labels: check.labels,
  classes: check.whole,
  targets: check.any,
};

/** The most bytes of images that are in two places at a time. */
const pieceBytes = 2 ** 20;

/** Samples with their targets in the engine's memory; any number of loaders can read them. */
export class DataSet extends Handle<DataSetHandle> {
  /** @internal */
  constructor(engine: Engine, raw: DataSetHandle) {
    super(engine, "data set", raw);
  }

  /** @internal The next bytes of a file of images, which are copied piece by piece. */
  append(bytes: Uint8Array): void {
    for (let begin = 0; begin < bytes.length; begin += pieceBytes) {
      this.raw.append(bytes.subarray(begin, begin + pieceBytes));
    }
  }
}

/** Puts the arrays into the engine. Whether they fit each other is checked when loaders are made. */
function arraySet(engine: Engine, data: ArrayData): DataSet {
  const what = "array loader";
  const given = check.options(what, data, arrayOptions);
  if ((given.labels === undefined) === (given.targets === undefined)) {
    const both = given.labels === undefined ? "neither labels nor" : "both labels and";
    throw new LanegradError("InvalidArgument", `${what}: ${both} targets, expected one`);
  }
  if (given.labels !== undefined) {
    const labels = given.labels as Int32Array;
    const classes = check.whole(`${what}: classes`, given.classes);
    return withRaw(
      engine,
      what,
      [given.inputs],
      (inputs) => new DataSet(engine, engine.raw.LabelSet(inputs, labels, classes, what)),
    );
  }
  return withRaw(
    engine,
    what,
    [given.inputs, given.targets],
    (inputs, targets) => new DataSet(engine, engine.raw.NumberSet(inputs, targets, what)),
  );
}

function loaderOf(engine: Engine, what: string, data: DataSet, options?: LoaderOptions) {
  const { batchSize = 32, seed } = check.options(what, options, loaderOptions);
  return engine.raw.Loader(data.raw, batchSize, seed !== undefined, seed ?? 0);
}

/** Batches of arrays. inputs: [S, …], with labels: S whole numbers, or targets: [S, O]. */
export class ArrayLoader extends DataLoader {
  constructor(engine: Engine, data: ArrayData, options?: LoaderOptions) {
    const set = arraySet(engine, data);
    try {
      super(engine, loaderOf(engine, "array loader", set, options));
    } finally {
      set.dispose();
    }
  }
}

/** Options of `MathFunc`. */
export interface MathFuncOptions {
  /** Inputs are drawn uniformly from [low, high) in each dimension. Default: −1. */
  low?: number;
  /** Inputs are drawn uniformly from [low, high) in each dimension. Default: 1. */
  high?: number;
  /** The numbers per input, which are the arguments of the function. Default: 1. */
  dimension?: number;
  /** The number of samples. Default: 1024. */
  samples?: number;
  /** The standard deviation of the normal noise that is added to the targets. Default: 0. */
  noise?: number;
  /** The samples per batch. Default: 32. */
  batchSize?: number;
  /** The seed of inputs, noise and order. Default: 0. */
  seed?: number;
}

const mathFuncOptions: check.Options<MathFuncOptions> = {
  low: check.number,
  high: check.number,
  dimension: check.whole,
  samples: check.whole,
  noise: check.number,
  batchSize: check.whole,
  seed: check.natural,
};

/**
 * Batches of a function. The constructor calls it once per sample with one argument per dimension.
 * Throws `InvalidArgument` where a result is not finite.
 */
export class MathFunc extends DataLoader {
  constructor(engine: Engine, f: (...x: number[]) => number, options?: MathFuncOptions) {
    const what = "math function";
    check.callable(what, f);
    const given = check.options(what, options, mathFuncOptions);
    const { dimension = 1 } = given;
    const inputs = engine.raw.mathFuncInputs(given);
    const values = Float32Array.from({ length: inputs.length / dimension }, (_, i) => {
      const begin = i * dimension;
      const value: unknown = f(...inputs.subarray(begin, begin + dimension));
      if (typeof value !== "number") check.fail(`${what}: its result`, value, "a number");
      return value;
    });
    super(engine, engine.raw.MathFunc(values, given));
  }
}

/** Options of `ImageSet`. */
export interface ImageSetOptions {
  /** The number of classes; labels are below it. Default: 10. */
  classes?: number;
  /** What messages call the set: "training", "test". Default: "training". */
  name?: string;
}

const imageSetOptions: check.Options<ImageSetOptions> = { classes: check.whole, name: check.text };

/**
 * Images and labels from two IDX files, kept as bytes; any number of loaders can read them. Images are
 * grey, [S, H, W], or have channels, [S, C, H, W], of which there are one or three.
 */
export class ImageSet extends DataSet {
  /**
   * `images` and `labels` are the whole files, unpacked. Throws `CorruptData` where they are
   * broken.
   */
  constructor(engine: Engine, images: Uint8Array, labels: Uint8Array, options?: ImageSetOptions) {
    const { name = "training", classes = 10 } = check.options(
      "image set",
      options,
      imageSetOptions,
    );
    check.bytes("image set: images", images);
    check.bytes("image set: labels", labels);
    super(engine, engine.raw.ImageSet(images.length));
    try {
      this.append(images);
      this.raw.finish(labels, name, classes);
    } catch (thrown) {
      this.dispose();
      throw thrown;
    }
  }
}

/** Batches of images [N, C, H, W] with values from 0 to 1, and their labels. */
export class ImageLoader extends DataLoader {
  constructor(engine: Engine, images: ImageSet, options?: LoaderOptions) {
    const set = handleIn(engine, ImageSet, "image loader:", images, "an ImageSet");
    super(engine, loaderOf(engine, "image loader", set, options));
  }
}
