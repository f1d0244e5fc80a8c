// The data of a training in the engine's memory. They stay when the rest is made anew.
import type { Lanegrad } from "../api/lanegrad.js";
import type { DataSet } from "../api/loaders.js";
import type { DataDescription, DataDescriptions } from "../protocol/data.js";
import { dataSizes, type DataSizes } from "./memory.js";

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

/** The data to learn from and to be tested with, in the engine. */
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
