// Looks into a training without changing it: what its layers answer, and how large its weights,
// gradients and updates are; and, on a copy, one sample's whole way through the net and back.
import type { Lanegrad } from "../api/lanegrad.js";
import type { Tensor } from "../api/tensor.js";
import type { Step } from "../api/training.js";
import * as check from "../check.js";
import { LanegradError } from "../errors.js";
import { mapped, numel } from "../values.js";
import type { DataSets, Job } from "./job.js";

/** What a training looks like inside. Norms are √Σ x² over a tensor. */
export interface Inspection {
  /** The steps done. */
  step: number;
  /** The layers in the order in which they run. */
  layers: {
    /** The layer's name, "relu1". */
    name: string;
    /** The layer's class, "ReLU". */
    kind: string;
    /** The shape of one sample's output. */
    shape: number[];
    /** The output for the given input, as `predict` computes it; empty without an input. */
    activations: Float32Array;
    /**
     * Only for ReLU: the share of its units that are 0 for each of 128 training samples. A unit is
     * a feature map where the layer has those, else a number. While training runs, the share may be
     * some seconds old, since looking at the samples takes less than a hundredth of the time.
     */
    dead?: number;
    /** Whether all outputs are finite, for the input and for the 128 training samples. */
    finite: boolean;
  }[];
  /** The tensors that the optimizer changes. */
  tensors: {
    /** The tensor's name, "dense1.weight". */
    name: string;
    /** The tensor's shape. */
    shape: number[];
    /** Whether all its weights are finite. */
    finite: boolean;
    /** The norm of the weights. */
    weightNorm: number;
    /**
     * The norm of the last step's gradient, after clipping where gradients are clipped; NaN before
     * the first step.
     */
    gradientNorm: number;
    /**
     * The norm of the change of the weights in one step: while training runs, in the step just
     * made; else in the first step after the last inspection. NaN before there is one.
     */
    updateNorm: number;
    /**
     * Only for Adam and AdamW: the norm of m, the mean of recent gradients, and the norm of √v,
     * their usual size. m is much smaller than √v where gradients point in changing directions.
     */
    moments?: { first: number; second: number };
  }[];
  /**
   * The milliseconds that the inspection took, without looking at the 128 samples. Nothing was
   * trained meanwhile.
   */
  milliseconds: number;
}

/**
 * One value that is computed from a sample, or that takes part in that: an input, a weight, a
 * result of an operation.
 */
export interface TraceNode {
  /** The operation that computed it, "matmul"; empty for inputs and weights. */
  op: string;
  /** The name of an input or a weight: "x", "dense1.weight". */
  name?: string;
  /** The layer whose output it is, "dense1"; missing where it is none. */
  layer?: string;
  /** The shape of the value. */
  shape: number[];
  /** The numbers of the value, the last axis running fastest. */
  values: Float32Array;
  /** The derivative of the loss by each number; null where there is none. */
  grad: Float32Array | null;
  /** What it was computed from, as indices into the nodes. */
  sources: number[];
}

/** What one step of the optimizer does to one tensor. */
export interface TraceUpdate {
  /** The tensor's name, "dense1.weight". */
  name: string;
  /** The tensor's shape. */
  shape: number[];
  /** The weights before the step. */
  before: Float32Array;
  /** The gradient, which is not clipped. */
  gradient: Float32Array;
  /** The weights after the step. */
  after: Float32Array;
  /**
   * The optimizer's state for this tensor, "first_moment", "second_moment" or "velocity", before
   * and after the step.
   */
  state: Record<string, { before: Float32Array; after: Float32Array }>;
}

/**
 * One sample's way through the net, and the optimizer's step that its gradient alone would give.
 */
export interface Trace {
  /** The training steps done before it. */
  step: number;
  /** The values in the order in which they were computed; the last is the loss. */
  nodes: TraceNode[];
  /** The probabilities of the classes. */
  probabilities: Float32Array;
  /** The label of the sample. */
  label: number;
  /** The loss of the sample, without label smoothing. */
  loss: number;
  /** The optimizer's settings for this step. */
  optimizer: {
    /** The optimizer's class, "Adam". */
    kind: string;
    /** The learning rate of the next step, with the schedule's factor. */
    learningRate: number;
    /** The steps that the optimizer has made before this one. */
    steps: number;
    /** The weight decay. */
    weightDecay: number;
    /** The momentum; only for SGD. */
    momentum?: number;
    /** Whether the momentum is Nesterov's; only for SGD. */
    nesterov?: boolean;
    /** The decay of the first moment; only for Adam and AdamW. */
    beta1?: number;
    /** The decay of the second moment; only for Adam and AdamW. */
    beta2?: number;
    /** What is added to the divisor; only for Adam and AdamW. */
    epsilon?: number;
  };
  /** The update of every tensor. The gradient is not clipped. */
  updates: TraceUpdate[];
}

