// Looks into a training without changing it: what its layers answer, and how large its weights,
// gradients and updates are.
import { LanegradError } from "../errors.js";
import type { LoadedModule } from "../module/load.js";
import { mapped, numel } from "../values.js";
import type { Inspection } from "../protocol/inspection.js";
import type { DataSets } from "./data_sets.js";
import { named, scoped, tensorsOf, type Own, type Tensors } from "./handles.js";
import type { Inspector } from "./inspection.js";
import { noAugmentation, samplesAtATime } from "./memory.js";
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
  readonly #engine: LoadedModule;
  readonly #data: DataSets;
  readonly #training: Training;
  readonly #inspector: Inspector;
  #probe: Float32Array | undefined;
  #probed: { layers: Record<string, Probed>; until: number } | undefined;

  constructor(engine: LoadedModule, data: DataSets, training: Training, inspector: Inspector) {
    this.#engine = engine;
    this.#data = data;
    this.#training = training;
    this.#inspector = inspector;
  }

  /** Inspects the training; `live` says that it is running. */
  inspect(input?: Float32Array, live = false): Inspection {
    this.#inspector.armed = true;
    const { net, trainer, info } = this.#training;
    const { raw } = this.#engine;
    return this.#quietly((own) => {
      const probed = this.#look(own, live);
      const begin = performance.now();
      const outputs =
        input && named(own, trainer.activations(this.#training.input(own, "inspect", input)));
      const layers = info.layers.map(({ name, kind, shape }) => {
        const output = outputs?.[name];
        const { finite, ...rest } = probed[name]!;
        return {
          name,
          kind,
          shape,
          activations: output?.data() ?? new Float32Array(),
          finite: finite && (output?.allFinite() ?? true),
          ...rest,
        };
      });
      const weights = tensorsOf(own, net);
      const state = named(own, own(trainer.optimizer()).state(Object.keys(weights)));
      const tensors = Object.entries(weights).map(([name, tensor]) => {
        const [first, second] = [state[`first_moment.${name}`], state[`second_moment.${name}`]];
        const gradient = tensor.grad();
        return {
          name,
          shape: tensor.shape(),
          finite: tensor.allFinite(),
          weightNorm: tensor.norm(),
          gradientNorm: gradient ? own(gradient).norm() : NaN,
          updateNorm: this.#inspector.updates[name] ?? NaN,
          ...(first &&
            second && { moments: { first: first.norm(), second: own(raw.sqrt(second)).norm() } }),
        };
      });
      const { step } = trainer.progress();
      return { step, layers, tensors, milliseconds: performance.now() - begin };
    });
  }

  /** What the samples show of each layer. It is computed anew unless that was done just now. */
  #look(own: Own, live: boolean): Record<string, Probed> {
    const begin = performance.now();
    if (live && this.#probed && begin < this.#probed.until) return this.#probed.layers;
    const layers = this.#lookAnew(own);
    const end = performance.now();
    this.#probed = { layers, until: end + probeRest * (end - begin) };
    return layers;
  }

  #lookAnew(own: Own): Record<string, Probed> {
    const { trainer, info } = this.#training;
    const { raw } = this.#engine;
    const probe = (this.#probe ??= this.#draw());
    const size = numel(info.sampleShape);
    const chunk = samplesAtATime(info) * size;
    // The largest value of each unit of a ReLU.
    const largest: Tensors = {};
    const finite: Record<string, boolean> = {};
    for (let begin = 0; begin < probe.length; begin += chunk) {
      const part = probe.subarray(begin, begin + chunk);
      scoped((brief) => {
        const shape = [part.length / size, ...info.sampleShape];
        const samples = brief(raw.tensor(part, shape, false));
        const outputs = named(brief, trainer.activations(samples));
        for (const { name, kind, shape } of info.layers) {
          const output = outputs[name]!;
          finite[name] = (finite[name] ?? true) && output.allFinite();
          if (kind !== "ReLU") continue;
          const [units = 1, ...rest] = shape;
          const most = brief(raw.maxAxis(output, 0, false));
          const each = own(raw.maxAxis(brief(raw.reshape(most, [units, numel(rest)])), 1, false));
          const before = largest[name];
          largest[name] = before ? own(raw.maximum(before, each)) : each;
        }
      });
    }
    return mapped(finite, (finite, name) => {
      const units = largest[name]?.data();
      if (!units) return { finite };
      return { finite, dead: units.filter((value) => value === 0).length / units.length };
    });
  }

  /** Training samples, evenly spread over the data, without augmentation. */
  #draw(): Float32Array {
    const { stream, info } = this.#training;
    const { settings, trainSamples, validationSamples } = info;
    if (stream) {
      if (stream.seen) return stream.seen;
      throw new LanegradError("InvalidState", "inspect: no batch has come, expected a step before");
    }
    const stored = trainSamples + validationSamples;
    const samples = Math.min(stored, probeSamples);
    const indices = Array.from({ length: samples }, (_, i) => Math.floor((i * stored) / samples));
    const run = { net: settings.net, augment: noAugmentation };
    return this.#engine.raw.augmented(run, this.#data.train.set, indices, 1);
  }

  /** Runs `body` without recording operations, and frees what it made. */
  #quietly<T>(body: (own: Own) => T): T {
    const { raw } = this.#engine;
    const before = raw.gradEnabled();
    raw.setGradEnabled(false);
    try {
      return scoped(body);
    } finally {
      raw.setGradEnabled(before);
    }
  }
}
