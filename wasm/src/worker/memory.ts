// The bytes of data before they are sent, and whether threads can share a memory for them: the builds
// with threads cannot grow theirs.
import { numel } from "../values.js";
import { free } from "../module/free.js";
import { threadsMemory } from "../module/variants.js";
import type { TrainerInfo } from "../protocol/info.js";
import type { FileStart, SentDescription, SentDescriptions } from "../protocol/data.js";

/** The most samples that a prediction takes at a time. */
export const predictBatch = 256;

/** Images as they are. */
export const noAugmentation = { shift: 0, rotation: 0, scale: 0, shear: 0 };

/** The most numbers that all layers together may give at a time: 4 MB. */
const inspectedNumbers = 2 ** 20;

/** How many samples all layers' outputs are kept of at a time. */
export function samplesAtATime({
  layers,
  sampleShape,
}: Pick<TrainerInfo, "layers" | "sampleShape">) {
  const numbers = layers.reduce((sum, { shape }) => sum + numel(shape), numel(sampleShape));
  return Math.min(predictBatch, Math.max(1, Math.floor(inspectedNumbers / numbers)));
}

/** The stacks of threads, and what predictions and inspections beside the training need. */
const reserve = 24 * 2 ** 20;

const bytesPerNumber = 4;

/** The start of a file of images, which may be all of it. */
export const startOf = (images: Uint8Array | FileStart): FileStart =>
  "first" in images ? images : { first: images, size: images.length };

/** The axes of a file of images: [S, H, W], or [S, C, H, W]. */
export const axesOf = (first: Uint8Array): number => (first[3] === 4 ? 4 : 3);

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
function sizesOf(data: SentDescription): DataSizes {
  if (data.kind === "idx") {
    const { labels, classes = 10 } = data;
    const { first, size } = startOf(data.images);
    const samples = labels.length - 8; // behind the header
    const axes = axesOf(first);
    const extent = (axis: number): number =>
      first.length >= 4 + 4 * axes
        ? new DataView(first.buffer, first.byteOffset).getUint32(4 + 4 * axis)
        : NaN;
    const sampleShape = [axes > 3 ? extent(1) : 1, extent(axes - 2), extent(axes - 1)];
    const bytes = (size ?? extent(0) * numel(sampleShape)) + samples;
    return { samples, sampleShape, outputs: classes, bytes };
  }
  const [samples = NaN, ...sampleShape] = data.shape;
  const outputs = data.kind === "numbers" ? data.outputs : data.classes;
  if ("streamed" in data) {
    const images = data.kind === "images" && sampleShape.length === 2;
    return { samples, sampleShape: images ? [1, ...sampleShape] : sampleShape, outputs, bytes: 0 };
  }
  const targets = data.kind === "numbers" ? samples * outputs : samples;
  // The engine's blocks are up to a quarter larger than what they hold.
  const bytes = 1.25 * bytesPerNumber * ((data.inputs?.length ?? numel(data.shape)) + targets);
  return { samples, sampleShape, outputs, bytes };
}

/** The sizes of the training data; only `bytes` counts the other data, too. */
export function dataSizes(data: SentDescriptions): DataSizes {
  const all = Object.values(data) as SentDescription[];
  return { ...sizesOf(data.train), bytes: all.reduce((sum, one) => sum + sizesOf(one).bytes, 0) };
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

/** Frees what the engine has copied of these data. */
export function freeSent(data: SentDescriptions): void {
  for (const sent of Object.values(data) as SentDescription[]) {
    if (sent.kind === "idx") free(startOf(sent.images).first.buffer);
    if (sent.kind === "idx" || "streamed" in sent) continue;
    const { inputs } = sent as { inputs: Float32Array | undefined };
    const rest = (sent.kind === "numbers" ? sent.targets : sent.labels) as Float32Array;
    // They may be views of one buffer, and the rest is still to be read.
    if (inputs && inputs.buffer !== rest.buffer) free(inputs.buffer);
  }
}
