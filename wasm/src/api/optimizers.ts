// Optimizers: they change tensors by their gradients.
import * as check from "../check.js";
import { Handle, isHandle, type Engine } from "../module/engine.js";
import type { OptimizerHandle } from "../module/raw.js";
import type { OptionsOf, Schedule } from "../protocol/run_settings.js";
import { optimizerOptions, scheduleOptions } from "../settings/options.js";
import { Net } from "./nets.js";
import { tensorIn, type Tensor } from "./tensor.js";

/** What to train: a net, or tensors in any order, with or without names. */
export type Trainable = Net | readonly Tensor[] | Record<string, Tensor>;

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
  const given = check.options(name, settings, optimizerOptions);
  const raw = trainable(engine, name, tensors).map((tensor) => tensor.raw);
  return engine.raw.optimizer(name, raw, given);
}

/** Options of `SGD`. */
export type SGDOptions = OptionsOf["sgd"];

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
export type AdamOptions = OptionsOf["adam"];

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

/** The number that the schedule multiplies the learning rate by at `step`, 0 to steps − 1. */
export function learningRateFactor(
  engine: Engine,
  schedule: Schedule,
  step: number,
  steps: number,
): number {
  const { name, ...given } = check.options("schedule", schedule, scheduleOptions);
  return engine.raw.learningRateFactor(
    check.text("schedule: name", name),
    given,
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
