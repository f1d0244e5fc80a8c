// Losses: how wrong a prediction is, as one number to go backward from.
import * as check from "../check.js";
import type { Engine } from "../engine.js";
import { Tensor, withRaw, type TensorLike } from "./tensor.js";

/** Mean squared error: L = Σ(ŷ − y)² / (2·|y|), where |y| is the number of elements of y. */
export class MSE {
  readonly #engine: Engine;

  constructor(engine: Engine, ...none: []) {
    check.nothing("mse", none);
    this.#engine = engine;
  }

  /** Both of one shape → a single number. */
  forward(prediction: TensorLike, target: TensorLike): Tensor {
    return withRaw(
      this.#engine,
      "mse",
      [prediction, target],
      (p, t) => new Tensor(this.#engine, this.#engine.raw.MSE(p, t)),
    );
  }
}

/** Cross-entropy of the softmax of logits, for classification. */
export class SoftmaxCrossEntropy {
  readonly #engine: Engine;

  constructor(engine: Engine, ...none: []) {
    check.nothing("softmax cross-entropy", none);
    this.#engine = engine;
  }

  /** logits: [N, C], labels: N whole numbers from 0 to C − 1 → the mean over N. */
  forward(logits: TensorLike, labels: ArrayLike<number | bigint>): Tensor {
    const indices = check.labels("softmax cross-entropy: labels", labels);
    return withRaw(
      this.#engine,
      "softmax cross-entropy",
      [logits],
      (raw) => new Tensor(this.#engine, this.#engine.raw.SoftmaxCrossEntropy(raw, indices)),
    );
  }
}
