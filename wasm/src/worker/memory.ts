// How much of the engine's memory a run takes, before it is tried: the builds with threads cannot grow
// theirs. Estimates are generous; a test compares them with what the engine really uses.
import { threadsMemory } from "../variants.js";
import type { DataDescription, TrainingSettings } from "./protocol.js";

/** Samples per batch of an evaluation, and of a prediction for many inputs. */
export const testBatchSize = 256;

/** Code's own data, stacks, packed matrices, and what lies waste between blocks. */
const reserve = 24 * 2 ** 20;

/** Copies of each weight: itself, its gradient, a new part of that, and Adam's two, with rounding up. */
const copiesOfWeights = 5;

/** Of each layer's output: values and gradients, before and after bias and activation. */
const copiesOfActivations = 6;

const bytesPerNumber = 4;

/** Of a data set. */
export interface DataSizes {
  samples: number;
  /** Numbers of one input, and of one output of the net. */
  inputs: number;
  outputs: number;
  bytes: number;
}

/** What is said of data that are yet to be checked; NaN where it makes no sense. */
function sizesOf(data: DataDescription): DataSizes {
  if (data?.kind === "idx") {
    const { images, labels, classes = 10 } = data;
    const samples = labels?.length ?? NaN;
    return {
      samples,
      inputs: Math.ceil(images?.length / samples),
      outputs: classes,
      bytes: images?.length + samples,
    };
  }
  const inputs = data?.inputs?.length;
  const samples = Number(data?.shape?.[0]);
  const outputs = data?.kind === "numbers" ? data.outputs : data?.classes;
  const targets = data?.kind === "numbers" ? samples * outputs : samples;
  // The engine's blocks are up to a quarter larger than what they hold.
  const bytes = 1.25 * bytesPerNumber * (inputs + targets);
  return { samples, inputs: inputs / samples, outputs, bytes };
}

/** Of the training data, except that `bytes` counts the test data, too. */
export function dataSizes(data: { train: DataDescription; test?: DataDescription }): DataSizes {
  const train = sizesOf(data?.train);
  return { ...train, bytes: train.bytes + (data?.test ? sizesOf(data.test).bytes : 0) };
}

/** A net with its optimizer, and a batch on its way through it. */
export function jobBytes(
  { inputs, outputs, samples }: DataSizes,
  settings: TrainingSettings,
): number {
  const widths = [inputs, ...(settings.net?.hidden ?? [128]), outputs];
  let weights = 0;
  let activations = 2 * inputs;
  for (let layer = 1; layer < widths.length; layer++) {
    weights += (widths[layer - 1]! + 1) * widths[layer]!;
    activations += copiesOfActivations * widths[layer]!;
  }
  const batch = Math.max(settings.batchSize ?? 64, testBatchSize);
  return (
    bytesPerNumber * (copiesOfWeights * weights + batch * activations + samples) // their order
  );
}

/** Why threads cannot share the work of this size, as a sentence for people. */
export function whyTooLarge(bytes: number): string | undefined {
  const needed = bytes + reserve;
  if (needed <= threadsMemory) return undefined;
  const megabytes = (size: number): string => `${Math.ceil(size / 2 ** 20)} MB`;
  return `One thread runs: the net and its data need about ${megabytes(needed)} of memory, and threads can share ${megabytes(threadsMemory)}.`;
}
