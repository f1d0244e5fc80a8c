// The engine's training loop, one step at a time, in the caller's thread.
import * as check from "../check.js";
import { Handle, handleIn, type Engine } from "../module/engine.js";
import type { TrainingHandle } from "../module/raw.js";
import type { Step, Summary } from "../protocol/results.js";
import { DataLoader } from "./loaders.js";
import { Net } from "./nets.js";
import { Optimizer } from "./optimizers.js";
import { computed, type Tensor, type TensorLike } from "./tensor.js";

/** What a trainer works with. All of it stays the caller's to dispose. */
export interface TrainerParts {
  /** The net to train, which keeps the `forward` of Net, as its layers do that of Layer. */
  net: Net;
  /** The optimizer of the net's tensors. */
  optimizer: Optimizer;
  /** The batches to train on. */
  train: DataLoader;
  /** The batches that `evaluate` needs. */
  test?: DataLoader | undefined;
}

/**
 * Trains a net in this thread: the loss is SoftmaxCrossEntropy for labels and MSE for numbers. A
 * net whose `forward`, or that of one of its layers, is written in JavaScript is refused; a loop of
 * your own can train it.
 */
export class SyncTrainer extends Handle<TrainingHandle> {
  constructor(engine: Engine, parts: TrainerParts) {
    super(engine, "trainer", assemble(engine, parts));
  }

  /**
   * Runs one batch forward and backward, and one update. Throws `Diverged` where the loss is not
   * finite.
   */
  step(): Step {
    return this.raw.step();
  }

  /** The means over the training batches of the current epoch so far. */
  get trainMetrics(): Summary {
    return this.raw.metrics("epoch");
  }

  /** Evaluates the whole test set. Throws `InvalidState` without one. */
  evaluate(): Summary {
    this.beginEvaluation();
    while (!this.evaluateSome());
    return this.testMetrics;
  }

  /**
   * Begins an evaluation of the test set in slices: `evaluateSome` is called until it returns true.
   * Throws `InvalidState` without a test set.
   */
  beginEvaluation(): void {
    this.raw.beginEvaluation("test", Number.MAX_SAFE_INTEGER);
  }

  /** Evaluates one batch; returns true when it was the last. */
  evaluateSome(): boolean {
    return this.raw.evaluateSome();
  }

  /** The means over the test samples evaluated so far. */
  get testMetrics(): Summary {
    return this.raw.metrics("test");
  }

  /**
   * The counts of the evaluation so far, classes × classes: a row per label, a column per
   * prediction.
   */
  confusion(): Int32Array {
    return this.raw.confusion();
  }

  /** The net's outputs for x: [N, …] → [N, O], in evaluation mode and without a graph. */
  predict(x: TensorLike): Tensor {
    return computed(this.engine, "predict", [x], (raw) => this.raw.predict(raw));
  }

  /**
   * The softmax of the outputs for x: [N, …] → [N, classes]. Throws `InvalidState` unless the data
   * have labels.
   */
  probabilities(x: TensorLike): Tensor {
    return computed(this.engine, "probabilities", [x], (raw) => this.raw.probabilities(raw));
  }
}

const trainerParts: check.Options<TrainerParts> = {
  net: check.any,
  optimizer: check.any,
  train: check.any,
  test: check.any,
};

function assemble(engine: Engine, parts: TrainerParts): TrainingHandle {
  const given = check.options("trainer", parts, trainerParts);
  const net = handleIn(engine, Net, "trainer: net", given.net, "a net");
  const optimizer = handleIn(
    engine,
    Optimizer,
    "trainer: optimizer",
    given.optimizer,
    "an optimizer",
  );
  const loader = (name: "train" | "test"): DataLoader =>
    handleIn(engine, DataLoader, `trainer: ${name}`, given[name], "a data loader");
  const train = loader("train");
  const test = given.test === undefined ? undefined : loader("test");
  if (net.forward !== Net.prototype.forward) {
    check.fail("trainer: net", net, "a net that keeps the forward of Net");
  }
  if (net.isOwn) check.fail("trainer: net", net, "a net of layers that keep the forward of Layer");
  return engine.raw.Trainer(net.raw, optimizer.raw, train.raw, test?.raw ?? null);
}
