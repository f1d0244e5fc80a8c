// The linear model beside the net: one dense layer, from the same rows and by the same engine.
import { Trainer } from "lanegrad";
import type { PreparedTable } from "lanegrad/data";
import { copiesOf } from "./copies";

const batchSize = 64;
// A linear model has settled after about so many steps.
const steps = 2000;
const [fewestEpochs, mostEpochs] = [3, 300];

/** Trains it to its end; resolves with its answers to the held-out rows. */
export async function trainLinear(
  prepared: PreparedTable,
  seed: number,
  signal: AbortSignal,
): Promise<Float32Array> {
  const { train, held } = prepared;
  const stepsPerEpoch = Math.max(1, Math.floor(train.count / batchSize));
  const epochs = Math.ceil(steps / stepsPerEpoch);
  const trainer = await Trainer.create({
    data: await copiesOf(prepared, false),
    transfer: true,
    threads: 1,
    net: "dense classes",
    optimizer: { name: "adam", learningRate: 0.02 },
    schedule: { name: "cosine" },
    batchSize,
    epochs: Math.min(mostEpochs, Math.max(fewestEpochs, epochs)),
    seed,
  });
  try {
    await trainer.train({ signal });
    return await trainer.predict(held.inputs, held.count);
  } finally {
    trainer.dispose();
  }
}
