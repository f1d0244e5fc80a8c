// Nets as files of other programs.
import type { ShapedNumbers } from "./settings.js";

/**
 * A format: "onnx" for ONNX Runtime and its like, "safetensors" for PyTorch, with a program that
 * loads it, "npz" for numpy, "tfjs" for TensorFlow.js.
 */
export type NetFormat = "onnx" | "safetensors" | "npz" | "tfjs";

/**
 * Bytes in a memory of their own, which a Blob, a Response or a file takes: `Uint8Array<ArrayBuffer>`, in
 * words that TypeScript before 5.7 understands, too.
 */
export type OwnBytes = ReturnType<Uint8ArrayConstructor["of"]>;

/** What an exported net takes and gives, and what its files are called. */
export interface ExportOptions {
  /** What the names of the files begin with. Default: "net". */
  name?: string | undefined;
  /**
   * Whether the net takes pixels from 0 to 1 and normalizes them itself, as it does here. Default:
   * true.
   */
  normalization?: boolean | undefined;
  /**
   * Whether its answers are probabilities instead of the numbers that the last layer gives. Default:
   * false.
   */
  softmax?: boolean | undefined;
}

/** A net that is described: its text, and its weights as `namedTensors` and `namedBuffers` give them. */
export interface DescribedNet {
  /** The name or the text of the net. */
  net: string;
  /** The numbers per sample, or the shape of a sample: [C, H, W] for images. */
  inputs: number | readonly number[];
  /** All tensors of the net by name, such as "dense1.weight", each with its shape. */
  weights: Record<string, ShapedNumbers>;
  /**
   * What is subtracted from an input first; of images in colour also a number for each channel.
   * Default: 0.
   */
  mean?: number | readonly number[] | undefined;
  /** What the input is divided by then; of images in colour also a number for each channel. Default: 1. */
  deviation?: number | readonly number[] | undefined;
  /** The names of the classes by label. */
  classNames?: readonly string[] | undefined;
}

/** What an input is normalized by: numbers, or in images in colour one for each channel. */
export interface NormalizedBy {
  /** The mean, which is taken away. */
  mean: number | readonly number[];
  /** The standard deviation, by which that is divided; above 0. */
  deviation: number | readonly number[];
}

/** What a file of another program does not say of its net. */
export interface ImportOptions {
  /** The name or the text of the net that gets the weights; an ONNX file and a checkpoint say it. */
  net?: string | undefined;
  /** The numbers per sample, or the shape of a sample: [C, H, W] for images. */
  inputs?: number | readonly number[] | undefined;
  /**
   * How inputs will be normalized, as `info.normalization` of a trainer says it: the first layer is
   * changed so that the net answers the same. Default: as the file says it.
   */
  normalization?: NormalizedBy | undefined;
  /** What messages call the file. Default: "file". */
  name?: string | undefined;
}

/** A net that another program wrote. */
export interface ImportedNet {
  /** The net as a line of text. */
  net: string;
  /** The shape of a sample: [C, H, W] for images, or [I]. */
  inputs: number[];
  /** The number of classes, or of numbers in an answer. */
  outputs: number;
  /** The first layer takes (x − mean) / deviation. */
  normalization: NormalizedBy;
  /** The names of the classes by label; empty where the file has none. */
  classNames: string[];
  /** The net as a file that lanegrad/predict loads. */
  file: OwnBytes;
  /** Its tensors by name, with which a `Trainer` can begin. */
  weights: Record<string, { data: Float32Array; shape: number[] }>;
}

/** The bytes of files by their names. */
export type ExportedFiles = Record<string, OwnBytes>;
