// The classes of the API, which are members of the object that load() gives.
import type { Bound } from "../module/engine.js";
import {
  activations,
  AvgPool2D,
  BatchNorm,
  Bias,
  Conv2D,
  Dense,
  Dropout,
  Flatten,
  GlobalAvgPool2D,
  LeakyReLU,
  MaxPool2D,
  Softmax,
} from "./layers.js";
import { Layer, Sequential } from "./layer.js";
import { ArrayLoader, ImageSet, MathFunc, ImageLoader } from "./loaders.js";
import { MSE, SoftmaxCrossEntropy } from "./losses.js";
import { Net } from "./nets.js";
import { Adam, AdamW, SGD } from "./optimizers.js";
import { Random } from "./random.js";
import { SyncTrainer } from "./training.js";

/** The classes whose objects live in an engine. */
export const classes = {
  Random,
  Layer,
  Dense,
  Conv2D,
  Bias,
  BatchNorm,
  MaxPool2D,
  AvgPool2D,
  GlobalAvgPool2D,
  Flatten,
  Dropout,
  LeakyReLU,
  Softmax,
  Sequential,
  MSE,
  SoftmaxCrossEntropy,
  SGD,
  Adam,
  AdamW,
  /** The base class of nets: layers by name. A class that extends it may have its own `forward`. */
  Net,
  ArrayLoader,
  MathFunc,
  ImageSet,
  ImageLoader,
  /** The training loop in this thread. The package's own `Trainer` runs in a worker. */
  SyncTrainer,
};

/**
 * The classes of the API, which need no engine as their first argument here: `new lg.Dense(2, 3)`.
 */
export type Classes = {
  readonly [K in keyof typeof classes]: Bound<(typeof classes)[K]>;
} & ReturnType<typeof activations>;
