// The object that load() gives: everything of the fine API, bound to one instance of the engine.
import * as check from "../check.js";
import { bind, Engine, type Bound, type Memory } from "../engine.js";
import type { TensorHandle } from "../raw.js";
import { loadModule, loadOptions, type LoadOptions } from "../load.js";
import type { Variant } from "../variants.js";
import {
  AvgPool2D,
  BatchNorm,
  Bias,
  Conv2D,
  Dense,
  Dropout,
  Flatten,
  GELU,
  GlobalAvgPool2D,
  LeakyReLU,
  MaxPool2D,
  ReLU,
  Sequential,
  Sigmoid,
  Softmax,
  Tanh,
} from "./layers.js";
import {
  ArrayLoader,
  arraySet,
  ImageSet,
  MathFunc,
  Mnist,
  type ArrayData,
  type DataSet,
} from "./loaders.js";
import { MSE, SoftmaxCrossEntropy } from "./losses.js";
import { describeNet, namedNet, Net, type NetDescription, type NetOptions } from "./nets.js";
import {
  Adam,
  AdamW,
  learningRateFactor,
  namedOptimizer,
  Optimizer,
  SGD,
  type Schedule,
  type AdamOptions,
  type SGDOptions,
  type Trainable,
} from "./optimizers.js";
import { Random, randomOptions, withRandom, type RandomSource } from "./random.js";
import {
  shaped,
  Tensor,
  tensorFrom,
  tensorFunctions,
  tensorOptions,
  type NestedNumbers,
  type TensorFunctions,
  type TensorOptions,
} from "./tensor.js";
import { SyncTrainer } from "./training.js";

export interface UniformOptions extends TensorOptions, RandomSource {
  /** The least number. Left out: 0. */
  low?: number;
  /** What all numbers are below. Left out: 1. */
  high?: number;
}

const uniformOptions: check.Options<UniformOptions> = {
  ...tensorOptions,
  ...randomOptions,
  low: check.number,
  high: check.number,
};

export interface NormalOptions extends TensorOptions, RandomSource {
  /** Left out: 0. */
  mean?: number;
  /** The standard deviation. Left out: 1. */
  deviation?: number;
}

const normalOptions: check.Options<NormalOptions> = {
  ...tensorOptions,
  ...randomOptions,
  mean: check.number,
  deviation: check.number,
};

/** The classes whose objects live in an engine. */
const classes = {
  Random,
  Dense,
  Conv2D,
  Bias,
  BatchNorm,
  MaxPool2D,
  AvgPool2D,
  GlobalAvgPool2D,
  Flatten,
  Dropout,
  ReLU,
  LeakyReLU,
  GELU,
  Sigmoid,
  Tanh,
  Softmax,
  Sequential,
  MSE,
  SoftmaxCrossEntropy,
  SGD,
  Adam,
  AdamW,
  /** Layers by name; to be extended by nets with a forward of their own. */
  Net,
  ArrayLoader,
  MathFunc,
  ImageSet,
  Mnist,
  /** The training loop in this thread; the package's own `Trainer` runs in a worker. */
  Trainer: SyncTrainer,
};

export type Classes = { readonly [K in keyof typeof classes]: Bound<(typeof classes)[K]> };

/** One loaded engine. Objects of two engines do not mix. */
export class Lanegrad {
  /** Which build of the engine runs. */
  readonly variant: Variant;
  /** How many threads share the work, the calling one included. */
  readonly threads: number;
  readonly #engine: Engine;

  /** @internal */
  constructor(engine: Engine) {
    this.#engine = engine;
    this.variant = engine.variant;
    this.threads = engine.threads;
    const bound = Object.entries(classes).map(([name, base]) => [name, bind(engine, base)]);
    Object.assign(this, tensorFunctions(engine), Object.fromEntries(bound));
  }

