// What nets answer to the test set: the one that is trained, and a simpler one that is trained beside it.
import { LanegradError } from "../errors.js";
import type { LoadedModule } from "../module/load.js";
import type { LoaderHandle, TrainingHandle } from "../module/raw.js";
import type { RunSettings } from "../protocol/run_settings.js";
import type { DataSets } from "./data_sets.js";
import { release, scoped } from "./handles.js";
import { noAugmentation, predictBatch } from "./memory.js";
import { sliceMilliseconds } from "./pace.js";
import type { Surroundings, TrainingRun } from "./run.js";
import { notStored } from "./training.js";

/** The answers of a net to the test set; `breathe`, where given, is called between slices of the work. */
async function answersOf(
  { raw }: LoadedModule,
  { test }: DataSets,
  trainer: TrainingHandle,
  loader: LoaderHandle,
  breathe?: () => Promise<void>,
): Promise<Float32Array> {
  const [hasLabels, size, outputs] = [loader.hasLabels(), loader.size(), loader.outputs()];
  const all = new Float32Array(size * outputs);
  let end = performance.now() + sliceMilliseconds;
  for (let begin = 0; begin < size; begin += predictBatch) {
    const count = Math.min(predictBatch, size - begin);
    const indices = Array.from({ length: count }, (_, i) => begin + i);
    // As they are stored: predictions normalize them.
    const inputs = raw.augmented({ augment: noAugmentation }, test!.set, indices, 1);
    const some = scoped((own) => {
      const x = own(raw.tensor(inputs, [count, ...loader.sampleShape()], false));
      return own(hasLabels ? trainer.probabilities(x) : trainer.predict(x)).data();
    });
    all.set(some, begin * outputs);
    if (!breathe || performance.now() < end) continue;
    await breathe();
    end = performance.now() + sliceMilliseconds;
  }
  return all;
}

/** What `Trainer.answers` gives, while the training waits. */
export async function answers(
  engine: LoadedModule,
  data: DataSets,
  trainer: TrainingHandle,
  run: TrainingRun,
  { breathe }: Surroundings,
): Promise<Float32Array> {
  const loader = trainer.loader("test");
  if (!loader) {
    throw new LanegradError("InvalidState", "answers: there is no test set, expected one");
  }
  try {
    await run.finishEvaluations(); // an epoch that ends is told before
    return await answersOf(engine, data, trainer, loader, breathe);
  } finally {
    release(loader);
  }
}

/** What `Trainer.baseline` gives. Where another engine takes the place of the one that is there `now`, it begins anew. */
export async function baseline(
  now: () => readonly [LoadedModule, DataSets],
  settings: RunSettings,
  around: Surroundings,
  task: number,
): Promise<Float32Array> {
  for (;;) {
    const [engine, data] = now();
    const answers = await tried(engine, () => now()[0] !== engine, data, settings, around, task);
    if (answers) return answers;
  }
}

/**
 * Trains a net in slices, between which everything else has its turn, and gives its answers to the test set; undefined once
 * this engine is over.
 */
async function tried(
  engine: LoadedModule,
  isOver: () => boolean,
  data: DataSets,
  settings: RunSettings,
  { breathe, queue }: Surroundings,
  task: number,
): Promise<Float32Array | undefined> {
  if (!data.test) {
    throw new LanegradError("InvalidState", "baseline: there is no test set, expected one");
  }
  if (data.train.streamed) throw notStored("baseline");
  const trainer = engine.raw.training(settings, data.train.set, data.test.set, null);
  const loader = trainer.loader("test")!;
  try {
    const { epochs = 1 } = trainer.settings();
    for (let done = false; !done;) {
      const end = performance.now() + sliceMilliseconds;
      do done = trainer.advance(epochs).event === "finished";
      while (!done && performance.now() < end);
      await breathe();
      if (isOver()) return undefined;
      if (queue.cancelled.delete(task))
        throw new LanegradError("Aborted", "baseline: it was aborted");
    }
    return await answersOf(engine, data, trainer, loader);
  } finally {
    if (!isOver()) for (const handle of [loader, trainer]) release(handle);
  }
}
