// Estimates how much of the engine's memory a training takes, before its data are sent: the builds
// with threads cannot grow their memory. The estimates are generous; a test compares them with what
// the engine really uses.
import { numel } from "../values.js";
import { threadsMemory } from "../module/variants.js";
import type { DataDescription, DataDescriptions } from "../protocol/data.js";
import type { NetDescription } from "../protocol/info.js";
import type { RunSettings } from "../protocol/run_settings.js";

/** The most samples that a prediction takes at a time. */
export const predictBatch = 256;

/** The bytes of the code's own data, stacks, packed matrices, and what is lost between blocks. */
const reserve = 24 * 2 ** 20;

/**
 * Copies of each weight in a training: the weight, its gradient, a new part of that, and Adam's two
 * moments, with rounding up.
 */
const copiesOfWeights = 5;

/**
 * Copies of each weight in a checkpoint, whose bytes are made in the engine's memory: the weight
 * and Adam's two moments.
 */
const copiesInCheckpoint = 3;

/** Copies of each layer's output: values and gradients, with rounding up. */
const copiesOfActivations = 2.5;

const bytesPerNumber = 4;

/** The sizes of a data set. */
export interface DataSizes {
  samples: number;
  /** The shape of one input. */
  sampleShape: number[];
  /** The number of numbers in one output of the net. */
  outputs: number;
  bytes: number;
}

/**
 * The sizes that a description promises for files that the engine has yet to read; NaN where they
 * make no sense.
 */
function sizesOf(data: DataDescription): DataSizes {
  if (data.kind === "idx") {
    const { images, labels, classes = 10 } = data;
    const samples = labels.length;
    const bytes = images.length + samples;
    const extent = (place: number): number =>
      images.length >= 16 ? new DataView(images.buffer, images.byteOffset).getUint32(place) : NaN;
    return { samples, sampleShape: [1, extent(8), extent(12)], outputs: classes, bytes };
  }
  const [samples = NaN, ...sampleShape] = data.shape;
  const outputs = data.kind === "numbers" ? data.outputs : data.classes;
  const targets = data.kind === "numbers" ? samples * outputs : samples;
  // The engine's blocks are up to a quarter larger than what they hold.
  const bytes = 1.25 * bytesPerNumber * (data.inputs.length + targets);
  return { samples, sampleShape, outputs, bytes };
}

/** The sizes of the training data; only `bytes` counts the test data, too. */
export function dataSizes(data: DataDescriptions): DataSizes {
  const train = sizesOf(data.train);
  return { ...train, bytes: train.bytes + (data.test ? sizesOf(data.test).bytes : 0) };
}

/**
 * The bytes of a net with its optimizer, a batch on its way through it, and a checkpoint of all
 * that.
 */
export function trainingBytes(
  { sampleShape, samples }: DataSizes,
  net: NetDescription,
  { batchSize = 0, averaging = 0, patience = 0 }: RunSettings,
): number {
  const others = (averaging > 0 ? 1 : 0) + (patience > 0 ? 1 : 0);
  const copies = copiesOfWeights + copiesInCheckpoint + 2 * others;
  const inputs = numel(sampleShape);
  const outputs = net.layers.map(({ shape }) => numel(shape));
  const training = outputs.reduce((sum, n) => sum + copiesOfActivations * n, 2 * inputs);
  // A forward pass alone keeps a layer's input and output, and what is being computed.
  const evaluation = inputs + 3 * Math.max(0, ...outputs);
  // A batch may be one sample larger, see DataLoader.
  const activations = Math.max((batchSize + 1) * training, (predictBatch + 1) * evaluation);
  return (
    // The numbers of the samples, which give their order.
    bytesPerNumber * (copies * net.parameters + activations + samples)
  );
}

/**
 * The reason why threads cannot share work of this size, as a sentence for people; undefined where
 * they can.
 */
export function whyTooLarge(bytes: number): string | undefined {
  const needed = bytes + reserve;
  if (!(needed > threadsMemory)) return undefined;
  const megabytes = (size: number): string => `${Math.ceil(size / 2 ** 20)} MB`;
  return `One thread runs: the net and its data need about ${megabytes(needed)} of memory, and threads can share ${megabytes(threadsMemory)}.`;
}
