// Layers: Dense, Conv2D, Bias, pooling and the functions between them. Each can be used alone or stand in a net.
import * as check from "../check.js";
import { Handle, handleIn, type Engine } from "../engine.js";
import type { LayerHandle } from "../raw.js";
import { randomOptions, withRandom, type RandomSource } from "./random.js";
import {
  convolutionOptions,
  namedTensors,
  pooling,
  Tensor,
  withRaw,
  type ConvolutionOptions,
  type TensorLike,
} from "./tensor.js";

/**
 * Kaiming (for ReLU): variance 2 / inputs. Xavier: variance 2 / (inputs + outputs). Drawn from a uniform
 * or a normal distribution.
 */
export type Init = "kaimingUniform" | "kaimingNormal" | "xavierUniform" | "xavierNormal";

type Tensors = Record<string, Tensor>;

/** A function with tensors to train. Those belong to the layer and are disposed with it. */
export class Layer extends Handle<LayerHandle> {
  readonly #tensors: Tensors;
  readonly #buffers: Tensors;

  /** @internal */
  constructor(engine: Engine, raw: LayerHandle) {
    super(engine, "layer", raw);
    this.#tensors = namedTensors(engine, raw.namedTensors());
    this.#buffers = namedTensors(engine, raw.namedBuffers());
  }

  /** The layer's class, for example "Dense". */
  get kind(): string {
    return this.raw.kind();
  }

  /** Computes the output for x: [N, I] and remembers it for `backward`. */
  forward(x: TensorLike): Tensor {
    return withRaw(
      this.engine,
      "forward",
      [x],
      (raw) => new Tensor(this.engine, this.raw.forward(raw)),
    );
  }

  /** Goes backward from the last output of `forward`; dy has its shape. */
  backward(dy: TensorLike): void {
    withRaw(this.engine, "backward", [dy], (raw) => this.raw.backward(raw));
  }

