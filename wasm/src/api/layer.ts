// The base class of layers, which can be used alone or as parts of a net, and a layer of layers.
import * as check from "../check.js";
import { Handle, handleIn, type Engine } from "../module/engine.js";
import type { LayerHandle } from "../module/raw.js";
import { computed, namedTensors, withRaw, type Tensor, type TensorLike } from "./tensor.js";

type Tensors = Record<string, Tensor>;

/** A function with tensors to train. The tensors belong to the layer and are disposed with it. */
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

  /**
   * Computes the output for x, [N, …], and keeps what `backward` needs. Throws `ShapeMismatch`
   * where x does not fit.
   */
  forward(x: TensorLike): Tensor {
    return computed(this.engine, "forward", [x], (raw) => this.raw.forward(raw));
  }

  /**
   * Goes backward from the output of the last `forward`; dy has the shape of that output. Throws
   * `InvalidState` before the first `forward`.
   */
  backward(dy: TensorLike): void {
    withRaw(this.engine, "backward", [dy], (raw) => this.raw.backward(raw));
  }

  /** The tensors that training changes by their gradients, by name: "weight", "bias". */
  namedTensors(): Record<string, Tensor> {
    return { ...this.#tensors };
  }

  /**
   * The tensors that training changes without gradients, by name: "running_mean" and "running_var"
   * of BatchNorm.
   */
  namedBuffers(): Record<string, Tensor> {
    return { ...this.#buffers };
  }

  /** Whether the layer is in training mode (at first) rather than in evaluation mode. */
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

/** `layers` as they were given, each of them checked to be a layer. */
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
  /** The layers by name, in the order in which they run. */
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
