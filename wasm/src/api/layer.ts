// The base class of layers, which can be used alone or as parts of a net, and a layer of layers. A class that
// extends one of them and overrides forward is a layer, too, which JavaScript computes.
import * as check from "../check.js";
import { LanegradError } from "../errors.js";
import { Handle, handleIn, isHandle, isRaw, type Engine } from "../module/engine.js";
import type { LayerHandle } from "../module/raw.js";
import {
  computed,
  namedTensors,
  Tensor,
  tensorFrom,
  tensorIn,
  withRaw,
  type TensorLike,
} from "./tensor.js";

type Tensors = Record<string, Tensor>;
type Layers = Readonly<Record<string, Layer>>;
type Inside = Record<string, Layer | Tensor>;

/**
 * A function with tensors to train. The tensors belong to the layer and are disposed with it.
 *
 * A class that extends `lg.Layer`, or another layer, and has a `forward` of its own is a layer, too,
 * alone, in nets and in `Sequential`. Tensors with `requiresGrad` and layers among its properties are
 * trained with it.
 */
export class Layer extends Handle<LayerHandle> {
  readonly #tensors: Tensors;
  readonly #buffers: Tensors;

  /** @internal */
  constructor(engine: Engine, raw: LayerHandle);
  constructor(engine: Engine, ...none: []);
  /** @internal */
  constructor(engine: Engine, ...given: unknown[]) {
    const [raw] = given;
    const made = isRaw<LayerHandle>(raw) || raw instanceof OwnLayer;
    if (!made) check.nothing("layer", given);
    const handle = made ? raw : new OwnLayer();
    super(engine, "layer", handle);
    this.#tensors = namedTensors(engine, handle.namedTensors());
    this.#buffers = namedTensors(engine, handle.namedBuffers());
  }

  /** The layer's class, for example "Dense". */
  get kind(): string {
    return this.raw.kind() || this.constructor.name;
  }

  /**
   * Computes the output for x, [N, …], and keeps what `backward` needs. Throws `ShapeMismatch`
   * where x does not fit.
   */
  forward(x: TensorLike): Tensor {
    const { engine, raw } = this;
    if (raw instanceof OwnLayer) {
      return inOrder(engine, raw.layers ?? fault(this, "has no forward, expected one"), x);
    }
    return computed(engine, "forward", [x], (x) => raw.forward(x));
  }

  /**
   * Goes backward from the output of the last `forward`; dy has the shape of that output. Throws
   * `InvalidState` before the first `forward`, and for a layer with a `forward` of its own, whose
   * output has a `backward`.
   */
  backward(dy: TensorLike): void {
    if (isOwn(this)) fault(this, "has a forward of its own, expected backward() of its output");
    withRaw(this.engine, "backward", [dy], (raw) => this.raw.backward(raw));
  }

  /**
   * The tensors that training changes by their gradients, by name: "weight", "bias". Those of a
   * layer that is a property of this one are called "inner.weight".
   */
  namedTensors(): Record<string, Tensor> {
    return { ...this.#tensors, ...named(this.inside, "namedTensors") };
  }

  /**
   * The tensors that training changes without gradients, by name: "running_mean" and "running_var"
   * of BatchNorm.
   */
  namedBuffers(): Record<string, Tensor> {
    return { ...this.#buffers, ...named(this.inside, "namedBuffers") };
  }

  /** Whether the layer is in training mode (at first) rather than in evaluation mode. */
  get training(): boolean {
    return this.raw.training();
  }
  set training(training: boolean) {
    this.raw.setTraining(check.boolean("training", training));
    setTraining(this.inside, training);
  }

  /** @internal The layers and tensors that it is made of in JavaScript. */
  get inside(): Inside {
    return properties(this);
  }

  /** @internal */
  override parts(): Handle[] {
    return [this.#tensors, this.#buffers, this.inside].flatMap((all) => Object.values<Handle>(all));
  }
}

function fault(layer: Layer, text: string): never {
  throw new LanegradError("InvalidState", `layer: ${check.show(layer)} ${text}`);
}

/** What stands for a layer that JavaScript computes, by its `forward` or by those of its layers. */
class OwnLayer implements LayerHandle {
  readonly layers: Layers | undefined;
  #training = true;

  constructor(layers?: Layers) {
    this.layers = layers;
  }

  kind = () => "";
  namedTensors = () => [];
  namedBuffers = this.namedTensors;
  training = () => this.#training;
  setTraining = (training: boolean): void => void (this.#training = training);
  forward = (x: never): never => x;
  backward = (): void => {};
  delete = this.backward;
}

/** Whether JavaScript computes this layer. */
export const isOwn = (layer: Layer): boolean =>
  layer.raw instanceof OwnLayer || layer.forward !== Layer.prototype.forward;

/** Runs the layers one after the other, each by its own `forward`. */
export function inOrder(engine: Engine, layers: Layers, x: TensorLike): Tensor {
  let value = isHandle(x, Tensor) ? x : tensorFrom(engine, "forward", x, false);
  for (const [name, layer] of Object.entries(layers)) {
    value = tensorIn(engine, `forward: ${name}: its output`, layer.forward(value));
  }
  return value;
}

/** The layers, and the tensors that no operation has made, among the properties of an object. */
export const properties = (of: Handle): Inside =>
  Object.fromEntries(
    Object.entries(of).filter(
      ([, value]) =>
        isHandle(value, Layer) || (isHandle(value, Tensor) && !value.disposed && value.isLeaf),
    ),
  );

/** The tensors of layers, by names such as "dense1.weight", and those that are to be trained. */
export const named = (inside: Inside, of: "namedTensors" | "namedBuffers"): Tensors =>
  Object.fromEntries(
    Object.entries(inside).flatMap(([name, part]) => {
      if (part instanceof Layer) {
        return Object.entries(part[of]()).map(([inner, tensor]) => [`${name}.${inner}`, tensor]);
      }
      return of === "namedTensors" && part.requiresGrad ? [[name, part]] : [];
    }),
  );

/** Puts all of these layers into training mode or evaluation mode. */
export function setTraining(inside: Inside, training: boolean): void {
  for (const part of Object.values(inside)) if (part instanceof Layer) part.training = training;
}

/** `layers` as they were given, each of them checked to be a layer. */
export function layersIn(engine: Engine, what: string, layers: Layers): Record<string, Layer> {
  const given = check.record(what, layers, "layers by name") as Record<string, Layer>;
  for (const [name, layer] of Object.entries(given)) {
    handleIn(engine, Layer, `${what}: ${name}`, layer, "a layer");
  }
  return Object.freeze(given);
}

/** Layers that run one after the other as one layer. They belong to it and are disposed with it. */
export class Sequential extends Layer {
  /** The layers by name, in the order in which they run. */
  readonly layers: Layers;

  constructor(engine: Engine, layers: Record<string, Layer>) {
    const given = layersIn(engine, "sequential", layers);
    const all = Object.values(given);
    const own = all.some(isOwn) && new OwnLayer(given);
    const raw = all.map((layer) => layer.raw);
    super(engine, own || engine.raw.Sequential(Object.keys(given), raw));
    this.layers = given;
  }

  /** @internal */
  override get inside(): Inside {
    return { ...this.layers, ...super.inside };
  }
}
