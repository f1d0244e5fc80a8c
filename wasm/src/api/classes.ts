// The classes of the API, which are members of the object that load() gives.
import type { Bound, Constructor } from "../module/engine.js";
import type { Activations } from "../unary.js";
import {
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

/**
 * The classes of the API, which need no engine as their first argument here: `new lg.Dense(2, 3)`.
 */
export interface Classes extends Activations<new (...none: []) => Layer> {
  /** A generator of random numbers with a seed: the same seed gives the same numbers everywhere. */
  readonly Random: Bound<typeof Random>;
  /** The base class of layers, for layers of your own: a class that extends it has a `forward`. */
  readonly Layer: Bound<typeof Layer>;
  /** The matrix product of the input with the weights: [N, I] → [N, O]. `Bias` adds a bias. */
  readonly Dense: Bound<typeof Dense>;
  /** Slides filters over images: [N, C, H, W] → [N, O, OH, OW], see `Tensor.conv2d`. */
  readonly Conv2D: Bound<typeof Conv2D>;
  /** Adds one number per output, which is 0 at first: [N, O] → [N, O]. */
  readonly Bias: Bound<typeof Bias>;
  /**
   * Normalises each channel of [N, C] or [N, C, H, W], by the batch while training, by running
   * averages otherwise.
   */
  readonly BatchNorm: Bound<typeof BatchNorm>;
  /** The largest of each window of pixels: [N, C, H, W] → [N, C, OH, OW]. */
  readonly MaxPool2D: Bound<typeof MaxPool2D>;
  /** The mean of each window of pixels: [N, C, H, W] → [N, C, OH, OW]. */
  readonly AvgPool2D: Bound<typeof AvgPool2D>;
  /** The mean of each channel: [N, C, H, W] → [N, C]. */
  readonly GlobalAvgPool2D: Bound<typeof GlobalAvgPool2D>;
  /** Turns each sample into one row of numbers: [N, …] → [N, I]. */
  readonly Flatten: Bound<typeof Flatten>;
  /**
   * While training, makes each number 0 with a probability, and divides the others by what is left
   * of 1.
   */
  readonly Dropout: Bound<typeof Dropout>;
  /** x where positive, else slope · x, element by element. */
  readonly LeakyReLU: Bound<typeof LeakyReLU>;
  /** eˣ / Σ eˣ over the last axis. A net that is trained with `SoftmaxCrossEntropy` needs none. */
  readonly Softmax: Bound<typeof Softmax>;
  /** Layers that run one after the other as one layer. */
  readonly Sequential: Bound<typeof Sequential>;
  /** Mean squared error, halved: Σ(ŷ − y)² / (2 · |y|). */
  readonly MSE: Bound<typeof MSE>;
  /** The cross-entropy of the softmax of logits, for classification. */
  readonly SoftmaxCrossEntropy: Bound<typeof SoftmaxCrossEntropy>;
  /** Stochastic gradient descent, with momentum and weight decay where they are asked for. */
  readonly SGD: Bound<typeof SGD>;
  /** Adam (Kingma and Ba 2015), as torch.optim.Adam. */
  readonly Adam: Bound<typeof Adam>;
  /** Adam with decoupled weight decay (Loshchilov and Hutter 2019), as torch.optim.AdamW. */
  readonly AdamW: Bound<typeof AdamW>;
  /** The base class of nets: layers by name. A class that extends it may have its own `forward`. */
  readonly Net: Bound<typeof Net>;
  /** Batches of arrays with class labels, or with numbers to predict. */
  readonly ArrayLoader: Bound<typeof ArrayLoader>;
  /** Batches of a function, which is called once per sample. */
  readonly MathFunc: Bound<typeof MathFunc>;
  /** Images and labels from two IDX files, kept as bytes; any number of loaders can read them. */
  readonly ImageSet: Bound<typeof ImageSet>;
  /** Batches of images [N, C, H, W] with values from 0 to 1, and their labels. */
  readonly ImageLoader: Bound<typeof ImageLoader>;
  /** The training loop in this thread. The package's own `Trainer` runs in a worker. */
  readonly SyncTrainer: Bound<typeof SyncTrainer>;
}

/** The classes whose objects live in an engine. */
export const classes: {
  [K in Exclude<keyof Classes, keyof Activations<unknown>>]: Constructor;
} = {
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
  Net,
  ArrayLoader,
  MathFunc,
  ImageSet,
  ImageLoader,
  SyncTrainer,
};
