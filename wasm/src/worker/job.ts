// What a trainer's settings mean: the data set in the engine's memory, and a net with its optimizer and
// loaders on top of it. The data stay when the rest is made anew.
import type { Lanegrad } from "../api/lanegrad.js";
import type { ImageSet } from "../api/loaders.js";
import type { Net } from "../api/nets.js";
import type { Optimizer } from "../api/optimizers.js";
import type { Tensor } from "../api/tensor.js";
import type { SyncTrainer } from "../api/training.js";
import * as check from "../check.js";
import type { Handle } from "../engine.js";
import { LanegradError } from "../errors.js";
import { dataSizes, testBatchSize, type DataSizes } from "./memory.js";
import type { DataDescription, TrainerInfo, TrainingSettings } from "./protocol.js";

/** Bytes before the pixels in an IDX file of images. */
const idxHeader = 16;

/** A data set in the engine, from which loaders can be made. */
class Data {
  readonly #lg: Lanegrad;
  readonly #description: DataDescription;
  readonly #images: ImageSet | undefined;
  readonly #inputs: Tensor | undefined;
  readonly #targets: Tensor | undefined;

  constructor(lg: Lanegrad, name: string, description: DataDescription) {
    this.#lg = lg;
    check.options(`${name} data`, description ?? fail(name, description));
    if (description.kind === "idx") {
      const { images, labels, classes = 10 } = description;
      this.#images = new lg.ImageSet(images, labels, { name, classes });
      // The engine has the pixels now.
      this.#description = {
        ...description,
        images: images.slice(0, idxHeader),
        labels: labels.slice(),
      };
      return;
    }
    if (description.kind !== "labels" && description.kind !== "numbers") {
      check.fail(
        `${name} data: kind`,
        (description as DataDescription).kind,
        "'idx', 'labels' or 'numbers'",
      );
    }
    const shape = check.extents(`${name} data: shape`, description.shape);
    this.#inputs = lg.tensor(check.floats(`${name} data: inputs`, description.inputs), shape);
    if (description.kind === "numbers") {
      const outputs = check.natural(`${name} data: outputs`, description.outputs);
      const targets = check.floats(`${name} data: targets`, description.targets);
      this.#targets = lg.tensor(targets, [shape[0] ?? 0, outputs]);
    }
    this.#description = { ...description, inputs: new Float32Array() };
  }

  /** What this was made of, with the large parts read back from the engine. */
  description(): DataDescription {
    const description = this.#description;
    if (description.kind !== "idx") return { ...description, inputs: this.#inputs!.data };
    const pixels = this.#images!.pixels();
    const images = new Uint8Array(idxHeader + pixels.length);
    images.set(description.images);
    images.set(pixels, idxHeader);
    return { ...description, images };
  }

  loader(batchSize: number, seed?: number) {
    const lg = this.#lg;
    const options = seed === undefined ? { batchSize } : { batchSize, seed };
    const description = this.#description;
    switch (description.kind) {
      case "idx":
        return new lg.Mnist(this.#images!, options);
      case "labels": {
        const { labels, classes } = description;
        return new lg.ArrayLoader({ inputs: this.#inputs!, labels, classes }, options);
      }
      case "numbers":
        return new lg.ArrayLoader({ inputs: this.#inputs!, targets: this.#targets! }, options);
    }
  }
}

function fail(name: string, value: unknown): never {
  return check.fail(`${name} data`, value, "a description of data");
}

export class DataSets {
  readonly train: Data;
  readonly test: Data | undefined;
  readonly sizes: DataSizes;

  constructor(lg: Lanegrad, data: { train: DataDescription; test?: DataDescription }) {
    this.train = new Data(lg, "training", data.train);
    this.test = data.test && new Data(lg, "test", data.test);
    this.sizes = dataSizes(data);
  }

  /** What these were made of. */
  descriptions(): { train: DataDescription; test?: DataDescription } {
    return {
      train: this.train.description(),
      ...(this.test && { test: this.test.description() }),
    };
  }
}

/** A net in training. */
export class Job {
  readonly trainer: SyncTrainer;
  readonly net: Net;
  readonly optimizer: Optimizer;
  readonly info: Omit<TrainerInfo, "variant" | "threads" | "note">;
  readonly batchSize: number;
  /** Whether the data have class labels. */
  readonly hasLabels: boolean;
  /** Shape of one input. */
  readonly sampleShape: number[];
  readonly #handles: Handle[];

  constructor(lg: Lanegrad, data: DataSets, settings: TrainingSettings) {
    const seed = check.natural("seed", settings.seed ?? 1);
    this.batchSize = check.whole("batch size", settings.batchSize ?? 64);
    const { train, test, net, optimizer, trainer } = lg.scope(() => {
      const train = data.train.loader(this.batchSize, seed);
      const test = data.test?.loader(testBatchSize);
      const { name, ...shape } = settings.net ?? { name: "mlp" };
      const inputs = train.sampleShape.reduce((product, extent) => product * extent, 1);
      const net = lg.net(name, { ...shape, inputs, outputs: train.outputs, seed });
      const { name: kind, ...rates } = settings.optimizer ?? { name: "adam" };
      const optimizer = lg.optimizer(kind, net, rates);
      if (settings.weights !== undefined) setWeights(net, settings.weights);
      const trainer = new lg.Trainer({ net, optimizer, train, test });
      return { train, test, net, optimizer, trainer };
    });
    this.trainer = trainer;
    this.net = net;
    this.optimizer = optimizer;
    this.hasLabels = train.hasLabels;
    this.sampleShape = train.sampleShape;
    this.#handles = [trainer, optimizer, net, train, ...(test ? [test] : [])];
    this.info = {
      parameters: net.parameterCount,
      layers: Object.entries(net.parameters).map(([name, layer]) => ({
        name,
        kind: layer.kind,
        shape: Object.values(layer.namedTensors())[0]?.shape ?? [],
      })),
      trainSamples: train.size,
      testSamples: test?.size ?? 0,
      batchesPerEpoch: train.batches,
    };
  }

  /** All tensors of the net, copied. */
  weights(): Record<string, Float32Array> {
    return Object.fromEntries(
      Object.entries(this.net.namedTensors()).map(([name, tensor]) => [name, tensor.data]),
    );
  }

  dispose(): void {
    for (const handle of this.#handles) handle.dispose();
  }
}

function setWeights(net: Net, weights: Record<string, Float32Array>): void {
  const tensors = net.namedTensors();
  const names = Object.keys(check.options("weights", weights));
  for (const name of names) {
    if (!(name in tensors)) {
      throw new LanegradError(
        "NotFound",
        `weights: the net has no tensor '${name}', it has ${Object.keys(tensors).join(", ")}`,
      );
    }
  }
  for (const [name, tensor] of Object.entries(tensors)) {
    const values = weights[name];
    if (values === undefined) {
      throw new LanegradError("InvalidArgument", `weights: '${name}' is missing`);
    }
    if (check.floats(`weights: ${name}`, values).length !== tensor.size) {
      throw new LanegradError(
        "ShapeMismatch",
        `weights: '${name}' has ${values.length} numbers, expected ${tensor.size} for its shape [${tensor.shape.join(", ")}]`,
      );
    }
    tensor.setData(values);
  }
}
