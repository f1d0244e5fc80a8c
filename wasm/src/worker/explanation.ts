// Why the net answers what it does, and what it looks like inside. This file and what it imports are loaded when the first
// of these is asked for.
import type { Lanegrad } from "../api/lanegrad.js";
import type { Tensor } from "../api/tensor.js";
import type { InputGradient, Nearest } from "../protocol/explanation.js";
import { numel } from "../values.js";
import type { DataSets } from "./data_sets.js";
import { samplesAtATime } from "./memory.js";
import { requireLabels } from "./trace.js";
import type { Training } from "./training.js";
import { setWeights } from "./given_weights.js";

export { setWeights } from "./given_weights.js";
export { Look } from "./look.js";
export { trace } from "./trace.js";

/** What `Trainer.inputGradient` gives. */
export function inputGradient(
  lg: Lanegrad,
  training: Training,
  input: Float32Array,
  label: number,
  other?: number,
): InputGradient {
  requireLabels("input gradient", training);
  const { trainer, info } = training;
  return lg.scope(() => {
    const { sampleShape, outputs, settings, normalization } = info;
    const twin = lg.net(settings.net!, { inputs: sampleShape, outputs });
    setWeights(twin, trainer.answering());
    twin.setTraining(false);
    const { x } = trainer.activations(training.input("input gradient", input)) as { x: Tensor };
    x.requiresGrad = true;
    const y = twin.forward(x);
    const loss = (of: number): Tensor => new lg.SoftmaxCrossEntropy().forward(y, [of]);
    const value = other === undefined ? loss(label).neg() : loss(other).sub(loss(label));
    value.backward();
    // One for each channel, [C, 1, 1].
    const deviations = [normalization.deviation].flat().map((deviation) => [[deviation]]);
    return {
      step: trainer.progress.step,
      probabilities: y.softmax().data,
      gradient: x.grad!.div(deviations).data,
    };
  });
}

/**
 * What `Trainer.nearest` gives. `breathe` is called between batches, and lets messages be handled.
 */
export async function nearest(
  lg: Lanegrad,
  data: DataSets,
  training: Training,
  input: Float32Array,
  count: number,
  among: number,
  breathe: () => Promise<void>,
): Promise<Nearest> {
  requireLabels("nearest", training);
  const { trainer, info } = training;
  const { layers, settings, sampleShape, trainSamples } = info;
  const last = layers.filter(({ kind }) => kind === "Dense" || kind === "Conv2D").at(-1);
  // What these layers answer is what they are given.
  const before = layers
    .slice(0, last && layers.indexOf(last))
    .filter(({ kind }) => !/^(Flatten|Dropout)$/.test(kind));
  const { name: layer = "x", shape = sampleShape } = before.at(-1) ?? {};
  const features = (x: Tensor): Tensor => {
    const values = trainer.activations(x)[layer]!.reshape([x.shape[0]!, numel(shape)]);
    return values.div(values.mul(values).sum(1, true).pow(0.5).maximum(1e-30));
  };
  const compared = Math.min(among, trainSamples);
  // Another training's loader gives the same samples as they are stored, in an order of its own.
  const { seed, validation } = settings;
  const others = { net: "dense classes", seed, validation, batchSize: samplesAtATime(info) };
  const source = lg.training({ ...others, augment: noAugmentation }, data.train.set);
  const loader = source.loader("train")!;
  const size = numel(sampleShape);
  let found: Nearest["samples"] = [];
  let seen = 0;
  try {
    for (const { inputs, labels } of loader) {
      const more = Math.min(labels.length, compared - seen);
      const [values, cosines] = lg.scope(() => {
        const own = features(training.input("nearest", input));
        return [inputs.data, features(inputs).matmul(own.transpose()).data];
      });
      for (let i = 0; i < more; i++) {
        const similarity = cosines[i]!;
        if (found.length === count && !(similarity > (found.at(-1)?.similarity ?? 1))) continue;
        const pixels = values.slice(i * size, (i + 1) * size);
        found.push({ similarity, label: labels[i]!, input: pixels });
        found.sort((a, b) => b.similarity - a.similarity);
        found = found.slice(0, count);
      }
      if ((seen += more) === compared) break;
      await breathe();
    }
  } finally {
    loader.dispose();
    source.dispose();
  }
  return { step: trainer.progress.step, layer, numbers: numel(shape), compared, samples: found };
}

const noAugmentation = { shift: 0, rotation: 0, scale: 0, shear: 0 };
