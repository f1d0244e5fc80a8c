// The engine's seeded generator.
import * as check from "../check.js";
import { Handle, handleIn, isHandle, type Engine } from "../engine.js";
import type { RandomHandle } from "../raw.js";

/** Philox4x32-10: the same seed gives the same numbers on every machine. */
export class Random extends Handle<RandomHandle> {
  /** `seed`: a whole number from 0; streams of one seed are independent of each other. */
  constructor(engine: Engine, seed: number, stream = 0) {
    super(
      engine,
      "random",
      engine.raw.Random(check.natural("seed", seed), check.natural("stream", stream)),
    );
  }

  /** A number from [0, 1). */
  uniform(): number {
    return this.raw.uniform();
  }

  /** From the normal distribution with mean 0 and standard deviation 1. */
  normal(): number {
    return this.raw.normal();
  }
}

/** Where random numbers come from: a generator to go on with, or the seed of a new one. */
export interface RandomSource {
  random?: Random;
  /** Left out: 1. */
  seed?: number;
}

export const randomOptions: check.Options<RandomSource> = {
  random(what, value) {
    return isHandle(value, Random) ? value : check.fail(what, value, "a Random");
  },
  seed: check.natural,
};

/** Calls `body` with the generator that these options, which are checked, ask for. */
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
