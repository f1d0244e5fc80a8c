// A trainer's settings turned into objects: a net with its optimizer and loaders.
import * as check from "../check.js";
import { LanegradError } from "../errors.js";
import { described } from "../module/description.js";
import type { LoadedModule } from "../module/load.js";
import type { NetHandle, RawModule, TensorHandle, TrainingHandle } from "../module/raw.js";
import { mapped, numel } from "../values.js";
import type { TrainerInfo, TrainingDescription } from "../protocol/info.js";
import type { Pile, WeightsOf } from "../protocol/messages.js";
import type { GivenWeights, TrainingSettings } from "../protocol/settings.js";
import type { Arrivals } from "./arrivals.js";
import { trainingMemory, type BuildChoice, type Choice } from "./build_choice.js";
import type { DataSets } from "./data_sets.js";
import { named, release, scoped, type Own } from "./handles.js";
import { predictBatch, type DataSizes } from "./memory.js";
import { explanation } from "./on_demand.js";
import type { Queue } from "./queue.js";
import type { Stream } from "./stream.js";
import { allTensors, find } from "./weights.js";

/** The net of these settings, and what training it on data of these sizes needs. */
export function describe(
  engine: LoadedModule,
  sizes: DataSizes,
  settings: TrainingSettings,
): TrainingDescription {
  const layers = engine.raw.describe(settings.net!, sizes.sampleShape, sizes.outputs);
  return { ...described(layers), memoryBytes: trainingMemory(engine, sizes, settings) };
}

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

/** Where data that come in batches arrive, and the work that they wait for. */
export interface Feeding {
  arrivals: Arrivals;
  queue: Queue;
}

/** A training, and the engine and the data that it is made of. */
export interface Prepared extends Choice {
  data: DataSets;
  training: Training;
}

/** A net in training, with its optimizer and loaders, in the engine. */
export class Training {
  readonly trainer: TrainingHandle;
  readonly net: NetHandle;
  readonly info: Omit<TrainerInfo, "variant" | "threads" | "note">;
  /** Whether the data have class labels. */
  readonly hasLabels: boolean;
  /** What gives the training its batches, where they are not stored. */
  stream: Stream | undefined;
  readonly #raw: RawModule;

  /** Needs `setWeights`, of what is loaded on demand, where the settings have weights. */
  constructor(
    engine: LoadedModule,
    data: DataSets,
    settings: TrainingSettings,
    setWeights?: (net: NetHandle, weights: GivenWeights) => void,
  ) {
    const { weights, checkpoint, ...run } = settings;
    const { raw } = engine;
    this.#raw = raw;
    const { train, test, validation } = data;
    const sets = [train.set, test?.set ?? null, validation?.set ?? null] as const;
    this.trainer =
      checkpoint === undefined ? raw.training(run, ...sets) : raw.load(checkpoint, ...sets);
    this.net = this.trainer.net();
    try {
      if (weights !== undefined) setWeights!(this.net, weights);
      if (data.train.classNames) this.trainer.setClassNames(data.train.classNames);
      this.info = scoped((own) => this.#about(own, engine, data));
      this.hasLabels = scoped((own) => own(this.trainer.loader("train")!).hasLabels());
    } catch (thrown) {
      this.dispose();
      throw thrown;
    }
  }

  #about(own: Own, engine: LoadedModule, data: DataSets): Training["info"] {
    const { trainer, net } = this;
    const loader = (of: "train" | "test" | "validation") => {
      const found = trainer.loader(of);
      return found && own(found);
    };
    const train = loader("train")!;
    const settings = trainer.settings();
    const classNames = trainer.classNames();
    return {
      ...describe(engine, data.sizes, settings),
      settings,
      tensors: mapped(allTensors(own, net), (tensor) => tensor.shape()),
      sampleShape: train.sampleShape(),
      outputs: train.outputs(),
      trainSamples: train.size(),
      validationSamples: loader("validation")?.size() ?? 0,
      testSamples: loader("test")?.size() ?? 0,
      batchesPerEpoch: train.batches(),
      ...trainer.progress(),
      learningRate: own(trainer.optimizer()).learningRate(),
      normalization: mapped(trainer.normalization(), ([one = 0, ...more]) =>
        more.length > 0 ? [one, ...more] : one,
      ) as TrainerInfo["normalization"],
      ...(classNames && { classNames: classNames.split("\n") }),
    };
  }

