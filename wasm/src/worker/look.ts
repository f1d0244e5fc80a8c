// Looks into a training without changing it: what its layers answer, and how large its weights,
// gradients and updates are.
import type { Lanegrad } from "../api/lanegrad.js";
import type { Tensor } from "../api/tensor.js";
import { mapped, numel } from "../values.js";
import type { Inspection } from "../protocol/inspection.js";
import type { DataSets } from "./data_sets.js";
import type { Inspector } from "./inspection.js";
import { samplesAtATime } from "./memory.js";
import type { Training } from "./training.js";

/** A unit counts as dead if it is 0 for this many samples. */
const probeSamples = 128;

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

export class Look {
  readonly #lg: Lanegrad;
  readonly #data: DataSets;
  readonly #training: Training;
  readonly #inspector: Inspector;
  #probe: Float32Array | undefined;
  #probed: { layers: Record<string, Probed>; until: number } | undefined;

  constructor(lg: Lanegrad, data: DataSets, training: Training, inspector: Inspector) {
    this.#lg = lg;
    this.#data = data;
    this.#training = training;
    this.#inspector = inspector;
  }

  /** Inspects the training; `live` says that it is running. */
  inspect(input?: Float32Array, live = false): Inspection {
    this.#inspector.armed = true;
    const { net, trainer, info } = this.#training;
    return this.#quietly(() => {
      const probed = this.#look(live);
      const begin = performance.now();
      const outputs = input && trainer.activations(this.#training.input("inspect", input));
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
          updateNorm: this.#inspector.updates[name] ?? NaN,
          ...(first &&
            second && { moments: { first: first.raw.norm(), second: second.sqrt().raw.norm() } }),
        };
      });
      const { step } = trainer.progress;
      return { step, layers, tensors, milliseconds: performance.now() - begin };
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
    const { trainer, info } = this.#training;
    const probe = (this.#probe ??= this.#draw());
    const size = numel(info.sampleShape);
    const chunk = samplesAtATime(info) * size;
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
    const { settings, trainSamples, validationSamples } = this.#training.info;
    const stored = trainSamples + validationSamples;
    const samples = Math.min(stored, probeSamples);
    const indices = Array.from({ length: samples }, (_, i) => Math.floor((i * stored) / samples));
    const run = { net: settings.net, augment: { shift: 0, rotation: 0, scale: 0, shear: 0 } };
    return this.#lg.augmented(run, this.#data.train.set, indices, 1);
  }

  #quietly<T>(body: () => T): T {
    return this.#lg.scope(() => this.#lg.noGrad(body));
  }
}
