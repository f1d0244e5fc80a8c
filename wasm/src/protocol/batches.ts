// Training data that come in batches, as a caller describes them and as they reach the worker.
import type { NormalizedBy } from "./formats.js";

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
 * place. Batches may have any sizes; the training makes its own of them, in the order in which the samples come, or
 * shuffled by a buffer.
 */
export type StreamedDescription =
  | {
      /** Images, which `normalize` and `augment` work on. */
      kind: "images";
      /** Gives the images of an epoch, batch after batch. */
      batches: BatchSource<ImageBatch>;
      /** The shape of all images of an epoch: [S, H, W], or [S, C, H, W] with one channel or with three. */
      shape: readonly number[];
      /** The number of classes, up to 256. */
      classes: number;
      /** The names of the classes, by label, which `info` and checkpoints hold. Default: none. */
      classNames?: readonly string[];
      /**
       * The samples among which each next one is drawn, by the training's seed: so many are kept in memory, and a new one takes the
       * place of the one that was drawn. As many as an epoch has give any order, the one of the same data in memory.
       * Default: 0, the order in which the samples come.
       */
      shuffleBuffer?: number;
      /**
       * What the images are normalized by, for pixels from 0 to 1: a mean and a deviation, or three of each for images in colour.
       * Where it is given, `normalize` is true by default. Default: where `normalize` is true, one epoch is read
       * before the training to find it out, which gives what the same images in memory are normalized by.
       */
      normalization?: NormalizedBy;
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
      /**
       * The samples among which each next one is drawn, by the training's seed: so many are kept in memory, and a new one takes the
       * place of the one that was drawn. As many as an epoch has give any order, the one of the same data in memory.
       * Default: 0, the order in which the samples come.
       */
      shuffleBuffer?: number;
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
      /**
       * The samples among which each next one is drawn, by the training's seed: so many are kept in memory, and a new one takes the
       * place of the one that was drawn. As many as an epoch has give any order, the one of the same data in memory.
       * Default: 0, the order in which the samples come.
       */
      shuffleBuffer?: number;
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
