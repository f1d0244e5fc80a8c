// The linear model beside the net: one dense layer, from the same rows and by the same engine.
import type { Trainer } from "lanegrad";

const batchSize = 64;
// A linear model has settled after about so many steps.
const steps = 2000;
const [fewestEpochs, mostEpochs] = [3, 300];

/** Trains it to its end beside the net of `trainer`; resolves with its answers to the held-out rows. */
export function trainLinear(
  trainer: Trainer,
  rows: number,
  seed: number,
  signal: AbortSignal,
): Promise<Float32Array> {
  const stepsPerEpoch = Math.max(1, Math.floor(rows / batchSize));
  const epochs = Math.ceil(steps / stepsPerEpoch);
  const settings = {
    net: "dense classes",
    optimizer: { name: "adam", learningRate: 0.02 },
    schedule: { name: "cosine" },
    batchSize,
    epochs: Math.min(mostEpochs, Math.max(fewestEpochs, epochs)),
    seed,
  } as const;
  return trainer.baseline(settings, { signal });
}