  /** Copies of all tensors of the net by name, or of the one of this name. */
  weights(of: WeightsOf, name?: string): Record<string, Float32Array> | Float32Array {
    return scoped((own) => {
      const tensors =
        of === "answers" ? named(own, this.trainer.answering()) : allTensors(own, this.net);
      if (name !== undefined) return find(tensors, name).data();
      return mapped(tensors, (tensor) => tensor.data());
    });
  }

  /** One input as a tensor; messages begin with `what`. */
  input(own: Own, what: string, input: Float32Array): TensorHandle {
    const { sampleShape } = this.info;
    if (input.length !== numel(sampleShape)) {
      throw new LanegradError(
        "ShapeMismatch",
        `${what}: ${input.length} numbers, expected ${numel(sampleShape)} for one input of shape [${sampleShape.join(", ")}]`,
      );
    }
    check.finite(what, input, input.length);
    return own(this.#raw.tensor(input, [1, ...sampleShape], false));
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
    return scoped((own) => {
      const x = own(this.#raw.tensor(inputs, [count, ...this.info.sampleShape], false));
      return own(this.hasLabels ? this.trainer.probabilities(x) : this.trainer.predict(x)).data();
    });
  }

  /** Throws `InvalidState` where the training data come in batches. */
  requireStored(what: string): void {
    if (this.stream) throw notStored(what);
  }

  /** Throws `InvalidState` where these samples cannot be measured. */
  requirePile(pile: Pile): void {
    if (pile === "train") return this.requireStored("measure");
    if (this.info.validationSamples > 0) return;
    throw new LanegradError(
      "InvalidState",
      "measure: no samples are held back for validation, expected some",
    );
  }

  dispose(): void {
    this.stream?.end();
    release(this.net);
    release(this.trainer);
  }
}

export const notStored = (what: string): LanegradError =>
  new LanegradError(
    "InvalidState",
    `${what}: the training data come in batches, expected data in memory`,
  );

/** Makes a training; what puts given weights into it, or gives it its batches, is loaded where that is needed. */
export async function makeTraining(
  engine: LoadedModule,
  data: DataSets,
  settings: TrainingSettings,
  { arrivals, queue }: Feeding,
): Promise<Training> {
  const { streamed } = data.train;
  if (data.validation && settings.validation) {
    throw (await explanation()).twoValidations(settings);
  }
  if (!streamed && !settings.weights) return new Training(engine, data, settings);
  const { setWeights, Stream, streamSettings } = await explanation();
  const given = streamed ? await streamSettings(data, settings, arrivals, queue) : settings;
  const training = new Training(engine, data, given, setWeights);
  if (streamed) training.stream = new Stream(engine, streamed, training.trainer, arrivals);
  return training;
}

/**
 * Prepares the training after the one that is there now, which stays as it is; only if no room is left for both is another
 * build loaded.
 */
export async function prepare(
  builds: BuildChoice,
  now: Pick<Prepared, "engine" | "data"> & { settings: TrainingSettings },
  settings: TrainingSettings,
  feeding: Feeding,
): Promise<Prepared> {
  const { engine, note } = await builds.engineFor(now.data.sizes, settings, now);
  try {
    const data = engine === now.engine ? now.data : now.data.copiedTo(engine);
    return { engine, note, data, training: await makeTraining(engine, data, settings, feeding) };
  } catch (thrown) {
    if (engine !== now.engine) engine.end();
    throw thrown;
  }
}