  /** The tensors that training changes, by name: "weight", "bias". */
  namedTensors(): Record<string, Tensor> {
    return { ...this.#tensors };
  }

  /** The tensors that training changes without gradients: "running_mean" and "running_var" of BatchNorm. */
  namedBuffers(): Record<string, Tensor> {
    return { ...this.#buffers };
  }

  /** Training mode or evaluation mode. */
  get training(): boolean {
    return this.raw.training();
  }
  set training(training: boolean) {
    this.raw.setTraining(check.boolean("training", training));
  }

  /** @internal */
  override parts(): Handle[] {
    return [...Object.values(this.#tensors), ...Object.values(this.#buffers)];
  }
}

export interface DenseOptions extends RandomSource {
  /** How the weights are drawn. Left out: "kaimingUniform". */
  init?: Init;
}

const denseOptions: check.Options<DenseOptions> = { ...randomOptions, init: check.text };

/** The matrix product with its weights, [N, I] → [N, O], and nothing else; see Bias. */
export class Dense extends Layer {
  constructor(engine: Engine, inputs: number, outputs: number, options?: DenseOptions) {
    const { init = usualInit, ...source } = check.options("dense", options, denseOptions);
    const [I, O] = [check.whole("dense: inputs", inputs), check.whole("dense: outputs", outputs)];
    super(
      engine,
      withRandom(engine, source, (random) => engine.raw.Dense(I, O, random, init)),
    );
  }

  /** [I, O] */
  get weight(): Tensor {
    return this.namedTensors().weight!;
  }
}

export interface Conv2DLayerOptions extends DenseOptions, ConvolutionOptions {
  /** Whether each filter has a bias: none is needed before BatchNorm. Left out: true. */
  bias?: boolean;
}

const conv2dOptions: check.Options<Conv2DLayerOptions> = {
  ...denseOptions,
  ...convolutionOptions,
  bias: check.boolean,
};

/**
 * `outputs` filters of kernel × kernel pixels slide over images with `inputs` channels, and a bias for
 * each is added, unless there is none: [N, C, H, W] → [N, O, OH, OW], see Tensor.conv2d.
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

  /** [O, C, K, K] */
  get weight(): Tensor {
    return this.namedTensors().weight!;
  }
  /** [O], 0 at first; undefined without a bias. */
  get bias(): Tensor | undefined {
    return this.namedTensors().bias;
  }
}

const usualInit: Init = "kaimingUniform";

/** A layer that its kind and up to three numbers describe. */
class Plain extends Layer {
  constructor(engine: Engine, kind: string, first = 0, second = 0, third = 0) {
    super(engine, engine.raw.layer(kind, first, second, third));
  }
}

/** A layer that its kind alone describes; what else it is given is refused. */
class Bare extends Plain {
  constructor(engine: Engine, kind: string, what: string, given: readonly unknown[]) {
    check.nothing(what, given);
    super(engine, kind);
  }
}

/** Adds one number per output, 0 at first. */
export class Bias extends Plain {
  constructor(engine: Engine, outputs: number) {
    super(engine, "Bias", check.whole("bias: outputs", outputs));
  }

  /** [O] */
  get bias(): Tensor {
    return this.namedTensors().bias!;
  }
}

export interface BatchNormOptions {
  /** The share of the newest batch in the running averages. Left out: 0.1. */
  momentum?: number;
  /** Added to variances. Left out: 1e-5. */
  epsilon?: number;
}

const batchNormOptions: check.Options<BatchNormOptions> = {
  momentum: check.number,
  epsilon: check.number,
};

/**
 * Normalises each channel over the batch while training, and by running averages of those statistics
 * otherwise, by Ioffe and Szegedy: [N, C] or [N, C, H, W] with C = features.
 */
export class BatchNorm extends Plain {
  constructor(engine: Engine, features: number, options?: BatchNormOptions) {
    const what = "batchNorm";
    const { momentum = 0.1, epsilon = 1e-5 } = check.options(what, options, batchNormOptions);
    super(engine, "BatchNorm", check.whole(`${what}: features`, features), momentum, epsilon);
  }
}

/** The largest of each size × size pixels, `stride` apart: [N, C, H, W] → [N, C, OH, OW]. */
export class MaxPool2D extends Plain {
  constructor(engine: Engine, size = 2, stride = size) {
    super(engine, "MaxPool2D", ...pooling("maxPool2d", size, stride));
  }
}

/** The mean of each size × size pixels, likewise. */
export class AvgPool2D extends Plain {
  constructor(engine: Engine, size = 2, stride = size) {
    super(engine, "AvgPool2D", ...pooling("avgPool2d", size, stride));
  }
}

/** The mean of each channel: [N, C, H, W] → [N, C]. */
export class GlobalAvgPool2D extends Bare {
  constructor(engine: Engine, ...none: []) {
    super(engine, "GlobalAvgPool2D", "globalAvgPool2d", none);
  }
}

/** Each sample as one row of numbers: [N, …] → [N, I]. */
export class Flatten extends Bare {
  constructor(engine: Engine, ...none: []) {
    super(engine, "Flatten", "flatten", none);
  }
}

export interface DropoutOptions {
  /** Decides which numbers become 0. Left out: 1. */
  seed?: number;
}

const dropoutOptions: check.Options<DropoutOptions> = { seed: check.natural };

/**
 * While training, each number becomes 0 with the probability `rate` and is divided by 1 − rate otherwise,
 * anew each time; outside of training, x itself.
 */
export class Dropout extends Plain {
  constructor(engine: Engine, rate = 0.5, options?: DropoutOptions) {
    const { seed = 1 } = check.options("dropout", options, dropoutOptions);
    super(engine, "Dropout", check.number("dropout: rate", rate), seed);
  }
}

/** max(x, 0) */
export class ReLU extends Bare {
  constructor(engine: Engine, ...none: []) {
    super(engine, "ReLU", "relu", none);
  }
}

/** x where positive, else slope · x */
export class LeakyReLU extends Plain {
  constructor(engine: Engine, slope = 0.01) {
    super(engine, "LeakyReLU", check.number("leakyRelu: slope", slope));
  }
}

/** x · Φ(x), Φ the normal distribution's function */
export class GELU extends Bare {
  constructor(engine: Engine, ...none: []) {
    super(engine, "GELU", "gelu", none);
  }
}

/** 1 / (1 + e⁻ˣ) */
export class Sigmoid extends Bare {
  constructor(engine: Engine, ...none: []) {
    super(engine, "Sigmoid", "sigmoid", none);
  }
}

/** The hyperbolic tangent. */
export class Tanh extends Bare {
  constructor(engine: Engine, ...none: []) {
    super(engine, "Tanh", "tanh", none);
  }
}

/** eˣ / Σ eˣ over the last axis; SoftmaxCrossEntropy wants the numbers before it. */
export class Softmax extends Bare {
  constructor(engine: Engine, ...none: []) {
    super(engine, "Softmax", "softmax", none);
  }
}

/** `layers` as they were given, each of them a layer. */
export function layersIn(
  engine: Engine,
  what: string,
  layers: Record<string, Layer>,
): Record<string, Layer> {
  const given = check.record(what, layers, "layers by name") as Record<string, Layer>;
  for (const [name, layer] of Object.entries(given)) {
    handleIn(engine, Layer, `${what}: ${name}`, layer, "a layer");
  }
  return Object.freeze(given);
}

/** Layers that run one after the other as one layer. They belong to it and are disposed with it. */
export class Sequential extends Layer {
  /** Name → layer, in the order in which they run. */
  readonly layers: Readonly<Record<string, Layer>>;

  constructor(engine: Engine, layers: Record<string, Layer>) {
    const given = layersIn(engine, "sequential", layers);
    const raw = Object.values(given).map((layer) => layer.raw);
    super(engine, engine.raw.Sequential(Object.keys(given), raw));
    this.layers = given;
  }

  /** @internal */
  override parts(): Handle[] {
    return [...super.parts(), ...Object.values(this.layers)];
  }
}
