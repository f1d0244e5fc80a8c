// Why the net answers what it does, what it looks like inside, and what else few trainings need. This file and what it imports
// are loaded when the first of these is asked for.
import type { LoadedModule } from "../module/load.js";
import type { TensorHandle } from "../module/raw.js";
import type { InputGradient, Nearest } from "../protocol/explanation.js";
import { mapped, numel } from "../values.js";
import type { DataSets } from "./data_sets.js";
import { named, release, scoped, type Own } from "./handles.js";
import { noAugmentation, samplesAtATime } from "./memory.js";
import { requireLabels } from "./trace.js";
import type { Training } from "./training.js";
import { setWeights } from "./given_weights.js";

export { bridge } from "../module/elsewhere.js";
export { answers, baseline } from "./baseline.js";
export { setWeights } from "./given_weights.js";
export { streamSettings, twoValidations } from "./moments.js";
export { Stream } from "./stream.js";
export { Look } from "./look.js";
export { trace } from "./trace.js";

/** What `Trainer.inputGradient` gives. */
export function inputGradient(
  { raw }: LoadedModule,
  training: Training,
  input: Float32Array,
  label: number,
  other?: number,
): InputGradient {
  requireLabels("input gradient", training);
  const { trainer, info } = training;
  return scoped((own) => {
    const { sampleShape, outputs, settings, normalization } = info;
    // Its random weights are replaced.
    const twin = own(raw.net(settings.net!, sampleShape, outputs, own(raw.Random(1, 0))));
    const answering = named(own, trainer.answering());
    setWeights(
      twin,
      mapped(answering, (tensor) => tensor.data()),
    );
    twin.setTraining(false);
    const given = training.input(own, "input gradient", input);
    const x = named(own, trainer.activations(given)).x!;
    x.setRequiresGrad(true);
    const y = own(twin.forward(x));
    const loss = (of: number) => own(raw.SoftmaxCrossEntropy(y, Int32Array.of(of)));
    const value = other === undefined ? raw.neg(loss(label)) : raw.sub(loss(other), loss(label));
    own(value).backward();
    // One for each channel, [C, 1, 1].
    const each = Float32Array.from([normalization.deviation].flat());
    const deviations = own(raw.tensor(each, [each.length, 1, 1], false));
    return {
      step: trainer.progress().step,
      probabilities: own(raw.softmax(y)).data(),
      gradient: own(raw.div(own(x.grad()!), deviations)).data(),
    };
  });
}

/**
 * What `Trainer.nearest` gives. `breathe` is called between batches, and lets messages be handled.
 */
export async function nearest(
  { raw }: LoadedModule,
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
  const features = (own: Own, x: TensorHandle): TensorHandle => {
    const constant = (value: number) => own(raw.tensor(Float32Array.of(value), [], false));
    const output = named(own, trainer.activations(x))[layer]!;
    const values = own(raw.reshape(output, [x.shape()[0]!, numel(shape)]));
    const squares = own(raw.sumAxis(own(raw.mul(values, values)), 1, true));
    const norms = own(raw.pow(squares, constant(0.5)));
    return own(raw.div(values, own(raw.maximum(norms, constant(1e-30)))));
  };
  const compared = Math.min(among, trainSamples);
  // Another training's loader gives the same samples as they are stored, in an order of its own.
  const { seed, validation } = settings;
  const others = { net: "dense classes", seed, validation, batchSize: samplesAtATime(info) };
  const source = raw.training({ ...others, augment: noAugmentation }, data.train.set, null, null);
  const loader = source.loader("train")!;
  const size = numel(sampleShape);
  let found: Nearest["samples"] = [];
  let seen = 0;
  try {
    loader.startEpoch();
    for (let batch = loader.next(); batch; batch = loader.next()) {
      const { labels, values, cosines } = scoped((own) => {
        const [inputs, labels] = [own(own(batch!).inputs()), batch!.labels()];
        const wanted = features(own, training.input(own, "nearest", input));
        const products = raw.matmul(features(own, inputs), own(raw.transpose(wanted, -2, -1)));
        return { labels, values: inputs.data(), cosines: own(products).data() };
      });
      const more = Math.min(labels.length, compared - seen);
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
    release(loader);
    release(source);
  }
  return { step: trainer.progress().step, layer, numbers: numel(shape), compared, samples: found };
}
