// What streamed images are normalized by: what the caller says, what a checkpoint says, or what one pass over them gives.
import * as check from "../check.js";
import { LanegradError } from "../errors.js";
import type { SentStream } from "../protocol/batches.js";
import type { TrainingSettings } from "../protocol/settings.js";
import { numel } from "../values.js";
import type { Arrivals } from "./arrivals.js";
import type { DataSets } from "./data_sets.js";
import { Intake, what } from "./intake.js";
import type { Queue } from "./queue.js";

/** One of each for each channel. */
interface Moments {
  mean: Float64Array;
  deviation: Float64Array;
}

const channelsOf = ({ shape }: SentStream): number => (shape.length > 3 ? shape[1]! : 1);

/** What the caller says, checked. */
function given(data: SentStream, normalization: unknown): Moments {
  const { mean, deviation } = normalization as { mean?: unknown; deviation?: unknown };
  const channels = channelsOf(data);
  const numbers = (value: unknown): Float64Array | undefined => {
    const list = [value].flat() as number[];
    const right = list.length === channels && list.every((number) => Number.isFinite(number));
    return right ? Float64Array.from(list) : undefined;
  };
  const [means, deviations] = [numbers(mean), numbers(deviation)];
  if (means && deviations?.every((value) => value > 0)) {
    return { mean: means, deviation: deviations };
  }
  const each = channels > 1 ? ` for each of the ${channels} channels` : "";
  throw new LanegradError(
    "InvalidArgument",
    `${what}: normalization by the mean ${said(mean)} and the deviation ${said(deviation)}, expected a finite mean and a deviation above 0${each}`,
  );
}

const said = (value: unknown): string =>
  Array.isArray(value) ? `[${value.map(check.show).join(", ")}]` : check.show(value);

/** What the file of a training says; undefined where it is broken, which the engine tells. */
function filed(file: Uint8Array): Moments | undefined {
  try {
    const view = new DataView(file.buffer, file.byteOffset);
    const begin = 8 + Number(view.getBigUint64(0, true));
    const text = new TextDecoder().decode(file.subarray(8, begin));
    const tensors = JSON.parse(text) as Record<string, { data_offsets: [number, number] }>;
    const numbers = (of: string): Float64Array => {
      const [from, to] = tensors[`normalization.${of}`]!.data_offsets;
      return new Float64Array(file.slice(begin + from, begin + to).buffer);
    };
    const [mean, deviation] = [numbers("mean"), numbers("deviation")];
    const right = [1, 3].includes(mean.length) && mean.length === deviation.length;
    return right ? { mean, deviation } : undefined;
  } catch {
    return undefined;
  }
}

/** The moments of the pixels of an epoch, from 0 to 1, to the bit those of the same images in memory. */
async function measured(arrivals: Arrivals, data: SentStream): Promise<Moments> {
  const channels = channelsOf(data);
  const pixels = numel(data.shape.slice(-2));
  const [sums, squares] = [new Float64Array(channels), new Float64Array(channels)];
  const intake = new Intake(arrivals, data);
  try {
    intake.begin(0);
    for (;;) {
      while (intake.waiting > 0) {
        const { inputs } = intake.next(1);
        for (let c = 0; c < channels; c++) {
          let [sum, square] = [0, 0];
          for (const pixel of inputs.subarray(c * pixels, (c + 1) * pixels)) {
            sum += pixel;
            square += pixel * pixel;
          }
          sums[c]! += sum;
          squares[c]! += square;
        }
      }
      if (intake.complete) break;
      intake.need();
      await intake.more();
    }
  } finally {
    intake.breakOff();
    intake.end();
  }
  const count = data.shape[0]! * pixels;
  const variances = squares.map((square, c) => {
    const mean = sums[c]! / count;
    return square / count - mean * mean;
  });
  return {
    mean: sums.map((sum) => sum / count / 255),
    deviation: variances.map((variance) => (variance > 0 ? Math.sqrt(variance) / 255 : 1)),
  };
}

/** Normalizes streamed images by what the file of a training says. */
export function normalizeAs(data: DataSets, file: Uint8Array): void {
  const { streamed, set } = data.train;
  const moments = streamed && filed(file);
  if (moments) set.stream(streamed.shape[0]!, moments.mean, moments.deviation);
}

/** What is known of data, by their shape, which goes with them from engine to engine. */
const known = new WeakMap<readonly number[], Moments>();

/** Two sets of samples to validate with. */
export const twoValidations = ({ validation }: TrainingSettings): LanegradError =>
  new LanegradError(
    "InvalidArgument",
    `validation: ${validation} beside data.validation, expected one of the two`,
  );

/**
 * Refuses settings that streamed data cannot have, normalizes images as the settings say, and returns the settings. Work of
 * `queue` is done while no training goes on.
 */
export async function streamSettings(
  data: DataSets,
  settings: TrainingSettings,
  arrivals: Arrivals,
  queue: Queue,
): Promise<TrainingSettings> {
  const streamed = data.train.streamed!;
  const { validation, checkpoint } = settings;
  if (validation) {
    throw new LanegradError(
      "InvalidArgument",
      `validation: ${validation} of training data that come in batches, expected none: they are not known before, and data.validation takes others`,
    );
  }
  if (checkpoint) {
    normalizeAs(data, checkpoint);
    return settings;
  }
  const { normalization } = streamed as { normalization?: unknown };
  if (normalization !== undefined && streamed.kind !== "images") {
    throw new LanegradError(
      "InvalidArgument",
      `${what}: normalization of data that are no images, expected none`,
    );
  }
  const normalize = settings.normalize ?? (normalization ? true : undefined);
  if (!normalize || streamed.kind !== "images") return { ...settings, normalize };
  const moments =
    known.get(streamed.shape) ??
    (normalization
      ? given(streamed, normalization)
      : await queue.alone(() => measured(arrivals, streamed)));
  known.set(streamed.shape, moments);
  data.train.set.stream(streamed.shape[0]!, moments.mean, moments.deviation);
  return { ...settings, normalize };
}
