// Optimizers: they change tensors by their gradients.
import * as check from "../check.js";
import { Handle, isHandle, type Engine } from "../module/engine.js";
import type { OptimizerHandle } from "../module/raw.js";
import { Net } from "./nets.js";
import { namedTensors, tensorIn, type Tensor } from "./tensor.js";

/** What to train: a net, or tensors in any order, with or without names. */
export type Trainable = Net | readonly Tensor[] | Record<string, Tensor>;

/** The settings in the order in which the engine has them, before "nesterov". */
const settingNames = [
  "learningRate",
  "weightDecay",
  "momentum",
  "beta1",
  "beta2",
  "epsilon",
] as const;

/**
 * The settings of an optimizer, with their values; those that its kind does not have are left out.
 */
export interface OptimizerSettings {
  /** The rate that a schedule multiplies, as it is now. */
  learningRate: number;
  /** The weight decay: what SGD and Adam add of a weight to its gradient, and AdamW takes off it. */
  weightDecay: number;
  /** Only SGD: the share of its velocity that a step keeps. */
  momentum?: number;
  /** Only SGD: whether steps look ahead. */
  nesterov?: boolean;
  /** Only Adam and AdamW: the share of the mean of gradients that a step keeps. */
  beta1?: number;
  /** Only Adam and AdamW: the share of the mean of squared gradients that a step keeps. */
  beta2?: number;
  /** Only Adam and AdamW: the number that is added to the root of the mean of squared gradients. */
  epsilon?: number;
}

/** The base class of all optimizers. */
export class Optimizer extends Handle<OptimizerHandle> {
  /** @internal */
  constructor(engine: Engine, raw: OptimizerHandle) {
    super(engine, "optimizer", raw);
  }

  /** The optimizer's class, for example "Adam". */
  get kind(): string {
    return this.raw.kind();
  }

  /** Updates every tensor that has a gradient. */
  step(): void {
    this.raw.step();
  }

  /** Clears the gradients of all tensors. */
  zeroGrad(): void {
    this.raw.zeroGrad();
  }

  /** @internal The settings that this optimizer has. */
  get settings(): OptimizerSettings {
    const values = this.raw.settings();
    const pairs = settingNames.map((name, i) => [name, values[i]!] as const);
    const settings = Object.fromEntries(pairs.filter(([, value]) => !Number.isNaN(value)));
    if ("momentum" in settings) Object.assign(settings, { nesterov: values.at(-1) === 1 });
    return settings as unknown as OptimizerSettings;
  }

  /** @internal Copies of the optimizer's state; `names` are the names of its tensors. */
  state(names: readonly string[]): Record<string, Tensor> {
    return namedTensors(this.engine, this.raw.state(check.texts("optimizer: state", names)));
  }

  /**
   * The learning rate, which can be set at any time: finite and at least 0, else `InvalidArgument`.
   */
  get learningRate(): number {
    return this.raw.learningRate();
  }
  set learningRate(rate: number) {
    this.raw.setLearningRate(check.number("learning rate", rate));
  }
}

/**
 * Makes the engine's optimizer of that name. A setting that is left out has the engine's default.
 */
export function namedOptimizer(
  engine: Engine,
  name: string,
  tensors: Trainable,
  settings: object | undefined,
): OptimizerHandle {
  const chosen = check.options(name, settings, optimizerOptions);
  const given = [...settingNames.map((key) => chosen[key]), chosen.nesterov ?? false];
  const raw = trainable(engine, name, tensors).map((tensor) => tensor.raw);
  return engine.raw.optimizer(name, raw, given);
}

/** Options of `SGD`. */
export interface SGDOptions {
  /** The learning rate, finite and at least 0. Default: 0.01. */
  learningRate?: number;
  /** The share of its velocity that a step keeps, at least 0 and below 1. Default: 0. */
  momentum?: number;
  /** This much of each weight is added to its gradient. Default: 0. */
  weightDecay?: number;
  /** Whether steps look ahead (Sutskever et al. 2013); needs a momentum above 0. Default: false. */
  nesterov?: boolean;
}

