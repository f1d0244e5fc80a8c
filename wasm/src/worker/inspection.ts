// Looks into a training without changing it: what its layers answer, and how large its weights,
// gradients and updates are; and, on a copy, one sample's whole way through the net and back.
import type { Lanegrad } from "../api/lanegrad.js";
import type { Tensor } from "../api/tensor.js";
import type { Step } from "../api/training.js";
import * as check from "../check.js";
import { LanegradError } from "../errors.js";
import { mapped, numel } from "../values.js";
import type { Inspection, Trace, TraceNode } from "../protocol/inspection.js";
import type { DataSets, Job } from "./job.js";

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
