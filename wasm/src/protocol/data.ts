// The data of a training as a caller describes them.
import type { SentStream, StreamedDescription } from "./batches.js";

/**
 * The bytes of a file, piece after piece, as `response.body`, `blob.stream()`, the streams of Node
 * and async generators give them.
 */
export type ByteStream = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** Numbers, piece after piece, from a stream or an async generator. */
export type NumberStream = ReadableStream<Float32Array> | AsyncIterable<Float32Array>;

/**
 * A data set: MNIST's files, images in an array, other arrays with class labels, or arrays with numbers
 * to predict.
 */
export type DataDescription =
  | {
      /** MNIST's files, or other images in that format. */
      kind: "idx";
      /**
       * The whole IDX file of the images, unpacked: bytes [S, H, W], or [S, C, H, W] with one channel or
       * with three, which are red, green and blue. A stream is read into the engine's memory piece
       * by piece, so that the images are in memory once.
       */
      images: Uint8Array | ByteStream;
      /** The whole IDX file of the labels, unpacked. */
      labels: Uint8Array;
      /** The number of classes; labels are below it. Default: 10. */
      classes?: number;
      /** The names of the classes, by label, which `info` and checkpoints hold. Default: none. */
      classNames?: readonly string[];
    }
  | {
      /** Images in an array, which `normalize` and `augment` work on, as on MNIST's files. */
      kind: "images";
      /**
       * The pixels, one image after the other: bytes from 0 to 255, or floats from 0 to 1. They are
       * kept as bytes, so that a float is rounded to the nearest of 256 levels; a net gets numbers
       * from 0 to 1.
       */
      images: Uint8Array | Uint8ClampedArray | Float32Array;
      /** The shape of all images: [S, H, W], or [S, C, H, W] with one channel or with three. */
      shape: readonly number[];
      /** The labels, S whole numbers from 0 to classes − 1. */
      labels: ArrayLike<number | bigint>;
      /** The number of classes, up to 256. */
      classes: number;
      /** The names of the classes, by label, which `info` and checkpoints hold. Default: none. */
      classNames?: readonly string[];
    }
  | {
      /** Arrays with class labels. */
      kind: "labels";
      /**
       * Finite numbers, as floats, bytes or in an array of JavaScript. A stream of floats is read into
       * the engine's memory piece by piece, so that they are in memory once.
       */
      inputs: ArrayLike<number> | NumberStream;
      /** The shape of all inputs: [S, …]. */
      shape: readonly number[];
      /**
       * The labels, S whole numbers from 0 to classes − 1. A BigInt64Array, which numpy's int64
       * becomes, is taken, too.
       */
      labels: ArrayLike<number | bigint>;
      /** The number of classes. */
      classes: number;
      /** The names of the classes, by label, which `info` and checkpoints hold. Default: none. */
      classNames?: readonly string[];
    }
  | {
      /** Arrays with numbers to predict. */
      kind: "numbers";
      /**
       * Finite numbers, as floats, bytes or in an array of JavaScript. A stream of floats is read into
       * the engine's memory piece by piece, so that they are in memory once.
       */
      inputs: ArrayLike<number> | NumberStream;
      /** The shape of all inputs: [S, …]. */
      shape: readonly number[];
      /** The numbers to predict, finite: [S, outputs]. */
      targets: ArrayLike<number>;
      /** The numbers to predict for each sample. */
      outputs: number;
    };

/** The data to learn from, and the data to be tested with. */
export interface DataDescriptions {
  /** The data to learn from. */
  train: DataDescription;
  /** The data to be tested with. Default: none. */
  test?: DataDescription;
  /** The data that each epoch is validated with, in the place of the setting `validation`. Default: none. */
  validation?: DataDescription;
}

/** The same, where a function gives the data to learn from. */
export interface StreamedDescriptions {
  /** The data to learn from, which come batch after batch. */
  train: StreamedDescription;
  /** The data to be tested with. Default: none. */
  test?: DataDescription;
  /** The data that each epoch is validated with: arrays, which stay in memory. Default: none. */
  validation?: DataDescription;
}

/** What the worker hears of a file whose pieces follow. */
export interface FileStart {
  /** The first bytes of the file: its header at least, unless there are fewer. */
  first: Uint8Array;
  /** The number of bytes of the whole file, where it is known. */
  size: number | undefined;
}

type Idx = Extract<DataDescription, { kind: "idx" }>;

/** A data set whose images are a file; its parts follow each other. */
export type FiledDescription =
  | (Omit<Idx, "images"> & { images: Uint8Array | ByteStream | readonly Uint8Array[] })
  | Exclude<DataDescription, Idx | { kind: "images" }>
  | StreamedDescription;

/** Arrays as they reach the worker: the inputs, or nothing where they follow in pieces. */
type Sent<D> = Omit<D, "inputs"> & { inputs: ArrayLike<number> | undefined };

/** A data set as it reaches the worker. */
export type SentDescription =
  | (Omit<Idx, "images"> & { images: Uint8Array | FileStart })
  | Sent<Extract<DataDescription, { kind: "labels" }>>
  | Sent<Extract<DataDescription, { kind: "numbers" }>>
  | SentStream;

/** The data as they reach the worker. */
export type SentDescriptions = {
  train: SentDescription;
  test?: SentDescription;
  validation?: SentDescription;
};
