// Nets: named layers in order. A class that extends Net and overrides forward is a net, too.
import * as check from "../check.js";
import { LanegradError } from "../errors.js";
import { Handle, isRaw, type Engine } from "../module/engine.js";
import { described } from "../module/description.js";
import type { NetHandle } from "../module/raw.js";
import type { NetDescription } from "../protocol/info.js";
import { inOrder, isOwn, Layer, layersIn, named, properties, setTraining } from "./layer.js";
import { randomOptions, withRandom, type RandomSource } from "./random.js";
import { computed, type Tensor, type TensorLike } from "./tensor.js";

/**
 * Layers that run one after the other. They belong to the net and are disposed with it. A class that
 * extends it may have a `forward` of its own, and tensors with `requiresGrad` and further layers as
 * properties, which are trained with it.
 */
export class Net extends Handle<NetHandle> {
  /**
   * The layers by name, in the order in which they run. (In PyTorch, parameters are tensors; those
   * are in `namedTensors`.)
   */
  readonly parameters: Readonly<Record<string, Layer>>;
  #training = true;

  /** @internal */
  constructor(engine: Engine, raw: NetHandle);
  constructor(engine: Engine, layers: Record<string, Layer>);
  constructor(engine: Engine, from: Record<string, Layer> | NetHandle) {
    const layers: Record<string, Layer> = isRaw<NetHandle>(from)
      ? {}
      : layersIn(engine, "net", from);
    super(engine, "net", isRaw<NetHandle>(from) ? from : engine.raw.Net());
    // It is set before anything can throw, so that the layers are disposed with the net.
    this.parameters = layers;
    if (isRaw<NetHandle>(from)) {
      for (const [name, raw] of this.raw.layers()) layers[name] = new Layer(engine, raw);
      Object.freeze(layers);
    } else {
      // Those that JavaScript computes the engine does not know.
      if (!this.isOwn)
        for (const [name, layer] of Object.entries(layers)) this.raw.add(name, layer.raw);
    }
  }

  /** @internal Whether JavaScript computes one of its layers. */
  get isOwn(): boolean {
    return Object.values(this.parameters).some(isOwn);
  }

  /**
   * Runs the layers in their order: x: [N, …] → the last layer's output, [N, O]. Throws
   * `ShapeMismatch` where x does not fit.
   */
  forward(x: TensorLike): Tensor {
    const { raw } = this; // throws where the net was disposed, and its layers with it
    if (this.isOwn) return inOrder(this.engine, this.parameters, x);
    return computed(this.engine, "forward", [x], (given) => raw.forward(given));
  }

  /**
   * All tensors that training changes by their gradients, by names such as "dense1.weight". They
   * belong to the layers, or are properties of the net.
   */
  namedTensors(): Record<string, Tensor> {
    return named(this.#living(), "namedTensors");
  }

  /**
   * All tensors that training changes without gradients, by names such as
   * "batchnorm1.running_mean". They belong to the layers.
   */
  namedBuffers(): Record<string, Tensor> {
    return named(this.#living(), "namedBuffers");
  }

  /** The number of numbers in all of `namedTensors`; a tensor that layers share counts once. */
  get parameterCount(): number {
    const tensors = Object.values(this.namedTensors());
    const first = (tensor: Tensor) => tensors.find((other) => other.is(tensor)) === tensor;
    return tensors.filter(first).reduce((sum, { size }) => sum + size, 0);
  }

  /**
   * Describes the layers, their shapes and what they cost, for samples of this shape: [C, H, W] or
   * [I]. Throws `Unsupported` where one of them has a `forward` of its own.
   */
  describe(sample: readonly number[]): NetDescription {
    if (this.isOwn) {
      const text = "describe: a layer has a forward of its own, expected layers of the engine";
      throw new LanegradError("Unsupported", text);
    }
    return described(this.raw.describe(check.extents("describe: sample", sample)));
  }

  /** Puts the net and all its layers into training mode (as at first) or evaluation mode. */
  setTraining(training: boolean): void {
    this.raw.setTraining(check.boolean("training", training));
    setTraining(this.#living(), training);
    this.#training = training;
  }

  /** Whether the net is in training mode (at first) rather than in evaluation mode, as `setTraining` sets it. */
  get training(): boolean {
    return this.#training;
  }
  set training(training: boolean) {
    this.setTraining(training);
  }

  /** @internal */
  override parts(): Handle[] {
    return Object.values(this.#inside);
  }

  get #inside() {
    return { ...this.parameters, ...properties(this) };
  }

  // What is inside; throws where the net was disposed.
  #living() {
    return this.raw && this.#inside;
  }
}

/** What `lg.net` needs to know of the data, and where the weights' random numbers come from. */
export interface NetOptions extends RandomSource {
  /** The numbers per sample, or the shape of a sample: [C, H, W] for images. */
  inputs: number | readonly number[];
  /** The number of classes, or of numbers to predict: what `dense classes` stands for in a text. */
  outputs: number;
}

const netOptions: check.Options<NetOptions> = {
  ...randomOptions,
  inputs: check.any,
  outputs: check.whole,
};

/** Makes the catalog's net of that name, or the net that the text describes. */
export function namedNet(engine: Engine, net: string, options: NetOptions): Net {
  const { sample, outputs, source } = netInput(options);
  check.text("net: name", net);
  const raw = withRandom(engine, source, (random) => engine.raw.net(net, sample, outputs, random));
  return new Net(engine, raw);
}

/** Describes the net that namedNet would make, without making it. */
export function describeNet(engine: Engine, net: string, options: NetOptions): NetDescription {
  const { sample, outputs } = netInput(options);
  return described(engine.raw.describe(check.text("net: name", net), sample, outputs));
}

function netInput(options: NetOptions) {
  const { inputs, outputs, ...source } = check.options("net", options, netOptions);
  const what = "net: inputs";
  const sample = check.isNumbers(inputs)
    ? check.extents(what, inputs)
    : [check.whole(what, inputs)];
  return { sample, outputs: check.whole("net: outputs", outputs), source };
}
