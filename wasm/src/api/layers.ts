// Layers: Dense, Conv2D, Bias, pooling and the functions between them.
import * as check from "../check.js";
import { bind, type Engine } from "../module/engine.js";
import { Layer } from "./layer.js";
import { randomOptions, withRandom, type RandomSource } from "./random.js";
import type { Tensor } from "./tensor.js";
import { convolutionOptions, pooling, type ConvolutionOptions } from "./windows.js";
import { unary, unaryNames, type Activations } from "../unary.js";

/**
 * How initial weights are drawn: from a uniform or a normal distribution with mean 0. The variance
 * is 2 / inputs for Kaiming (He et al. 2015, for ReLU) and 2 / (inputs + outputs) for Xavier
 * (Glorot and Bengio 2010).
 */
export type Init = "kaimingUniform" | "kaimingNormal" | "xavierUniform" | "xavierNormal";

/** Options of `Dense`. */
export interface DenseOptions extends RandomSource {
  /** How the weights are drawn. Default: "kaimingUniform". */
  init?: Init;
}

const denseOptions: check.Options<DenseOptions> = { ...randomOptions, init: check.text };

/**
 * The matrix product of the input with the weights: [N, I] → [N, O]. It has no bias; Bias is a
 * layer of its own.
 */
export class Dense extends Layer {
  constructor(engine: Engine, inputs: number, outputs: number, options?: DenseOptions) {
    const { init = usualInit, ...source } = check.options("dense", options, denseOptions);
    const [I, O] = [check.whole("dense: inputs", inputs), check.whole("dense: outputs", outputs)];
    super(
      engine,
      withRandom(engine, source, (random) => engine.raw.Dense(I, O, random, init)),
    );
  }

  /** The weights: [I, O]. */
  get weight(): Tensor {
    return this.namedTensors().weight!;
  }
}

/** Options of `Conv2D`. */
export interface Conv2DLayerOptions extends DenseOptions, ConvolutionOptions {
  /** Whether each filter has a bias, which is not needed before BatchNorm. Default: true. */
  bias?: boolean;
}

const conv2dOptions: check.Options<Conv2DLayerOptions> = {
  ...denseOptions,
  ...convolutionOptions,
  bias: check.boolean,
};

/**
 * Slides `outputs` filters of kernel × kernel pixels over images with `inputs` channels, and adds a
 * bias to each filter's results unless there is none: [N, C, H, W] → [N, O, OH, OW], see
 * Tensor.conv2d.
 */
export class Conv2D extends Layer {
  constructor(
    engine: Engine,
    inputs: number,
    outputs: number,
    kernel: number,
    options?: Conv2DLayerOptions,
  ) {
    const what = "conv2d";
    const given = check.options(what, options, conv2dOptions);
    const { init = usualInit, stride = 1, padding = 0, bias = true, ...source } = given;
    const [C, O] = [
      check.whole(`${what}: inputs`, inputs),
      check.whole(`${what}: outputs`, outputs),
    ];
    const K = check.whole(`${what}: kernel`, kernel);
    super(
      engine,
      withRandom(engine, source, (random) =>
        engine.raw.Conv2D(C, O, K, random, stride, padding, init, bias),
      ),
    );
  }

  /** The filters: [O, C, K, K]. */
  get weight(): Tensor {
    return this.namedTensors().weight!;
  }
  /** The biases: [O], 0 at first; undefined without a bias. */
  get bias(): Tensor | undefined {
    return this.namedTensors().bias;
  }
}

const usualInit: Init = "kaimingUniform";

/** A layer that its kind alone describes; it refuses arguments. */
class Bare extends Layer {
  constructor(engine: Engine, kind: string, what: string, given: readonly unknown[]) {
    check.nothing(what, given);
    super(engine, engine.raw.layer(kind));
  }
}

/** Adds one number per output, which is 0 at first: [N, O] → [N, O]. */
export class Bias extends Layer {
  constructor(engine: Engine, outputs: number) {
    super(engine, engine.raw.Bias(check.whole("bias: outputs", outputs)));
  }

  /** The biases: [O]. */
  get bias(): Tensor {
    return this.namedTensors().bias!;
  }
}

