// How much of the engine's memory a run takes, before its data are brought: the builds with threads cannot
// grow theirs. Estimates are generous; a test compares them with what the engine really uses.
import type { NetDescription } from "../api/nets.js";
import { threadsMemory } from "../variants.js";
import type { DataDescription, DataDescriptions, RunSettings } from "./protocol.js";

/** The most samples that a prediction takes at a time. */
export const predictBatch = 256;

/** Code's own data, stacks, packed matrices, and what lies waste between blocks. */
const reserve = 24 * 2 ** 20;

/** Copies of each weight: itself, its gradient, a new part of that, and Adam's two, with rounding up. */
const copiesOfWeights = 5;

/** Of each weight in a checkpoint, whose bytes are made in the engine's memory: itself and Adam's two. */
const copiesInCheckpoint = 3;

/** Of each layer's output: values and gradients, with rounding up. */
const copiesOfActivations = 2.5;

const bytesPerNumber = 4;

/** Of a data set. */
export interface DataSizes {
  samples: number;
  /** Of one input. */
  sampleShape: number[];
  /** Numbers of one output of the net. */
  outputs: number;
  bytes: number;
}

/** What is said of data whose files the engine has yet to read; NaN where it makes no sense. */
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

/** Of the training data, except that `bytes` counts the test data, too. */
export function dataSizes(data: DataDescriptions): DataSizes {
  const train = sizesOf(data.train);
  return { ...train, bytes: train.bytes + (data.test ? sizesOf(data.test).bytes : 0) };
}

/** A net with its optimizer, a batch on its way through it, and a checkpoint of all that. */
export function jobBytes(
  { sampleShape, samples }: DataSizes,
  net: NetDescription,
  { batchSize = 0, averaging = 0, patience = 0 }: RunSettings,
): number {
  const others = (averaging > 0 ? 1 : 0) + (patience > 0 ? 1 : 0);
  const copies = copiesOfWeights + copiesInCheckpoint + 2 * others;
  const numbers = (shape: number[]): number => shape.reduce((product, n) => product * n, 1);
  const inputs = numbers(sampleShape);
  const outputs = net.layers.map(({ shape }) => numbers(shape));
  const training = outputs.reduce((sum, n) => sum + copiesOfActivations * n, 2 * inputs);
  // Going forward alone keeps a layer's input and output, and what is being computed.
  const evaluation = inputs + 3 * Math.max(0, ...outputs);
  // A batch may be one sample larger, see DataLoader.
  const activations = Math.max((batchSize + 1) * training, (predictBatch + 1) * evaluation);
  return (
    bytesPerNumber * (copies * net.parameters + activations + samples) // their order
  );
}

/** Why threads cannot share the work of this size, as a sentence for people. */
export function whyTooLarge(bytes: number): string | undefined {
  const needed = bytes + reserve;
  if (!(needed > threadsMemory)) return undefined;
  const megabytes = (size: number): string => `${Math.ceil(size / 2 ** 20)} MB`;
  return `One thread runs: the net and its data need about ${megabytes(needed)} of memory, and threads can share ${megabytes(threadsMemory)}.`;
}