/**
 * Stochastic gradient descent, as torch.optim.SGD: v = momentum · v + g; w −= learningRate · v or,
 * with nesterov, learningRate · (g + momentum · v).
 */
export class SGD extends Optimizer {
  constructor(engine: Engine, tensors: Trainable, options?: SGDOptions) {
    super(engine, namedOptimizer(engine, "sgd", tensors, options));
  }
}

/** Options of `Adam` and `AdamW`. */
export interface AdamOptions {
  /** The learning rate, finite and at least 0. Default: 0.001. */
  learningRate?: number;
  /** The share of the mean of gradients that a step keeps, at least 0 and below 1. Default: 0.9. */
  beta1?: number;
  /**
   * The share of the mean of squared gradients that a step keeps, at least 0 and below 1.
   * Default: 0.999.
   */
  beta2?: number;
  /** A positive number that is added to the root of that mean. Default: 1e-8. */
  epsilon?: number;
  /**
   * With `Adam`, this much of each weight is added to its gradient. With `AdamW`, whose default is
   * 0.01, each step multiplies the weights by 1 − learningRate · weightDecay. Default: 0.
   */
  weightDecay?: number;
}

/** The options of all optimizers; the engine refuses those that an optimizer does not have. */
export const optimizerOptions: check.Options<AdamOptions & SGDOptions> = {
  learningRate: check.number,
  weightDecay: check.number,
  momentum: check.number,
  nesterov: check.boolean,
  beta1: check.number,
  beta2: check.number,
  epsilon: check.number,
};

/** Adam (Kingma and Ba 2015), as torch.optim.Adam. */
export class Adam extends Optimizer {
  constructor(engine: Engine, tensors: Trainable, options?: AdamOptions) {
    super(engine, namedOptimizer(engine, "adam", tensors, options));
  }
}

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019), as torch.optim.AdamW: each step
 * multiplies the weights by 1 − learningRate · weightDecay.
 */
export class AdamW extends Optimizer {
  /** Takes the options of Adam; the default of `weightDecay` is 0.01. */
  constructor(engine: Engine, tensors: Trainable, options?: AdamOptions) {
    super(engine, namedOptimizer(engine, "adamw", tensors, options));
  }
}

/** How the learning rate changes over the steps of a training. */
export interface Schedule {
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
  drops?: number | undefined;
  /** For "step": what the rate is multiplied by from one part to the next. Default: 0.1. */
  factor?: number | undefined;
  /**
   * For "one-cycle": the share of the steps in which the rate climbs; the last of them has the full
   * rate. Default: 0.3.
   */
  warmUp?: number | undefined;
  /** For "one-cycle": the first rate, as a share of the learning rate. Default: 0.04. */
  start?: number | undefined;
  /**
   * For "cosine" and "one-cycle": the rate that is reached after the last step, as a share of the
   * learning rate. Default: 0.
   */
  end?: number | undefined;
}

export const scheduleOptions: check.Options<Schedule> = {
  name: check.text,
  drops: check.number,
  factor: check.number,
  warmUp: check.number,
  start: check.number,
  end: check.number,
};

/** The number that the schedule multiplies the learning rate by at `step`, 0 to steps − 1. */
export function learningRateFactor(
  engine: Engine,
  schedule: Schedule,
  step: number,
  steps: number,
): number {
  const { name, drops, factor, warmUp, start, end } = check.options(
    "schedule",
    schedule,
    scheduleOptions,
  );
  return engine.raw.learningRateFactor(
    check.text("schedule: name", name),
    [drops, factor, warmUp, start, end],
    check.whole("schedule: step", step),
    check.whole("schedule: steps", steps),
  );
}

function trainable(engine: Engine, what: string, from: Trainable): Tensor[] {
  const place = `${what}: tensors`;
  const net = isHandle(from, Net);
  if (Handle.is(from) && !net) check.fail(place, from, "a net or tensors");
  const tensors = net ? from.namedTensors() : check.values(place, from, "a net or tensors");
  return Object.values(tensors).map((tensor) => tensorIn(engine, place, tensor));
}
