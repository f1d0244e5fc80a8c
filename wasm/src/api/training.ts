// The engine's training loop, one step at a time, in the caller's thread.
import * as check from "../check.js";
import { Handle, handleIn, isRaw, type Engine } from "../engine.js";
import type { TrainerHandle } from "../raw.js";
import { DataLoader } from "./loaders.js";
import { Net } from "./nets.js";
import { Optimizer } from "./optimizers.js";
import { namedTensors, Tensor, withRaw, type TensorLike } from "./tensor.js";

/** What one training step did. */
export interface Step {
  step: number;
  epoch: number;
  samples: number;
  loss: number;
  accuracy: number;
  /** Of this update, as the schedule has it. */
  learningRate: number;
  epochDone: boolean;
}

/** Means over a number of samples. */
export interface Summary {
  samples: number;
  loss: number;
  accuracy: number;
}

/** What a trainer works with. All of it stays yours to dispose. */
export interface TrainerParts {
  net: Net;
  optimizer: Optimizer;
  train: DataLoader;
  /** Needed by `evaluate` alone. */
  test?: DataLoader | undefined;
}

/**
 * Trains a net: the loss is SoftmaxCrossEntropy for labels and MSE for numbers. It runs the engine's
 * own layers; a net whose `forward` is written in JavaScript is trained by a loop of your own.
 */
export class SyncTrainer extends Handle<TrainerHandle> {
  /** @internal */
  constructor(engine: Engine, raw: TrainerHandle);
  constructor(engine: Engine, parts: TrainerParts);
  constructor(engine: Engine, from: TrainerParts | TrainerHandle) {
    super(engine, "trainer", isRaw<TrainerHandle>(from) ? from : assemble(engine, from));
  }

  /** @internal The net; a new handle each time, like the next two. */
  get net(): Net {
    return new Net(this.engine, this.raw.net());
  }
  /** @internal */
  get optimizer(): Optimizer {
    return new Optimizer(this.engine, this.raw.optimizer());
  }
  /** @internal */
  loader(of: "train" | "test" | "validation"): DataLoader | undefined {
    const raw = this.raw.loader(of);
    return raw ? new DataLoader(this.engine, raw) : undefined;
  }
  /** @internal Steps, and epochs that have ended. */
  get progress(): [number, number] {
    return this.raw.progress();
  }
  /** @internal The settings it was made with. */
  entries(): string[] {
    return this.raw.entries();
  }

  /** One batch forward and backward, and one update. `Diverged` where the loss is not finite. */
  step(): Step {
    const [step, epoch, samples, loss, accuracy, learningRate, epochDone] =
      this.raw.step() as unknown as [number, number, number, number, number, number, number];
    return { step, epoch, samples, loss, accuracy, learningRate, epochDone: epochDone !== 0 };
  }

  /** Means over the training batches of the current epoch so far. */
  get trainMetrics(): Summary {
    return this.metrics("train");
  }

  /** @internal */
  metrics(of: "train" | "test" | "validation"): Summary {
    const [samples, loss, accuracy] = this.raw.metrics(of) as unknown as [number, number, number];
    return { samples, loss, accuracy };
  }

  /** Runs through the whole test set. */
  evaluate(): Summary {
    this.beginEvaluation();
    while (!this.evaluateSome());
    return this.testMetrics;
  }

  /** Starts an evaluation in slices. */
  beginEvaluation(): void {
    this.raw.beginEvaluation(false);
  }

  /** Evaluates one batch; true when it was the last. */
  evaluateSome(): boolean {
    return this.raw.evaluateSome();
  }

  /** Means over the test samples evaluated so far. */
  get testMetrics(): Summary {
    return this.metrics("test");
  }

  /** Counts of the evaluation so far, classes × classes: a row per label, a column per prediction. */
  confusion(): Int32Array {
    return this.raw.confusion();
  }

  /** The net's outputs for x: [N, …], without a graph. */
  predict(x: TensorLike): Tensor {
    return withRaw(
      this.engine,
      "predict",
      [x],
      (raw) => new Tensor(this.engine, this.raw.predict(raw)),
    );
  }

  /** @internal What goes into the net, called "x", and each layer's output by the layer's name. */
  activations(x: Tensor): Record<string, Tensor> {
    return namedTensors(this.engine, this.raw.activations(x.raw));
  }

  /** @internal The net's tensors and buffers as predictions use them: averaged where they are. */
  answering(): Record<string, Tensor> {
    return namedTensors(this.engine, this.raw.answering());
  }

  /** Softmax of the outputs; `InvalidState` unless the data have labels. */
  probabilities(x: TensorLike): Tensor {
    return withRaw(
      this.engine,
      "probabilities",
      [x],
      (raw) => new Tensor(this.engine, this.raw.probabilities(raw)),
    );
  }
}

const trainerParts: check.Options<TrainerParts> = {
  net: check.any,
  optimizer: check.any,
  train: check.any,
  test: check.any,
};

function assemble(engine: Engine, parts: TrainerParts): TrainerHandle {
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
  return engine.raw.Trainer(net.raw, optimizer.raw, train.raw, test?.raw ?? null);
}
