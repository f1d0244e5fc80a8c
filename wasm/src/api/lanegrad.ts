// The object that load() gives: the whole API, bound to one instance of the engine.
import * as check from "../check.js";
import { bind, Engine, type Memory } from "../module/engine.js";
import type { TensorHandle } from "../module/raw.js";
import { classes, type Classes } from "./classes.js";
import { bridge } from "../module/elsewhere.js";
import { loadModule, loadOptions, type LoadOptions } from "../module/load.js";
import { activations } from "./layers.js";
import { describeNet, namedNet, Net, type NetOptions } from "./nets.js";
import { learningRateFactor, namedOptimizer, Optimizer, type Trainable } from "./optimizers.js";
import { tensorFunctions, type TensorFunctions } from "./operations.js";
import type { NestedNumbers } from "./nested.js";
import {
  normalOptions,
  uniformOptions,
  withRandom,
  type NormalOptions,
  type UniformOptions,
} from "./random.js";
import { shaped, Tensor, tensorFrom, tensorOptions, type TensorOptions } from "./tensor.js";
import type { NetDescription, Variant } from "../protocol/info.js";
import type { OptimizerOptions, Schedule } from "../protocol/run_settings.js";

/** One loaded engine. Objects of one engine cannot be used with another. */
export class Lanegrad {
  /** The build of the engine that runs. */
  readonly variant: Variant;
  /** The number of threads that share the work, the calling one included. */
  readonly threads: number;
  /** A sentence that says why there is one thread, where more were asked for. */
  readonly note: string | undefined;
  readonly #engine: Engine;

  /** @internal */
  constructor(engine: Engine) {
    this.#engine = engine;
    this.variant = engine.variant;
    this.threads = engine.threads;
    this.note = engine.note;
    const bound = Object.entries(classes).map(([name, base]) => [name, bind(engine, base)]);
    Object.assign(this, tensorFunctions(engine), activations(engine), Object.fromEntries(bound));
  }

  /**
   * Makes a tensor of nested arrays or of one number; its shape is that of the nesting. Throws
   * `InvalidArgument` where the nesting is uneven.
   */
  tensor(values: NestedNumbers, options?: TensorOptions): Tensor;
  /**
   * Makes a tensor of flat numbers in the given shape, the last axis running fastest. Throws
   * `ShapeMismatch` where their count does not fit.
   */
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

  /** Makes a tensor of this shape whose elements are all 0. */
  zeros(shape: readonly number[], options?: TensorOptions): Tensor {
    return this.full(shape, 0, options);
  }

  /** Makes a tensor of this shape whose elements are all 1. */
  ones(shape: readonly number[], options?: TensorOptions): Tensor {
    return this.full(shape, 1, options);
  }

  /** Makes a tensor of this shape whose elements are all `value`. */
  full(shape: readonly number[], value: number, options?: TensorOptions): Tensor {
    const given = check.options("full", options, tensorOptions);
    const extents = check.extents("full: shape", shape);
    return this.#made(this.#engine.raw.full(extents, check.number("full: value", value)), given);
  }

  /** Makes the tensor 0, 1, … end − 1, of shape [end]. */
  arange(end: number, options?: TensorOptions): Tensor {
    const given = check.options("arange", options, tensorOptions);
    return this.#made(this.#engine.raw.arange(check.natural("arange: end", end)), given);
  }

  /**
   * Makes a tensor of this shape of numbers drawn uniformly from [low, high), by default [0, 1).
   */
  uniform(shape: readonly number[], options?: UniformOptions): Tensor {
    const given = check.options("uniform", options, uniformOptions);
    const extents = check.extents("uniform: shape", shape);
    const raw = withRandom(this.#engine, given, (random) =>
      this.#engine.raw.uniform(extents, given.low ?? 0, given.high ?? 1, random),
    );
    return this.#made(raw, given);
  }

  /**
   * Makes a tensor of this shape of numbers drawn from a normal distribution, by default with mean
   * 0 and standard deviation 1.
   */
  normal(shape: readonly number[], options?: NormalOptions): Tensor {
    const given = check.options("normal", options, normalOptions);
    const extents = check.extents("normal: shape", shape);
    const raw = withRandom(this.#engine, given, (random) =>
      this.#engine.raw.normal(extents, given.mean ?? 0, given.deviation ?? 1, random),
    );
    return this.#made(raw, given);
  }

  /**
   * Makes a net: one of the catalog by its name, `lg.net("mlp", …)`, or one that a text describes,
   * `lg.net("conv 8 5x5, pool 2, relu, dense classes", { inputs: [1, 28, 28], outputs: 10 })`.
   * Throws `NotFound` or `InvalidArgument`, naming the word of the text that is wrong.
   */
  net(net: string, options: NetOptions): Net {
    return namedNet(this.#engine, net, options);
  }

  /**
   * Describes the layers of the net that `net` would make, and what they cost, without making it.
   * Throws what `net` throws.
   */
  describe(net: string, options: NetOptions): NetDescription {
    return describeNet(this.#engine, net, options);
  }

  /**
   * Makes the optimizer called `name`: "adam", "adamw" or "sgd". Throws `NotFound` for another
   * name, `InvalidArgument` for a setting that this optimizer does not have.
   */
  optimizer(name: string, tensors: Trainable, settings?: OptimizerOptions): Optimizer {
    const kind = check.text("optimizer: name", name);
    return new Optimizer(this.#engine, namedOptimizer(this.#engine, kind, tensors, settings));
  }

  /** The number that a schedule multiplies the learning rate by at `step`, 0 to steps − 1. */
  learningRateFactor(schedule: Schedule, step: number, steps: number): number {
    return learningRateFactor(this.#engine, schedule, step, steps);
  }

  /**
   * The catalog: the names that `net` takes, with a description and the text that each name stands
   * for.
   */
  get nets(): {
    /** The name that `net` takes. */
    name: string;
    /** What the net is, in one sentence. */
    description: string;
    /** The net's layers as a text, which `net` takes as well. */
    text: string;
  }[] {
    return this.#engine.raw.catalog();
  }

  /**
   * Runs `body` and disposes all objects made inside, except those in its result. Returns that
   * result.
   */
  scope<T>(body: () => T): T {
    return this.#engine.scope(body);
  }

  /**
   * Runs `body` without recording operations: tensors computed inside have no sources and need less
   * memory. Returns the result of `body`.
   */
  noGrad<T>(body: () => T): T {
    return this.#engine.noGrad(body);
  }

  /** What the engine's memory holds now, in bytes and handles. */
  memory(): Memory {
    return this.#engine.memory();
  }

  /** @internal Crashes this instance, for tests of what happens then. */
  crashForTest(): void {
    this.#engine.raw.crashForTest();
  }

  #made(raw: TensorHandle, { requiresGrad }: TensorOptions): Tensor {
    const tensor = new Tensor(this.#engine, raw);
    if (requiresGrad !== undefined) tensor.requiresGrad = requiresGrad;
    return tensor;
  }
}

/** The operations and the classes are members of this object, too: lg.add(a, b), new lg.Dense(2, 3). */
export interface Lanegrad extends TensorFunctions, Classes {}

/**
 * Loads the engine into this thread. Throws `Unsupported` where there is no WebAssembly SIMD and
 * `LoadFailed` where a file is missing or broken. Other threads share the work only in a worker,
 * and only if `threads` or `variant` asks for them.
 */
export async function load(options?: LoadOptions): Promise<Lanegrad> {
  const given = check.options("load", options, loadOptions);
  return new Lanegrad(new Engine(await loadModule({ ...given, bridge })));
}
