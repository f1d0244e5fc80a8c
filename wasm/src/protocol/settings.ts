// The settings of a training.

/**
 * An optimizer with its settings. A setting that the optimizer does not have throws
 * `InvalidArgument`.
 */
export interface OptimizerDescription {
  /** The optimizer, as torch.optim's Adam, AdamW and SGD. */
  name: "adam" | "adamw" | "sgd";
  /** The learning rate, finite and at least 0. Default: 0.001, with sgd 0.01. */
  learningRate?: number;
  /**
   * How strongly weights are pulled towards 0. With adam and sgd, this much of each weight is added
   * to its gradient; with adamw, each step multiplies the weights by 1 − learningRate ·
   * weightDecay. Default: 0, with adamw 0.01.
   */
  weightDecay?: number;
  /** For sgd: the share of its velocity that a step keeps, at least 0 and below 1. Default: 0. */
  momentum?: number;
  /** For sgd: whether it looks ahead with its momentum (Nesterov). Default: false. */
  nesterov?: boolean;
  /**
   * For adam and adamw: the share of the mean of gradients that a step keeps, at least 0 and below
   * 1. Default: 0.9.
   */
  beta1?: number;
  /**
   * For adam and adamw: the share of the mean of squared gradients that a step keeps, at least 0
   * and below 1. Default: 0.999.
   */
  beta2?: number;
  /**
   * For adam and adamw: a positive number that is added to the root of the mean of squared
   * gradients. Default: 1e-8.
   */
  epsilon?: number;
}

/** How the learning rate changes over all epochs, see `Trainer.learningRates`. */
export interface ScheduleDescription {
  /**
   * The curve. "constant": the rate stays. "step": the rate falls in `drops` equal parts, so drops
   * − 1 times. "cosine": it falls along half a cosine, from the first step to `end` after the last.
   * "one-cycle": it climbs from `start` first and then falls to `end`.
   */
  name: "constant" | "step" | "cosine" | "one-cycle";
  /**
   * For "step": the number of equal parts, between which the rate is multiplied by `factor`.
   * Default: 3.
   */
  drops?: number;
  /** For "step": what the rate is multiplied by from one part to the next. Default: 0.1. */
  factor?: number;
  /**
   * For "one-cycle": the share of the steps in which the rate climbs; the last of them has the full
   * rate. Default: 0.3.
   */
  warmUp?: number;
  /** For "one-cycle": the first rate, as a share of the learning rate. Default: 0.04. */
  start?: number;
  /**
   * For "cosine" and "one-cycle": the rate that is reached after the last step, as a share of the
   * learning rate. Default: 0.
   */
  end?: number;
}

/** How strongly each training image is changed, anew in each epoch. */
export interface Augmentation {
  /** The most pixels by which an image is shifted, in each direction. Default: 0. */
  shift?: number;
  /** The most degrees by which an image is rotated, either way, 0 to 180. Default: 0. */
  rotation?: number;
  /**
   * The most by which an image is scaled, as a share below 1: 0.1 makes it up to a tenth larger or
   * smaller. Default: 0.
   */
  scale?: number;
  /**
   * The most degrees by which an image's upright lines are made to lean, either way, below 90.
   * Default: 0.
   */
  shear?: number;
}

/**
 * The settings of a training. Where the net is named in the catalog, a setting that is left out has
 * the value that is recommended for that net, see `Trainer.recipes`; otherwise it has the default
 * given here.
 */
export interface RunSettings {
  /**
   * A name of the catalog, or a text such as "conv 24 5x5, pool 2, relu, dense 128, relu, dense
   * classes". Without it, the net is the one that "mlp" names, with the defaults given here.
   */
  net?: string;
  /** The optimizer. Default: { name: "adam" }. */
  optimizer?: OptimizerDescription;
  /** How the learning rate changes. Default: { name: "constant" }. */
  schedule?: ScheduleDescription;
  /**
   * How many epochs `train` runs by default, and the length of the schedule: where that is not
   * constant, no more epochs can be trained. Default: 3.
   */
  epochs?: number;
  /** The samples per batch, at least 1. Default: 64. */
  batchSize?: number;
  /**
   * The seed of the first weights, the order of the samples and all other randomness: a whole
   * number below 2⁶⁴, as a bigint above 2⁵³. Default: 1.
   */
  seed?: number | bigint;
  /**
   * The share of each label that is spread over all classes, at least 0 and below 1. Default: 0.
   */
  labelSmoothing?: number;
  /**
   * The largest norm that all gradients together may have before they are scaled down; 0 is no
   * limit. Default: 0.
   */
  clipNorm?: number;
  /**
   * Where above 0, evaluations and predictions use a moving average of the weights, which keeps
   * this share of itself in each step, for example 0.999. Default: 0.
   */
  averaging?: number;
  /**
   * The number of training samples that are held back; each epoch is validated with them.
   * Default: 0.
   */
  validation?: number;
  /**
   * Where above 0, training stops after this many epochs without a smaller validation loss, and the
   * best weights are put back. Default: 0.
   */
  patience?: number;
  /** How strongly training images are changed; for images only. Without it, they are not changed. */
  augment?: Augmentation;
  /**
   * Whether images are shifted and scaled to mean 0 and deviation 1 over the training images'
   * pixels. Default: false.
   */
  normalize?: boolean;
}

/** Numbers with their shape, which a Tensor has, too. */
export interface ShapedNumbers {
  /** The numbers, the last axis running fastest. */
  data: ArrayLike<number>;
  /** The extents along the axes. */
  shape: readonly number[];
}

/** Weights by name. Where a shape is given, it must be that of the net's tensor. */
export type GivenWeights = Record<string, ArrayLike<number> | ShapedNumbers>;

/** What `reset` can change. */
export interface TrainingSettings extends RunSettings {
  /**
   * The weights to start from, by name, as `weights()` gives them: finite numbers for all tensors
   * of the net, each with or without its shape.
   */
  weights?: GivenWeights;
  /** A checkpoint, as `save()` makes it, to go on from; all settings are those of that training. */
  checkpoint?: Uint8Array;
}

/** A net of the catalog, and how it is best trained. */
export interface NamedRecipe {
  /** The name of the net. */
  name: string;
  /** What it is, costs and reaches, in a few words. */
  description: string;
  /** The net as text. */
  text: string;
  /** The recommended settings. */
  settings: RunSettings;
}
