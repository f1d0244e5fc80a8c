// Looks into a training without changing it: what its layers answer and how large its weights, gradients and
// updates are; and one sample's whole way through the net and back, on a copy.
import type { Lanegrad } from "../api/lanegrad.js";
import type { Tensor } from "../api/tensor.js";
import type { Step } from "../api/training.js";
import * as check from "../check.js";
import { LanegradError } from "../errors.js";
import type { DataSets, Job } from "./job.js";

/** What a training looks like inside. Norms are √Σ x² over a tensor. */
export interface Inspection {
  /** Steps done. */
  step: number;
  /** In the order in which they run. */
  layers: {
    name: string;
    kind: string;
    /** Of one sample's output. */
    shape: number[];
    /** The output for the given input, as `predict` computes it; empty without an input. */
    activations: Float32Array;
    /**
     * Of ReLU: the share of its units that are 0 for each of 128 training samples; a unit is a feature map
     * where the layer has those, else a number. While training runs it may be some seconds old: those samples
     * take less than a hundredth of the time.
     */
    dead?: number;
    /** Whether the outputs are all finite, for the input and for those samples. */
    finite: boolean;
  }[];
  /** What the optimizer changes. */
  tensors: {
    name: string;
    shape: number[];
    /** Whether its weights are all finite. */
    finite: boolean;
    weightNorm: number;
    /** Of the last step, clipped where gradients are; NaN before the first. */
    gradientNorm: number;
    /**
     * How far a step has moved the weights: while training runs, the one just made; else the first after the
     * last inspection. NaN before there is one.
     */
    updateNorm: number;
    /**
     * Of Adam and AdamW: the norms of m, the mean of late gradients, and of √v, their usual size: m is much
     * smaller where they point this way and that.
     */
    moments?: { first: number; second: number };
  }[];
  /** How long this took, without those samples; nothing was trained meanwhile. */
  milliseconds: number;
}

/** One value on the way of a sample through the net. */
export interface TraceNode {
  /** The operation that computed it, "matmul"; empty for what was there before. */
  op: string;
  /** Of what was there before: "x", "dense1.weight". */
  name?: string;
  /** Where it is a layer's output, that layer: "dense1". */
  layer?: string;
  shape: number[];
  values: Float32Array;
  /** The derivative of the loss by each value. */
  grad: Float32Array | null;
  /** What it was computed from, as indices into the nodes. */
  sources: number[];
}

/** What a step does to one tensor. */
export interface TraceUpdate {
  name: string;
  shape: number[];
  before: Float32Array;
  gradient: Float32Array;
  after: Float32Array;
  /** What the optimizer remembers for it: "first_moment", "second_moment" or "velocity". */
  state: Record<string, { before: Float32Array; after: Float32Array }>;
}

/** One sample's way through the net, and the step that its gradient would be. */
export interface Trace {
  /** Training steps done before it. */
  step: number;
  /** In the order in which they were computed; the last is the loss. */
  nodes: TraceNode[];
  probabilities: Float32Array;
  label: number;
  /** Without label smoothing. */
  loss: number;
  optimizer: {
    /** "Adam" */
    kind: string;
    /** Of the next step, as the schedule has it. */
    learningRate: number;
    /** Steps it has made before this one. */
    steps: number;
    weightDecay: number;
    /** SGD only, like the next. */
    momentum?: number;
    nesterov?: boolean;
    /** Adam and AdamW only, like the next two. */
    beta1?: number;
    beta2?: number;
    epsilon?: number;
  };
  /** Of every tensor. The gradient is not clipped. */
  updates: TraceUpdate[];
}

/** Samples that have to be 0 for a unit to count as dead. */
const probeSamples = 128;

/** The most numbers that layers may give at a time: 4 MB. */
const probeNumbers = 2 ** 20;

/** While training runs, the least time from one look at the samples to the next, in times of what one costs. */
const probeRest = 150;

/** What those samples said of a layer. */
interface Probed {
  dead?: number;
  finite: boolean;
}

const count = (shape: number[]): number => shape.reduce((product, extent) => product * extent, 1);

/** Something of each, by the same names. */
const mapped = <V, T>(values: Record<string, V>, of: (value: V, name: string) => T) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, of(value, name)]));

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

  /** A step of the training whose update is measured: its bits are those of any step. */
  step(): Step {
    this.armed = false;
    const { net, trainer } = this.#job;
    return this.#lg.scope(() => {
      const tensors = net.namedTensors();
      // Shares the values until the step changes them.
      const before = mapped(tensors, (tensor) => tensor.detach());
      const result = trainer.step();
      this.#updates = mapped(tensors, (tensor, name) =>
        tensor.detach().sub(before[name]!).raw.norm(),
      );
      return result;
    });
  }

  /** `live`: while training runs. */
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
      optimizer.learningRate *= schedule
        ? lg.learningRateFactor(schedule, Math.min(step, steps - 1), steps)
        : 1;
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

  /** Each layer over the samples, anew unless they were looked at just now. */
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
    const size = count(info.sampleShape);
    const numbers = info.layers.reduce((sum, { shape }) => sum + count(shape), size);
    const chunk = Math.max(1, Math.floor(probeNumbers / numbers)) * size;
    const largest: Record<string, Tensor> = {}; // of each unit of a ReLU
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
            .reshape([units, count(rest)])
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

  /** Training samples from everywhere in the data, as they are. */
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
    if (input.length !== count(sampleShape)) {
      throw new LanegradError(
        "ShapeMismatch",
        `${what}: ${input.length} numbers, expected ${count(sampleShape)} for one input of shape [${sampleShape.join(", ")}]`,
      );
    }
    check.finite(what, input, input.length);
    return this.#lg.tensor(input, [1, ...sampleShape]);
  }

  #quietly<T>(body: () => T): T {
    return this.#lg.scope(() => this.#lg.noGrad(body));
  }
}

/** What `loss` was computed from, each once and after what it was computed from itself. */
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