/** A unit counts as dead if it is 0 for this many samples. */
const probeSamples = 128;

/** The most numbers that all layers together may give at a time: 4 MB. */
const probeNumbers = 2 ** 20;

/**
 * While training runs, the least time between two looks at the samples, as a multiple of what one
 * costs.
 */
const probeRest = 150;

/** What the 128 samples showed of a layer. */
interface Probed {
  dead?: number;
  finite: boolean;
}

export class Inspector {
  readonly #lg: Lanegrad;
  readonly #data: DataSets;
  readonly #job: Job;
  #probe: Float32Array | undefined;
  #probed: { layers: Record<string, Probed>; until: number } | undefined;
  #updates: Record<string, number> = {};
  /** Whether the next step is to be measured. */
  armed = false;

  constructor(lg: Lanegrad, data: DataSets, job: Job) {
    this.#lg = lg;
    this.#data = data;
    this.#job = job;
  }

  /**
   * A step of the training whose update is measured. The step has the same bits as an ordinary one.
   */
  step(): Step {
    this.armed = false;
    const { net, trainer } = this.#job;
    return this.#lg.scope(() => {
      const tensors = net.namedTensors();
      // It shares the values until the step changes them.
      const before = mapped(tensors, (tensor) => tensor.detach());
      const result = trainer.step();
      this.#updates = mapped(tensors, (tensor, name) =>
        tensor.detach().sub(before[name]!).raw.norm(),
      );
      return result;
    });
  }

  /** Inspects the training; `live` says that it is running. */
  inspect(input?: Float32Array, live = false): Inspection {
    this.armed = true;
    const { net, trainer, info } = this.#job;
    return this.#quietly(() => {
      const probed = this.#look(live);
      const begin = performance.now();
      const outputs = input && trainer.activations(this.#one("inspect", input));
      const layers = info.layers.map(({ name, kind, shape }) => {
        const output = outputs?.[name];
        const { finite, ...rest } = probed[name]!;
        return {
          name,
          kind,
          shape,
          activations: output?.data ?? new Float32Array(),
          finite: finite && (output?.raw.allFinite() ?? true),
          ...rest,
        };
      });
      const named = net.namedTensors();
      const state = trainer.optimizer.state(Object.keys(named));
      const tensors = Object.entries(named).map(([name, tensor]) => {
        const [first, second] = [state[`first_moment.${name}`], state[`second_moment.${name}`]];
        return {
          name,
          shape: tensor.shape,
          finite: tensor.raw.allFinite(),
          weightNorm: tensor.raw.norm(),
          gradientNorm: tensor.grad?.raw.norm() ?? NaN,
          updateNorm: this.#updates[name] ?? NaN,
          ...(first &&
            second && { moments: { first: first.raw.norm(), second: second.sqrt().raw.norm() } }),
        };
      });
      const [step] = trainer.progress;
      return { step, layers, tensors, milliseconds: performance.now() - begin };
    });
  }

  trace(input: Float32Array, label: number): Trace {
    const lg = this.#lg;
    const { trainer, info, hasLabels } = this.#job;
    if (!hasLabels) {
      throw new LanegradError(
        "InvalidState",
        "trace: these data have numbers to predict, expected class labels",
      );
    }
    return lg.scope(() => {
      const twin = lg.load(trainer.raw.save(), this.#data.train.set, this.#data.test?.set);
      const { net, optimizer } = twin;
      net.setTraining(false);
      const { x } = twin.activations(this.#one("trace", input)) as { x: Tensor };
      x.requiresGrad = true;
      const outputs: Record<string, Tensor> = {};
      let y = x;
      for (const [name, layer] of Object.entries(net.parameters)) {
        outputs[name] = y = layer.forward(y);
      }
      const loss = new lg.SoftmaxCrossEntropy().forward(y, [label]);
      loss.backward();

      const tensors = net.namedTensors();
      const names = Object.keys(tensors);
      const [step] = trainer.progress;
      const { schedule, epochs = 0 } = info.settings;
      const steps = Math.max(1, epochs * info.batchesPerEpoch);
      // These schedules reach their end after the last step; the others stay at their last rate.
      const falls = schedule?.name === "cosine" || schedule?.name === "one-cycle";
      if (falls && step >= steps) optimizer.learningRate *= schedule.end ?? 0;
      else if (schedule) {
        optimizer.learningRate *= lg.learningRateFactor(schedule, Math.min(step, steps - 1), steps);
      }
      const nodes = nodesOf(loss, { x, ...tensors }, outputs);
      const state = optimizer.state(names);
      const updates = Object.entries(tensors).map(([name, tensor]) => ({
        name,
        shape: tensor.shape,
        before: tensor.data,
        gradient: tensor.grad!.data,
      }));
      optimizer.step();
      const after = optimizer.state(names);
      return {
        step,
        nodes,
        probabilities: y.softmax().data,
        label,
        loss: loss.item(),
        optimizer: { kind: optimizer.kind, steps: step, ...optimizer.settings },
        updates: updates.map((update) => ({
          ...update,
          after: tensors[update.name]!.data,
          state: Object.fromEntries(
            Object.entries(state)
              .filter(([key]) => key.endsWith(`.${update.name}`))
              .map(([key, { data }]) => [
                key.slice(0, key.indexOf(".")),
                { before: data, after: after[key]!.data },
              ]),
          ),
        })),
      };
    });
  }

  /** What the samples show of each layer. It is computed anew unless that was done just now. */
  #look(live: boolean): Record<string, Probed> {
    const begin = performance.now();
    if (live && this.#probed && begin < this.#probed.until) return this.#probed.layers;
    const layers = this.#lookAnew();
    const end = performance.now();
    this.#probed = { layers, until: end + probeRest * (end - begin) };
    return layers;
  }

  #lookAnew(): Record<string, Probed> {
    const { trainer, info } = this.#job;
    const probe = (this.#probe ??= this.#draw());
    const size = numel(info.sampleShape);
    const numbers = info.layers.reduce((sum, { shape }) => sum + numel(shape), size);
    const chunk = Math.max(1, Math.floor(probeNumbers / numbers)) * size;
    // The largest value of each unit of a ReLU.
    const largest: Record<string, Tensor> = {};
    const finite: Record<string, boolean> = {};
    for (let begin = 0; begin < probe.length; begin += chunk) {
      const part = probe.subarray(begin, begin + chunk);
      this.#lg.scope(() => {
        const samples = this.#lg.tensor(part, [part.length / size, ...info.sampleShape]);
        const outputs = trainer.activations(samples);
        for (const { name, kind, shape } of info.layers) {
          const output = outputs[name]!;
          finite[name] = (finite[name] ?? true) && output.raw.allFinite();
          if (kind !== "ReLU") continue;
          const [units = 1, ...rest] = shape;
          const most = output
            .max(0)
            .reshape([units, numel(rest)])
            .max(1);
          largest[name] = largest[name]?.maximum(most) ?? most;
        }
        return largest;
      });
    }
    return mapped(finite, (finite, name) => {
      const units = largest[name]?.data;
      if (!units) return { finite };
      return { finite, dead: units.filter((value) => value === 0).length / units.length };
    });
  }

  /** Training samples, evenly spread over the data, without augmentation. */
  #draw(): Float32Array {
    const { settings, trainSamples, validationSamples } = this.#job.info;
    const stored = trainSamples + validationSamples;
    const samples = Math.min(stored, probeSamples);
    const indices = Array.from({ length: samples }, (_, i) => Math.floor((i * stored) / samples));
    const still = ["shift", "rotation", "scale", "shear"].flatMap((name) => [name, "0"]);
    const entries = ["net", settings.net!, ...still];
    return this.#lg.augmented(entries, this.#data.train.set, indices, 1);
  }

  #one(what: string, input: Float32Array): Tensor {
    const { sampleShape } = this.#job.info;
    if (input.length !== numel(sampleShape)) {
      throw new LanegradError(
        "ShapeMismatch",
        `${what}: ${input.length} numbers, expected ${numel(sampleShape)} for one input of shape [${sampleShape.join(", ")}]`,
      );
    }
    check.finite(what, input, input.length);
    return this.#lg.tensor(input, [1, ...sampleShape]);
  }

  #quietly<T>(body: () => T): T {
    return this.#lg.scope(() => this.#lg.noGrad(body));
  }
}

/**
 * The values that `loss` was computed from, each once and after the values that it was itself
 * computed from.
 */
function nodesOf(
  loss: Tensor,
  leaves: Record<string, Tensor>,
  outputs: Record<string, Tensor>,
): TraceNode[] {
  const nodes: TraceNode[] = [];
  const seen: Tensor[] = [];
  const nameIn = (names: Record<string, Tensor>, tensor: Tensor): string | undefined =>
    Object.keys(names).find((name) => names[name]!.is(tensor));
  const visit = (tensor: Tensor): number => {
    const known = seen.findIndex((other) => other.is(tensor));
    if (known >= 0) return known;
    const sources = tensor.sources.map(visit);
    const name = nameIn(leaves, tensor);
    const layer = nameIn(outputs, tensor);
    seen.push(tensor);
    const { gradFn: op, shape, data: values, grad } = tensor;
    return (
      nodes.push({
        op,
        ...(name !== undefined && { name }),
        ...(layer !== undefined && { layer }),
        shape,
        values,
        grad: grad && grad.data,
        sources,
      }) - 1
    );
  };
  visit(loss);
  return nodes;
}
