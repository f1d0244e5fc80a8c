// Nets: layers in an ordered dictionary. A class that extends Net and overrides forward is a net, too.
import * as check from "../check.js";
import { Handle, isRaw, type Engine } from "../engine.js";
import type { NetHandle, RawDescription } from "../raw.js";
import { Layer, layersIn } from "./layers.js";
import { randomOptions, withRandom, type RandomSource } from "./random.js";
import { Tensor, withRaw, type TensorLike } from "./tensor.js";

/** Layers that run one after the other. They belong to the net and are disposed with it. */
export class Net extends Handle<NetHandle> {
  /** Name → layer, in the order in which they run. */
  readonly parameters: Readonly<Record<string, Layer>>;

  /** @internal */
  constructor(engine: Engine, raw: NetHandle);
  constructor(engine: Engine, layers: Record<string, Layer>);
  constructor(engine: Engine, from: Record<string, Layer> | NetHandle) {
    const layers: Record<string, Layer> = isRaw<NetHandle>(from)
      ? {}
      : layersIn(engine, "net", from);
    super(engine, "net", isRaw<NetHandle>(from) ? from : engine.raw.Net());
    this.parameters = layers; // before anything throws: what was made is disposed by it
    if (isRaw<NetHandle>(from)) {
      for (const [name, raw] of this.raw.layers()) layers[name] = new Layer(engine, raw);
      Object.freeze(layers);
    } else {
      for (const [name, layer] of Object.entries(layers)) this.raw.add(name, layer.raw);
    }
  }

  /** The layers in their order; x: [N, I] → [N, O]. */
  forward(x: TensorLike): Tensor {
    return withRaw(
      this.engine,
      "forward",
      [x],
      (raw) => new Tensor(this.engine, this.raw.forward(raw)),
    );
  }

  /** All tensors that training changes, like "dense1.weight". They belong to the layers. */
  namedTensors(): Record<string, Tensor> {
    return this.#named((layer) => layer.namedTensors());
  }

  /** Those that it changes without gradients, like "batchnorm1.running_mean". */
  namedBuffers(): Record<string, Tensor> {
    return this.#named((layer) => layer.namedBuffers());
  }

  #named(of: (layer: Layer) => Record<string, Tensor>): Record<string, Tensor> {
    return Object.fromEntries(
      Object.entries(this.parameters).flatMap(([name, layer]) =>
        Object.entries(of(layer)).map(([part, tensor]) => [`${name}.${part}`, tensor]),
      ),
    );
  }

  /** Numbers in all tensors together. */
  get parameterCount(): number {
    return this.raw.parameterCount();
  }

  /** Its layers, their shapes and what they cost, for samples of this shape: [C, H, W] or [I]. */
  describe(sample: readonly number[]): NetDescription {
    return description(this.raw.describe(check.extents("describe: sample", sample)));
  }

  /** Training mode (at first) or evaluation mode, for all layers. */
  setTraining(training: boolean): void {
    this.raw.setTraining(check.boolean("training", training));
  }

  /** @internal */
  override parts(): Layer[] {
    return Object.values(this.parameters);
  }
}

export interface NetOptions extends RandomSource {
  /** Numbers per sample, or the shape of one: [C, H, W] for images. */
  inputs: number | readonly number[];
  /** Classes, or numbers to predict: what a text calls `dense classes`. */
  outputs: number;
}

const netOptions: check.Options<NetOptions> = {
  ...randomOptions,
  inputs: check.any,
  outputs: check.whole,
};

/** The catalog's net of that name, or the one of that text. */
export function namedNet(engine: Engine, net: string, options: NetOptions): Net {
  const { sample, outputs, source } = netInput(options);
  check.text("net: name", net);
  const raw = withRandom(engine, source, (random) => engine.raw.net(net, sample, outputs, random));
  return new Net(engine, raw);
}

/** What such a net is and costs, without making it. */
export function describeNet(engine: Engine, net: string, options: NetOptions): NetDescription {
  const { sample, outputs } = netInput(options);
  return description(engine.raw.describe(check.text("net: name", net), sample, outputs));
}

function netInput(options: NetOptions) {
  const { inputs, outputs, ...source } = check.options("net", options, netOptions);
  const what = "net: inputs";
  const sample = check.isNumbers(inputs)
    ? check.extents(what, inputs)
    : [check.whole(what, inputs)];
  return { sample, outputs: check.whole("net: outputs", outputs), source };
}

/** One layer of a net, as one sample goes through it. FLOPs: two per multiply-add of products. */
export interface LayerDescription {
  /** "conv1" */
  name: string;
  /** "Conv2D" */
  kind: string;
  /** What it stands for in the net's text, "conv 24 5x5"; empty where it comes by itself. */
  text: string;
  /** Of the output for one sample. */
  shape: number[];
  parameters: number;
  forwardFlops: number;
  /** Of a training step: forward and both gradients. */
  stepFlops: number;
}

export interface NetDescription {
  layers: LayerDescription[];
  /** Numbers in all tensors of the net, and what its layers cost together. */
  parameters: number;
  forwardFlops: number;
  stepFlops: number;
}

function description(raw: RawDescription): NetDescription {
  const total = { parameters: 0, forwardFlops: 0, stepFlops: 0 };
  const layers = raw.map(([name, kind, text, shape, parameters, forwardFlops, stepFlops]) => {
    total.parameters += parameters;
    total.forwardFlops += forwardFlops;
    total.stepFlops += stepFlops;
    return { name, kind, text, shape, parameters, forwardFlops, stepFlops };
  });
  return { layers, ...total };
}
