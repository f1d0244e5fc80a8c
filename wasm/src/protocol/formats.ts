// Nets as files of other programs.

/**
 * A format: "onnx" for ONNX Runtime and its like, "safetensors" for PyTorch, with a program that
 * loads it, "npz" for numpy, "tfjs" for TensorFlow.js.
 */
export type NetFormat = "onnx" | "safetensors" | "npz" | "tfjs";

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

/** The bytes of files by their names. */
export type ExportedFiles = Record<string, Uint8Array>;
