// What a trainer trains, and which build of the engine runs.
import type { RunSettings } from "./run_settings.js";

/**
 * A build of the engine. `simd` uses WebAssembly's 128-bit SIMD. `relaxed` also multiplies and adds
 * in one instruction, which Safari lacks and which is about twice as fast. The `-threads` builds of
 * both share the work among threads; they run in workers of cross-origin isolated pages and in Node, Bun
 * and Deno, and their memory of 256 MB does not grow.
 */
export type Variant = "simd" | "relaxed" | "simd-threads" | "relaxed-threads";

/**
 * One layer of a net, and what it costs for one sample. FLOPs count two for each multiply-add of
 * products and convolutions.
 */
export interface LayerDescription {
  /** The layer's name, "conv1". */
  name: string;
  /** The layer's class, "Conv2D". */
  kind: string;
  /** The layer in the net's text, "conv 24 5x5"; empty where it comes by itself. */
  text: string;
  /** The shape of the output for one sample. */
  shape: number[];
  /** The number of numbers in the layer's tensors. */
  parameters: number;
  /** The FLOPs of a forward pass. */
  forwardFlops: number;
  /** The FLOPs of a training step: forward, the gradient of the weights and that of the input. */
  stepFlops: number;
}

/** What a net is, layer by layer, and what it costs for one sample. */
export interface NetDescription {
  /** The layers in the order in which they run. */
  layers: LayerDescription[];
  /** The number of numbers in all tensors of the net; a tensor that layers share counts once. */
  parameters: number;
  /** The FLOPs of a forward pass. */
  forwardFlops: number;
  /** The FLOPs of a training step: forward, and the gradients of weights and inputs. */
  stepFlops: number;
}

/** What a net is, and what training it on a trainer's data with its settings needs. */
export interface TrainingDescription extends NetDescription {
  /**
   * About how many bytes of the engine's memory the training needs: the data, the weights with their
   * gradients, moments and averages, a batch on its way through the net, and its evaluation.
   */
  memoryBytes: number;
}

/** What a trainer trains, on what, and with which engine. */
export interface TrainerInfo extends TrainingDescription {
  /** The build of the engine that runs. */
  variant: Variant;
  /** The number of threads that share the work. */
  threads: number;
  /**
   * A sentence that says why there is one thread where there could be more: data that are too large for them, a page that
   * is not isolated, a script of theirs that did not start.
   */
  note?: string;
  /** All settings, also those that came from a recipe or a checkpoint. */
  settings: RunSettings;
  /** The shapes of the net's tensors by names such as "conv1.weight". */
  tensors: Record<string, number[]>;
  /** The shape of one input. */
  sampleShape: number[];
  /** The number of classes, or of numbers to predict. */
  outputs: number;
  /** The training samples, without those that are held back for validation. */
  trainSamples: number;
  /** The samples that are held back for validation. */
  validationSamples: number;
  /** The test samples; 0 without test data. */
  testSamples: number;
  /** The batches of an epoch. */
  batchesPerEpoch: number;
  /** The steps done already; 0 without a checkpoint. */
  step: number;
  /** The whole epochs done already; 0 without a checkpoint. */
  epochs: number;
  /** The learning rate that the schedule multiplies. */
  learningRate: number;
  /**
   * How inputs reach the net, in training and in predictions: (x − mean) / deviation. Where images in
   * colour are normalized, there are three numbers of each, one for each channel.
   */
  normalization: {
    /** The mean of the training data's inputs; 0 where they are taken as they are. */
    mean: number | number[];
    /** The standard deviation of the training data's inputs; 1 where they are taken as they are. */
    deviation: number | number[];
  };
  /** The names of the classes, by label, where the training data or a checkpoint have them. */
  classNames?: string[];
}
