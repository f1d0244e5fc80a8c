// Optimizers: they change tensors by their gradients.
import * as check from "../check.js";
import { Handle, isHandle, type Engine } from "../engine.js";
import type { OptimizerHandle } from "../raw.js";
import { Net } from "./nets.js";
import { namedTensors, tensorIn, type Tensor } from "./tensor.js";

/** What to train: a net, or tensors in any order, by name or not. */
export type Trainable = Net | readonly Tensor[] | Record<string, Tensor>;

/** In the order in which the engine has them, before "nesterov". */
const settingNames = [
  "learningRate",
  "weightDecay",
  "momentum",
  "beta1",
  "beta2",
  "epsilon",
] as const;

/** What decides the steps of an optimizer; the optional ones are there where its kind has them. */
export interface OptimizerSettings {
  learningRate: number;
  weightDecay: number;
  momentum?: number;
  nesterov?: boolean;
  beta1?: number;
  beta2?: number;
  epsilon?: number;
}

/** The base of all optimizers. */
export class Optimizer extends Handle<OptimizerHandle> {
  /** @internal */
  constructor(engine: Engine, raw: OptimizerHandle) {
    super(engine, "optimizer", raw);
  }

  /** The optimizer's class, for example "Adam". */
  get kind(): string {
    return this.raw.kind();
  }

  /** Changes every tensor that has a gradient. */
  step(): void {
    this.raw.step();
  }

  /** Forgets the gradients of all tensors. */
  zeroGrad(): void {
    this.raw.zeroGrad();
  }

  /** @internal Its settings, those of other optimizers left out. */
  get settings(): OptimizerSettings {
    const values = this.raw.settings();
    const pairs = settingNames.map((name, i) => [name, values[i]!] as const);
    const settings = Object.fromEntries(pairs.filter(([, value]) => !Number.isNaN(value)));
    if ("momentum" in settings) Object.assign(settings, { nesterov: values.at(-1) === 1 });
    return settings as unknown as OptimizerSettings;
  }

  /** @internal Copies of what its steps have left behind for tensors of these names. */
  state(names: readonly string[]): Record<string, Tensor> {
    return namedTensors(this.engine, this.raw.state(check.texts("optimizer: state", names)));
  }

  /** Can be set at any time; finite and at least 0. */
  get learningRate(): number {
    return this.raw.learningRate();
  }
  set learningRate(rate: number) {
    this.raw.setLearningRate(check.number("learning rate", rate));
  }
}

/** The optimizer of that name; settings that are left out have the engine's values. */
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

export interface SGDOptions {
  /** Left out: 0.01. */
  learningRate?: number;
  /** From 0 to below 1. Left out: 0. */
  momentum?: number;
  /** This much of each weight is added to its gradient. Left out: 0. */
  weightDecay?: number;
  /** Looks ahead, by Sutskever et al.; wants a momentum. Left out: false. */
  nesterov?: boolean;
}

/** v = momentum · v + g; w −= learningRate · v or, with nesterov, learningRate · (g + momentum · v) */
export class SGD extends Optimizer {
  constructor(engine: Engine, tensors: Trainable, options?: SGDOptions) {
    super(engine, namedOptimizer(engine, "sgd", tensors, options));
  }
}

export interface AdamOptions {
  /** Left out: 0.001. */
  learningRate?: number;
  /** Left out: 0.9. */
  beta1?: number;
  /** Left out: 0.999. */
  beta2?: number;
  /** Left out: 1e-8. */
  epsilon?: number;
  /** This much of each weight is added to its gradient. Left out: 0. */
  weightDecay?: number;
}

/** Those of all optimizers; which of them has which is the engine's to say. */
export const optimizerOptions: check.Options<AdamOptions & SGDOptions> = {
  learningRate: check.number,
  weightDecay: check.number,
  momentum: check.number,
  nesterov: check.boolean,
  beta1: check.number,
  beta2: check.number,
  epsilon: check.number,
};

/** Adam, by Kingma and Ba. */
export class Adam extends Optimizer {
  constructor(engine: Engine, tensors: Trainable, options?: AdamOptions) {
    super(engine, namedOptimizer(engine, "adam", tensors, options));
  }
}

/** Adam with decoupled weight decay, by Loshchilov and Hutter: each weight loses learningRate · weightDecay of itself. */
export class AdamW extends Optimizer {
  /** As Adam's options; `weightDecay` left out: 0.01. */
  constructor(engine: Engine, tensors: Trainable, options?: AdamOptions) {
    super(engine, namedOptimizer(engine, "adamw", tensors, options));
  }
}

/** How the learning rate changes over the steps of a training. */
export interface Schedule {
  /**
   * step: the rate falls in `drops` equal parts, so drops − 1 times. cosine: it falls along half a cosine, from the
   * first step to `end` after the last. one-cycle: it climbs from `start` first.
   */
  name: "constant" | "step" | "cosine" | "one-cycle";
  /** step: so many equal parts, between which the rate is multiplied by `factor`. Left out: 3. */
  drops?: number | undefined;
  /** step: see `drops`. Left out: 0.1. */
  factor?: number | undefined;
  /** one-cycle: the part of the steps in which the rate climbs; the last of them has the full rate. Left out: 0.3. */
  warmUp?: number | undefined;
  /** one-cycle: the first rate, as a part of the rate. Left out: 0.04. */
  start?: number | undefined;
  /** cosine and one-cycle: the rate that is reached after the last step, as a part of the rate. Left out: 0. */
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

/** What the rate is multiplied by at `step`, from 0, of `steps`. */
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
