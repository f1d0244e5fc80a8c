// Layers: Dense, Bias and the functions between them. Each can be used alone or stand in a net.
import * as check from "../check.js";
import { Handle, type Engine } from "../engine.js";
import type { LayerHandle } from "../raw.js";
import { withRandom, type RandomSource } from "./random.js";
import { Tensor, withRaw, type TensorLike } from "./tensor.js";

/**
 * Kaiming (for ReLU): variance 2 / inputs. Xavier: variance 2 / (inputs + outputs). Drawn from a uniform
 * or a normal distribution.
 */
export type Init = "kaimingUniform" | "kaimingNormal" | "xavierUniform" | "xavierNormal";

/** A function with tensors to train. Those belong to the layer and are disposed with it. */
export class Layer extends Handle<LayerHandle> {
  readonly #tensors: Readonly<Record<string, Tensor>>;

  /** @internal */
  constructor(engine: Engine, raw: LayerHandle) {
    super(engine, "layer", raw);
    this.#tensors = Object.fromEntries(
      raw.namedTensors().map(([name, tensor]) => [name, new Tensor(engine, tensor)]),
    );
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

  /** Training mode or evaluation mode. */
  get training(): boolean {
    return this.raw.training();
  }
  set training(training: boolean) {
    this.raw.setTraining(check.boolean("training", training));
  }

  /** @internal */
  override parts(): Tensor[] {
    return Object.values(this.#tensors);
  }
}

export interface DenseOptions extends RandomSource {
  /** How the weights are drawn. Left out: "kaimingUniform". */
  init?: Init;
}

/** The matrix product with its weights, [N, I] → [N, O], and nothing else; see Bias. */
export class Dense extends Layer {
  constructor(engine: Engine, inputs: number, outputs: number, options?: DenseOptions) {
    const given = check.options("dense", options);
    const [I, O] = [check.whole("dense: inputs", inputs), check.whole("dense: outputs", outputs)];
    const init = check.text("dense: init", given.init ?? "kaimingUniform");
    super(
      engine,
      withRandom(engine, "dense", given, (random) => engine.raw.Dense(I, O, random, init)),
    );
  }

  /** [I, O] */
  get weight(): Tensor {
    return this.namedTensors().weight!;
  }
}

/** Adds one number per output, 0 at first. */
export class Bias extends Layer {
  constructor(engine: Engine, outputs: number) {
    super(engine, engine.raw.Bias(check.whole("bias: outputs", outputs)));
  }

  /** [O] */
  get bias(): Tensor {
    return this.namedTensors().bias!;
  }
}

/** max(x, 0) */
export class ReLU extends Layer {
  constructor(engine: Engine) {
    super(engine, engine.raw.ReLU());
  }
}

/** 1 / (1 + e⁻ˣ) */
export class Sigmoid extends Layer {
  constructor(engine: Engine) {
    super(engine, engine.raw.Sigmoid());
  }
}

/** The hyperbolic tangent. */
export class Tanh extends Layer {
  constructor(engine: Engine) {
    super(engine, engine.raw.Tanh());
  }
}