/** Options of `BatchNorm`. */
export interface BatchNormOptions {
  /** The share of the newest batch in the running averages, 0 to 1. Default: 0.1. */
  momentum?: number;
  /** A positive number that is added to variances. Default: 1e-5. */
  epsilon?: number;
}

const batchNormOptions: check.Options<BatchNormOptions> = {
  momentum: check.number,
  epsilon: check.number,
};

/**
 * Normalises each channel of [N, C] or [N, C, H, W], C = features: by the mean and variance of the
 * batch while training, and by running averages of those otherwise (Ioffe and Szegedy 2015).
 */
export class BatchNorm extends Layer {
  constructor(engine: Engine, features: number, options?: BatchNormOptions) {
    const what = "batchNorm";
    const { momentum = 0.1, epsilon = 1e-5 } = check.options(what, options, batchNormOptions);
    const count = check.whole(`${what}: features`, features);
    super(engine, engine.raw.BatchNorm(count, momentum, epsilon));
  }
}

/**
 * The largest of each window of size × size pixels, `stride` pixels apart: [N, C, H, W] → [N, C,
 * OH, OW], see Tensor.maxPool2d.
 */
export class MaxPool2D extends Layer {
  constructor(engine: Engine, size = 2, stride = size) {
    super(engine, engine.raw.MaxPool2D(...pooling("maxPool2d", size, stride)));
  }
}

/**
 * The mean of each window of size × size pixels, `stride` pixels apart: [N, C, H, W] → [N, C, OH,
 * OW], see Tensor.avgPool2d.
 */
export class AvgPool2D extends Layer {
  constructor(engine: Engine, size = 2, stride = size) {
    super(engine, engine.raw.AvgPool2D(...pooling("avgPool2d", size, stride)));
  }
}

/** The mean of each channel: [N, C, H, W] → [N, C]. */
export class GlobalAvgPool2D extends Bare {
  constructor(engine: Engine, ...none: []) {
    super(engine, "GlobalAvgPool2D", "globalAvgPool2d", none);
  }
}

/** Turns each sample into one row of numbers: [N, …] → [N, I]. */
export class Flatten extends Bare {
  constructor(engine: Engine, ...none: []) {
    super(engine, "Flatten", "flatten", none);
  }
}

/** Options of `Dropout`. */
export interface DropoutOptions {
  /** The seed that decides which numbers become 0. Default: 1. */
  seed?: number;
}

const dropoutOptions: check.Options<DropoutOptions> = { seed: check.natural };

/**
 * While training, each number becomes 0 with the probability `rate` and is divided by 1 − rate
 * otherwise, anew in each forward pass (Srivastava et al. 2014). Outside of training, the output is
 * the input.
 */
export class Dropout extends Layer {
  constructor(engine: Engine, rate = 0.5, options?: DropoutOptions) {
    const { seed = 1 } = check.options("dropout", options, dropoutOptions);
    super(engine, engine.raw.Dropout(check.number("dropout: rate", rate), seed));
  }
}

/** x where positive, else slope · x, element by element. */
export class LeakyReLU extends Layer {
  constructor(engine: Engine, slope = 0.01) {
    super(engine, engine.raw.LeakyReLU(check.number("leakyRelu: slope", slope)));
  }
}

/**
 * eˣ / Σ eˣ over the last axis. A net that is trained with SoftmaxCrossEntropy needs no Softmax:
 * that loss takes the numbers before it.
 */
export class Softmax extends Bare {
  constructor(engine: Engine, ...none: []) {
    super(engine, "Softmax", "softmax", none);
  }
}

/** The layers of the table of unary functions, bound to an engine. They refuse arguments. */
export function activations(engine: Engine): Activations<new (...none: []) => Layer> {
  const activation = (kind: string, name: string) => {
    const base = class extends Bare {
      constructor(engine: Engine, ...none: []) {
        super(engine, kind, name, none);
      }
    };
    Object.defineProperty(base, "name", { value: kind });
    return [kind, bind(engine, base)] as const;
  };
  const layers = unaryNames().flatMap((name) => {
    const kind = unary[name].layer;
    return kind ? [activation(kind, name)] : [];
  });
  return Object.fromEntries(layers) as unknown as Activations<new (...none: []) => Layer>;
}
