// What a simpler net makes of the same data, trained beside the training.
import { LanegradError } from "../errors.js";
import type { LoadedModule } from "../module/load.js";
import type { RunSettings } from "../protocol/run_settings.js";
import type { DataSets } from "./data_sets.js";
import { release, scoped } from "./handles.js";
import { sliceMilliseconds } from "./pace.js";
import type { Surroundings } from "./run.js";

/**
 * Trains a net in slices, between which everything else has its turn, and gives its answers to the test set; undefined where
 * another engine has taken the place of the one that is there `now`.
 */
export async function baseline(
  now: () => LoadedModule,
  data: DataSets,
  settings: RunSettings,
  { breathe, queue }: Surroundings,
  task: number,
): Promise<Float32Array | undefined> {
  const engine = now();
  const isOver = (): boolean => now() !== engine;
  if (!data.test) {
    throw new LanegradError("InvalidState", "baseline: there is no test set, expected one");
  }
  const trainer = engine.raw.training(settings, data.train.set, data.test.set);
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
    const hasLabels = loader.hasLabels();
    const answers = new Float32Array(loader.size() * loader.outputs());
    let at = 0;
    loader.startEpoch();
    for (let batch = loader.next(); batch; batch = loader.next()) {
      const some = scoped((own) => {
        const inputs = own(own(batch!).inputs());
        return own(hasLabels ? trainer.probabilities(inputs) : trainer.predict(inputs)).data();
      });
      answers.set(some, at);
      at += some.length;
    }
    return answers;
  } finally {
    if (!isOver()) for (const handle of [loader, trainer]) release(handle);
  }
}