  /** A tensor of nested arrays or of one number, in the shape of the nesting. */
  tensor(values: NestedNumbers, options?: TensorOptions): Tensor;
  /** A tensor of flat numbers in the given shape. */
  tensor(values: ArrayLike<number>, shape: readonly number[], options?: TensorOptions): Tensor;
  tensor(
    values: NestedNumbers,
    second?: TensorOptions | readonly number[],
    third?: TensorOptions,
  ): Tensor {
    const shape = check.isNumbers(second) ? (second as readonly number[]) : undefined;
    const given = shape === undefined ? second : third;
    const { requiresGrad = false } = check.options("tensor", given, tensorOptions);
    return shape === undefined
      ? tensorFrom(this.#engine, "tensor", values, requiresGrad)
      : shaped(this.#engine, values, shape, requiresGrad);
  }

  /** All elements 0. */
  zeros(shape: readonly number[], options?: TensorOptions): Tensor {
    return this.full(shape, 0, options);
  }

  /** All elements 1. */
  ones(shape: readonly number[], options?: TensorOptions): Tensor {
    return this.full(shape, 1, options);
  }

  /** All elements `value`. */
  full(shape: readonly number[], value: number, options?: TensorOptions): Tensor {
    const given = check.options("full", options, tensorOptions);
    const extents = check.extents("full: shape", shape);
    return this.#made(this.#engine.raw.full(extents, check.number("full: value", value)), given);
  }

  /** 0, 1, … end − 1 */
  arange(end: number, options?: TensorOptions): Tensor {
    const given = check.options("arange", options, tensorOptions);
    return this.#made(this.#engine.raw.arange(check.natural("arange: end", end)), given);
  }

  /** Drawn from [low, high), by default [0, 1). */
  uniform(shape: readonly number[], options?: UniformOptions): Tensor {
    const given = check.options("uniform", options, uniformOptions);
    const extents = check.extents("uniform: shape", shape);
    const raw = withRandom(this.#engine, given, (random) =>
      this.#engine.raw.uniform(extents, given.low ?? 0, given.high ?? 1, random),
    );
    return this.#made(raw, given);
  }

  /** Drawn from the normal distribution, by default with mean 0 and standard deviation 1. */
  normal(shape: readonly number[], options?: NormalOptions): Tensor {
    const given = check.options("normal", options, normalOptions);
    const extents = check.extents("normal: shape", shape);
    const raw = withRandom(this.#engine, given, (random) =>
      this.#engine.raw.normal(extents, given.mean ?? 0, given.deviation ?? 1, random),
    );
    return this.#made(raw, given);
  }

  /**
   * A net of the engine's catalog by its name, `lg.net("mlp", …)`, or by a text, `lg.net("conv 8 5x5, pool
   * 2, relu, dense classes", { inputs: [1, 28, 28], outputs: 10 })`.
   */
  net(net: string, options: NetOptions): Net {
    return namedNet(this.#engine, net, options);
  }

  /** What such a net's layers are and cost, without making it. */
  describe(net: string, options: NetOptions): NetDescription {
    return describeNet(this.#engine, net, options);
  }

  /** The optimizer that goes by `name`: "adam", "adamw" or "sgd"; a setting it does not have is refused. */
  optimizer(name: string, tensors: Trainable, settings?: AdamOptions & SGDOptions): Optimizer {
    const kind = check.text("optimizer: name", name);
    return new Optimizer(this.#engine, namedOptimizer(this.#engine, kind, tensors, settings));
  }

  /** What a schedule multiplies the learning rate by at `step`, from 0, of `steps`. */
  learningRateFactor(schedule: Schedule, step: number, steps: number): number {
    return learningRateFactor(this.#engine, schedule, step, steps);
  }

  /** The catalog: names for `net`, with what they are and the text that each stands for. */
  get nets(): { name: string; description: string; text: string }[] {
    const entries = this.#engine.raw.catalog();
    return entries.map(([name, description, text]) => ({ name, description, text }));
  }

  /** @internal */
  arraySet(data: ArrayData, name: string): DataSet {
    return arraySet(this.#engine, data, name);
  }

  /** @internal A whole training, by the entries of a recipe. */
  training(entries: readonly string[], train: DataSet, test?: DataSet): SyncTrainer {
    const raw = this.#engine.raw.training(entries, train.raw, test?.raw ?? null);
    return new SyncTrainer(this.#engine, raw);
  }

  /** @internal One that was saved. */
  load(checkpoint: Uint8Array, train: DataSet, test?: DataSet): SyncTrainer {
    const bytes = check.bytes("checkpoint", checkpoint);
    const raw = this.#engine.raw.load(bytes, train.raw, test?.raw ?? null);
    return new SyncTrainer(this.#engine, raw);
  }

  /** @internal The entries that a checkpoint holds. */
  savedRecipe(checkpoint: Uint8Array): string[] {
    return this.#engine.raw.savedRecipe(check.bytes("checkpoint", checkpoint));
  }

  /** @internal All entries of a recipe, those that were left out as recommended. */
  recipe(entries: readonly string[]): string[] {
    return this.#engine.raw.recipe(entries);
  }

  /** @internal */
  learningRates(entries: readonly string[], samples: number, points: number): Float32Array {
    return this.#engine.raw.learningRates(entries, samples, points);
  }

  /** @internal Samples as training sees them in an epoch, before normalization. */
  augmented(
    entries: readonly string[],
    data: DataSet,
    indices: readonly number[],
    epoch: number,
  ): Float32Array {
    return this.#engine.raw.augmented(entries, data.raw, indices, epoch);
  }

  /** Runs `body` and disposes all that was made inside, except what it returns. */
  scope<T>(body: () => T): T {
    return this.#engine.scope(body);
  }

  /** Runs `body`; the tensors computed inside remember nothing and need less memory. */
  noGrad<T>(body: () => T): T {
    return this.#engine.noGrad(body);
  }

  /** What the engine's memory holds now. */
  memory(): Memory {
    return this.#engine.memory();
  }

  /** @internal Parts of the work that other threads have done. */
  get helpedTiles(): number {
    return this.#engine.raw.helpedTiles();
  }

  /** @internal Ends the engine's threads; nothing here can be used afterwards. */
  end(): void {
    this.#engine.end();
  }

  /** @internal Kills this instance, to see what happens then. */
  crashForTest(): void {
    this.#engine.raw.crashForTest();
  }

  /** @internal Kills one of its threads. */
  crashHelperForTest(): void {
    this.#engine.raw.crashHelperForTest();
  }

  #made(raw: TensorHandle, { requiresGrad }: TensorOptions): Tensor {
    const tensor = new Tensor(this.#engine, raw);
    if (requiresGrad !== undefined) tensor.requiresGrad = requiresGrad;
    return tensor;
  }
}

// The operations are functions of this object, too: lg.add(a, b).
export interface Lanegrad extends TensorFunctions, Classes {}

/**
 * Loads the engine into this thread. Throws `Unsupported` where there is no WebAssembly SIMD and
 * `LoadFailed` where a file is missing or broken. Other threads help in a worker only, and only if
 * `threads` or `variant` asks for them.
 */
export async function load(options?: LoadOptions): Promise<Lanegrad> {
  const given = check.options("load", options, loadOptions);
  return new Lanegrad(new Engine(await loadModule(given)));
}
