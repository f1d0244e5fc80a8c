// A trainer's settings turned into objects: a net with its optimizer and loaders.
import type { Lanegrad } from "../api/lanegrad.js";
import type { Net } from "../api/nets.js";
import type { SyncTrainer } from "../api/training.js";
import type { Tensor } from "../api/tensor.js";
import * as check from "../check.js";
import { LanegradError } from "../errors.js";
import { mapped, numel } from "../values.js";
import type { TrainerInfo, TrainingDescription } from "../protocol/info.js";
import type { WeightsOf } from "../protocol/messages.js";
import type { GivenWeights, TrainingSettings } from "../protocol/settings.js";
import { trainingMemory } from "./build_choice.js";
import type { DataSets } from "./data_sets.js";
import { predictBatch, type DataSizes } from "./memory.js";
import { explanation } from "./on_demand.js";
import { allTensors, find } from "./weights.js";

/** The net of these settings, and what training it on data of these sizes needs. */
export const describe = (
  lg: Lanegrad,
  sizes: DataSizes,
  settings: TrainingSettings,
): TrainingDescription => ({
  ...lg.describe(settings.net!, { inputs: sizes.sampleShape, outputs: sizes.outputs }),
  memoryBytes: trainingMemory(lg, sizes, settings),
});

/**
 * The settings of a new training on so many samples: the current ones changed by these, or those of a
 * checkpoint. Where `validation` is a share of the samples, it becomes their number.
 */
export function changed(
  current: TrainingSettings,
  settings: TrainingSettings,
  samples: number,
): TrainingSettings {
  const { checkpoint, ...others } = settings;
  if (checkpoint === undefined) {
    const { weights: _, checkpoint: __, ...now } = current;
    const wanted = { ...now, ...others };
    const { validation = 0 } = wanted;
    if (validation > 0 && validation < 1) {
      wanted.validation = Math.max(1, Math.round(validation * samples));
    }
    return wanted;
  }
  for (const [name, value] of Object.entries(others)) {
    if (value === undefined) continue;
    throw new LanegradError(
      "InvalidArgument",
      `checkpoint: ${name} is set beside it, expected no settings but its own`,
    );
  }
  return { checkpoint };
}

/** A net in training, with its optimizer and loaders, in the engine. */
export class Training {
  readonly trainer: SyncTrainer;
  readonly net: Net;
  readonly info: Omit<TrainerInfo, "variant" | "threads" | "note">;
  /** Whether the data have class labels. */
  readonly hasLabels: boolean;
  readonly #lg: Lanegrad;

  /** Needs `setWeights`, of what is loaded on demand, where the settings have weights. */
  constructor(
    lg: Lanegrad,
    data: DataSets,
    settings: TrainingSettings,
    setWeights?: (net: Net, weights: GivenWeights) => void,
  ) {
    const { weights, checkpoint, ...run } = settings;
    const { trainer, net, info, hasLabels } = lg.scope(() => {
      const trainer =
        checkpoint === undefined
          ? lg.training(run, data.train.set, data.test?.set)
          : lg.load(checkpoint, data.train.set, data.test?.set);
      const { net } = trainer;
      if (weights !== undefined) setWeights!(net, weights);
      const train = trainer.loader("train")!;
      const { sampleShape, outputs, hasLabels } = train;
      const { settings } = trainer;
      if (data.train.classNames) trainer.raw.setClassNames(data.train.classNames);
      const classNames = trainer.raw.classNames();
      const info = {
        ...describe(lg, data.sizes, settings),
        settings,
        tensors: mapped(allTensors(net), ({ shape }) => shape),
        sampleShape,
        outputs,
        trainSamples: train.size,
        validationSamples: trainer.loader("validation")?.size ?? 0,
        testSamples: trainer.loader("test")?.size ?? 0,
        batchesPerEpoch: train.batches,
        ...trainer.progress,
        learningRate: trainer.optimizer.learningRate,
        normalization: mapped(trainer.raw.normalization(), ([one = 0, ...more]) =>
          more.length > 0 ? [one, ...more] : one,
        ) as TrainerInfo["normalization"],
        ...(classNames && { classNames: classNames.split("\n") }),
      };
      return { trainer, net, info, hasLabels };
    });
    this.#lg = lg;
    this.trainer = trainer;
    this.net = net;
    this.info = info;
    this.hasLabels = hasLabels;
  }

  /** Copies of all tensors of the net by name, or of the one of this name. */
  weights(of: WeightsOf, name?: string): Record<string, Float32Array> | Float32Array {
    return this.#lg.scope(() => {
      const tensors = of === "answers" ? this.trainer.answering() : allTensors(this.net);
      if (name !== undefined) return find(tensors, name).data;
      return mapped(tensors, ({ data }) => data);
    });
  }

  /** One input as a tensor; messages begin with `what`. */
  input(what: string, input: Float32Array): Tensor {
    const { sampleShape } = this.info;
    if (input.length !== numel(sampleShape)) {
      throw new LanegradError(
        "ShapeMismatch",
        `${what}: ${input.length} numbers, expected ${numel(sampleShape)} for one input of shape [${sampleShape.join(", ")}]`,
      );
    }
    check.finite(what, input, input.length);
    return this.#lg.tensor(input, [1, ...sampleShape]);
  }

  /** The answers to `count` inputs, see `Trainer.predict`. */
  predict(inputs: Float32Array, count: number): Float32Array {
    const numbers = numel(this.info.sampleShape);
    check.finite("predict", inputs, numbers);
    // The engine says what is wrong with too many or too few numbers.
    if (count <= predictBatch || inputs.length !== count * numbers) {
      return this.#predictBatch(inputs, count);
    }
    const result = new Float32Array(count * this.info.outputs);
    for (let begin = 0; begin < count; begin += predictBatch) {
      const end = Math.min(begin + predictBatch, count);
      const batch = inputs.subarray(begin * numbers, end * numbers);
      result.set(this.#predictBatch(batch, end - begin), begin * this.info.outputs);
    }
    return result;
  }

  #predictBatch(inputs: Float32Array, count: number): Float32Array {
    return this.#lg.scope(() => {
      const x = this.#lg.tensor(inputs, [count, ...this.info.sampleShape]);
      return (this.hasLabels ? this.trainer.probabilities(x) : this.trainer.predict(x)).data;
    });
  }

  dispose(): void {
    this.trainer.dispose();
    this.net.dispose();
  }
}

/** Makes a training; what puts given weights into it is loaded where there are some. */
export async function makeTraining(lg: Lanegrad, data: DataSets, settings: TrainingSettings) {
  const { setWeights } = settings.weights ? await explanation() : {};
  return new Training(lg, data, settings, setWeights);
}
