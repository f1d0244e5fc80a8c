// Nets: layers in an ordered dictionary. A class that extends Net and overrides forward is a net, too.
import * as check from "../check.js";
import { Handle, type Engine } from "../engine.js";
import type { LayerHandle, NetHandle } from "../raw.js";
import { Layer } from "./layers.js";
import { withRandom, type RandomSource } from "./random.js";
import { Tensor, withRaw, type TensorLike } from "./tensor.js";

export type Activation = "relu" | "sigmoid" | "tanh";

/** Layers that run one after the other. They belong to the net and are disposed with it. */
export class Net extends Handle<NetHandle> {
  /** Name → layer, in the order in which they run. */
  readonly parameters: Readonly<Record<string, Layer>>;

  /** @internal */
  constructor(engine: Engine, raw: NetHandle);
  constructor(engine: Engine, layers: Record<string, Layer>);
  constructor(engine: Engine, from: Record<string, Layer> | NetHandle) {
    const ready = isRaw(from);
    const layers = ready ? {} : (check.options("net", from) as Record<string, Layer>);
    if (!ready) {
      for (const [name, layer] of Object.entries(layers)) {
        if (!(layer instanceof Layer)) check.fail(`net: ${name}`, layer, "a layer");
      }
    }
    super(engine, "net", ready ? from : engine.raw.Net());
    this.parameters = Object.freeze(
      ready
        ? Object.fromEntries(this.raw.layers().map(([name, raw]) => [name, wrap(engine, raw)]))
        : { ...layers },
    );
    if (!ready) {
      for (const [name, layer] of Object.entries(this.parameters)) this.raw.add(name, layer.raw);
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
    return Object.fromEntries(
      Object.entries(this.parameters).flatMap(([name, layer]) =>
        Object.entries(layer.namedTensors()).map(([part, tensor]) => [`${name}.${part}`, tensor]),
      ),
    );
  }

  /** Numbers in all tensors together. */
  get parameterCount(): number {
    return this.raw.parameterCount();
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

function isRaw(value: unknown): value is NetHandle {
  return typeof (value as NetHandle | null)?.delete === "function";
}

function wrap(engine: Engine, raw: LayerHandle): Layer {
  return new Layer(engine, raw);
}

export interface NetOptions extends RandomSource {
  /** Numbers per sample. */
  inputs: number;
  /** Classes, or numbers to predict. */
  outputs: number;
  /** Widths of the hidden layers. Left out: [128]. */
  hidden?: readonly number[];
  /** Left out: "relu". */
  activation?: Activation;
}

/** The engine's net of that name, see Lanegrad.nets; `NotFound` where there is none. */
export function namedNet(engine: Engine, name: string, options: NetOptions): Net {
  const given = check.options("net", options);
  const inputs = check.whole("net: inputs", given.inputs);
  const outputs = check.whole("net: outputs", given.outputs);
  const hidden = check.extents("net: hidden widths", given.hidden ?? [128]);
  const activation = check.text("net: activation", given.activation ?? "relu");
  check.text("net: name", name);
  const raw = withRandom(engine, "net", given, (random) =>
    engine.raw.net(name, inputs, outputs, hidden, activation, random),
  );
  return new Net(engine, raw);
}
