// A trainer's settings turned into objects: the data set in the engine's memory, and a net with its
// optimizer and loaders. The data stay when the rest is made anew.
import type { Lanegrad } from "../api/lanegrad.js";
import type { DataSet } from "../api/loaders.js";
import type { Net } from "../api/nets.js";
import type { SyncTrainer } from "../api/training.js";
import { mapped } from "../values.js";
import { dataSizes, type DataSizes } from "./memory.js";
import { entriesOf, settingsOf } from "./settings.js";
import { allTensors, find, setWeights } from "./weights.js";
import type { DataDescription, DataDescriptions } from "../protocol/data.js";
import type { TrainerInfo } from "../protocol/info.js";
import type { WeightsOf } from "../protocol/messages.js";
import type { TrainingSettings } from "../protocol/settings.js";

/** The bytes before the pixels in an IDX file of images. */
const idxHeader = 16;

/** A data set in the engine, and the description that it was made from. */
class Data {
  readonly set: DataSet;
  #description: DataDescription;

  constructor(lg: Lanegrad, name: string, description: DataDescription) {
    if (description.kind === "idx") {
      const { images, labels, classes = 10 } = description;
      this.set = new lg.ImageSet(images, labels, { name, classes });
      // The engine has the pixels now, so the description need not keep them.
      this.#description = {
        ...description,
        images: images.slice(0, idxHeader),
        labels: labels.slice(),
      };
      return;
    }
    const { shape } = description;
    const what = `${name} data`;
    const inputs = lg.tensor(description.inputs, shape);
    if (description.kind === "numbers") {
      const targets = lg.tensor(description.targets, [shape[0] ?? 0, description.outputs]);
      this.set = lg.arraySet({ inputs, targets }, what);
      targets.dispose();
    } else {
      const { labels, classes } = description;
      this.set = lg.arraySet({ inputs, labels, classes }, what);
    }
    inputs.dispose();
    this.#description = { ...description, inputs: new Float32Array() };
  }

  /** The names of the classes, if there are any. */
  get classNames(): readonly string[] | undefined {
    return "classNames" in this.#description ? this.#description.classNames : undefined;
  }

  set classNames(classNames: readonly string[]) {
    if (this.#description.kind === "numbers") return;
    this.#description = { ...this.#description, classNames };
  }

  /** The description that this was made from, with the large part read back from the engine. */
  description(): DataDescription {
    const description = this.#description;
    const values = this.set.values();
    if (description.kind !== "idx") return { ...description, inputs: values as Float32Array };
    const images = new Uint8Array(idxHeader + values.length);
    images.set(description.images);
    images.set(values, idxHeader);
    return { ...description, images };
  }
}

export class DataSets {
  readonly train: Data;
  readonly test: Data | undefined;
  readonly sizes: DataSizes;

  constructor(lg: Lanegrad, data: DataDescriptions) {
    this.train = new Data(lg, "training", data.train);
    this.test = data.test && new Data(lg, "test", data.test);
    this.sizes = dataSizes(data);
  }

  /** The descriptions that the sets were made from. */
  descriptions(): DataDescriptions {
    return {
      train: this.train.description(),
      ...(this.test && { test: this.test.description() }),
    };
  }
}

/** A net in training, with its optimizer and loaders. */
export class Job {
  readonly trainer: SyncTrainer;
  readonly net: Net;
  readonly info: Omit<TrainerInfo, "variant" | "threads" | "note">;
  /** Whether the data have class labels. */
  readonly hasLabels: boolean;

  constructor(lg: Lanegrad, data: DataSets, settings: TrainingSettings) {
    const { weights, checkpoint, ...run } = settings;
    const { trainer, net, info, hasLabels } = lg.scope(() => {
      const trainer =
        checkpoint === undefined
          ? lg.training(entriesOf(run), data.train.set, data.test?.set)
          : lg.load(checkpoint, data.train.set, data.test?.set);
      const { net } = trainer;
      if (weights !== undefined) setWeights(net, weights);
      const train = trainer.loader("train")!;
      const { sampleShape, outputs, hasLabels } = train;
      const [step, epochs] = trainer.progress;
      const settings = settingsOf(trainer.entries());
      if (data.train.classNames) trainer.raw.setClassNames(data.train.classNames);
      const classNames = trainer.raw.classNames();
      const [mean, deviation] = trainer.raw.normalization() as unknown as [number, number];
      const info = {
        ...lg.describe(settings.net!, { inputs: sampleShape, outputs }),
        settings,
        tensors: mapped(allTensors(net), ({ shape }) => shape),
        sampleShape,
        outputs,
        trainSamples: train.size,
        validationSamples: trainer.loader("validation")?.size ?? 0,
        testSamples: trainer.loader("test")?.size ?? 0,
        batchesPerEpoch: train.batches,
        step,
        epochs,
        learningRate: trainer.optimizer.learningRate,
        normalization: { mean, deviation },
        ...(classNames.length > 0 && { classNames }),
      };
      return { trainer, net, info, hasLabels };
    });
    this.trainer = trainer;
    this.net = net;
    this.info = info;
    this.hasLabels = hasLabels;
  }

  /** Copies of all tensors of the net by name, or of the one of this name. */
  weights(of: WeightsOf, name?: string): Record<string, Float32Array> | Float32Array {
    return this.trainer.engine.scope(() => {
      const tensors = of === "answers" ? this.trainer.answering() : allTensors(this.net);
      if (name !== undefined) return find(tensors, name).data;
      return mapped(tensors, ({ data }) => data);
    });
  }

  dispose(): void {
    this.trainer.dispose();
    this.net.dispose();
  }
}
