// Losses: how wrong a prediction is, as one number to go backward from.
import * as check from "../check.js";
import type { Engine } from "../module/engine.js";
import { computed, type Tensor, type TensorLike } from "./tensor.js";

/**
 * Mean squared error, halved: L = Σ(ŷ − y)² / (2 · |y|), where |y| is the number of elements of y.
 * PyTorch's MSELoss is twice that.
 */
export class MSE {
  readonly #engine: Engine;

  constructor(engine: Engine, ...none: []) {
    check.nothing("mse", none);
    this.#engine = engine;
  }

  /**
   * The loss of two tensors of one shape, a scalar. Throws `ShapeMismatch` where the shapes differ.
   */
  forward(prediction: TensorLike, target: TensorLike): Tensor {
    const { raw } = this.#engine;
    return computed(this.#engine, "mse", [prediction, target], (p, t) => raw.MSE(p, t));
  }
}

/**
 * The cross-entropy of the softmax of logits, for classification, as PyTorch's CrossEntropyLoss.
 */
export class SoftmaxCrossEntropy {
  readonly #engine: Engine;

  constructor(engine: Engine, ...none: []) {
    check.nothing("softmax cross-entropy", none);
    this.#engine = engine;
  }

  /**
   * The mean loss over N samples, a scalar. logits: [N, C], labels: N whole numbers from 0 to C −
   * 1.
   */
  forward(logits: TensorLike, labels: ArrayLike<number | bigint>): Tensor {
    const what = "softmax cross-entropy";
    const indices = check.labels(`${what}: labels`, labels);
    const { raw } = this.#engine;
    return computed(this.#engine, what, [logits], (z) => raw.SoftmaxCrossEntropy(z, indices));
  }
}
