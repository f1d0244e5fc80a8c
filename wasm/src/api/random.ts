// The engine's seeded random generator, and options of what it draws.
import * as check from "../check.js";
import { Handle, handleIn, isHandle, type Engine } from "../module/engine.js";
import type { RandomHandle } from "../module/raw.js";
import { tensorOptions, type TensorOptions } from "./tensor.js";

/** A random generator, Philox4x32-10: the same seed gives the same numbers on every machine. */
export class Random extends Handle<RandomHandle> {
  /**
   * `seed` is a whole number from 0; `stream` is one, too. Streams of one seed are independent of
   * each other.
   */
  constructor(engine: Engine, seed: number, stream = 0) {
    super(
      engine,
      "random",
      engine.raw.Random(check.natural("seed", seed), check.natural("stream", stream)),
    );
  }

  /** The next number, uniform over [0, 1). */
  uniform(): number {
    return this.raw.uniform();
  }

  /** The next number, normally distributed with mean 0 and standard deviation 1. */
  normal(): number {
    return this.raw.normal();
  }
}

/** Where random numbers come from: a generator to go on with, or the seed of a new one. */
export interface RandomSource {
  /** A generator to go on with. Without one, a new one is made from `seed`. */
  random?: Random;
  /** The seed of a new generator, a whole number from 0. Default: 1. */
  seed?: number;
}

export const randomOptions: check.Options<RandomSource> = {
  random(what, value) {
    return isHandle(value, Random) ? value : check.fail(what, value, "a Random");
  },
  seed: check.natural,
};

/** Calls `body` with the generator that these options ask for; the options were checked before. */
export function withRandom<T>(
  engine: Engine,
  { random, seed = 1 }: RandomSource,
  body: (raw: RandomHandle) => T,
): T {
  if (random !== undefined) {
    return body(handleIn(engine, Random, "random", random, "a Random").raw);
  }
  const own = new Random(engine, seed);
  try {
    return body(own.raw);
  } finally {
    own.dispose();
  }
}

/** Options of `uniform`. */
export interface UniformOptions extends TensorOptions, RandomSource {
  /** The numbers are at least this. Default: 0. */
  low?: number;
  /** The numbers are below this. Default: 1. */
  high?: number;
}

export const uniformOptions: check.Options<UniformOptions> = {
  ...tensorOptions,
  ...randomOptions,
  low: check.number,
  high: check.number,
};

/** Options of `normal`. */
export interface NormalOptions extends TensorOptions, RandomSource {
  /** The mean of the distribution. Default: 0. */
  mean?: number;
  /** The standard deviation of the distribution. Default: 1. */
  deviation?: number;
}

export const normalOptions: check.Options<NormalOptions> = {
  ...tensorOptions,
  ...randomOptions,
  mean: check.number,
  deviation: check.number,
};
