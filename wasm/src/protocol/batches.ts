// Training data that come in batches, as a caller describes them and as they reach the worker.

/** Some images with their labels; see the kind "images" of `DataDescription`. */
export interface ImageBatch {
  /** The pixels, one image after the other: bytes from 0 to 255, or floats from 0 to 1. */
  images: Uint8Array | Uint8ClampedArray | Float32Array;
  /** The label of each image. */
  labels: ArrayLike<number | bigint>;
}

/** Some samples with their labels; see the kind "labels" of `DataDescription`. */
export interface LabelBatch {
  /** The inputs, one sample after the other. */
  inputs: ArrayLike<number>;
  /** The label of each sample. */
  labels: ArrayLike<number | bigint>;
}

/** Some samples with the numbers to predict; see the kind "numbers" of `DataDescription`. */
export interface NumberBatch {
  /** The inputs, one sample after the other. */
  inputs: ArrayLike<number>;
  /** The numbers to predict, one sample after the other. */
  targets: ArrayLike<number>;
}

/**
 * A function that each epoch calls for its batches: a generator, an async generator, or whatever else returns
 * something that `for await` can read.
 */
export type BatchSource<Batch> = () => Iterable<Batch> | AsyncIterable<Batch>;

/**
 * Data to learn from that come in batches, since no memory holds them: as arrays are described, but with a function in their
 * place. Batches may have any sizes; the training makes its own of them, in the order in which the samples come.
 */
export type StreamedDescription =
  | {
      /** Images. `augment` works on them, `normalize` does not. */
      kind: "images";
      /** Gives the images of an epoch, batch after batch. */
      batches: BatchSource<ImageBatch>;
      /** The shape of all images of an epoch: [S, H, W], or [S, C, H, W] with one channel or with three. */
      shape: readonly number[];
      /** The number of classes, up to 256. */
      classes: number;
      /** The names of the classes, by label, which `info` and checkpoints hold. Default: none. */
      classNames?: readonly string[];
    }
  | {
      /** Samples with class labels. */
      kind: "labels";
      /** Gives the samples of an epoch, batch after batch. */
      batches: BatchSource<LabelBatch>;
      /** The shape of all inputs of an epoch: [S, …]. What the function gives beyond S samples is not read. */
      shape: readonly number[];
      /** The number of classes. */
      classes: number;
      /** The names of the classes, by label, which `info` and checkpoints hold. Default: none. */
      classNames?: readonly string[];
    }
  | {
      /** Samples with numbers to predict. */
      kind: "numbers";
      /** Gives the samples of an epoch, batch after batch. */
      batches: BatchSource<NumberBatch>;
      /** The shape of all inputs of an epoch: [S, …]. What the function gives beyond S samples is not read. */
      shape: readonly number[];
      /** The numbers to predict for each sample. */
      outputs: number;
    };

/** The worker hears of data that come in batches without the function that gives them. */
type WithoutBatches<T> = T extends unknown ? Omit<T, "batches"> & { streamed: true } : never;
export type SentStream = WithoutBatches<StreamedDescription>;

/** A batch as it reaches the worker; messages call it by its name. */
export interface SentBatch {
  name: string;
  inputs: Float32Array | Uint8Array;
  targets: Float32Array | Int32Array;
}

/** The worker asks for the next batch of a pass, which begins behind so many samples. */
export interface Pull {
  pass: number;
  skip: number;
}
