// Training and evaluation through the package's public Trainer, as any page would do it: it runs in its own worker
// on the images' bytes, shuffles, measures, and sends its progress here. Nothing else runs during a slice.
import { repeat } from "./repeat.mjs";

const endless = 1e6; // epochs

/** A net without a batch size of its own is one of the package's, and trains by its recipe. */
const create = (Trainer, { net, batchSize }, options) =>
  Trainer.create({
    ...options,
    net,
    seed: 1,
    ...(batchSize
      ? { batchSize, optimizer: { name: "adam", learningRate: 0.001 } }
      : { epochs: endless }), // its schedule ends no sooner than what is timed
  });

/**
 * @param {object} Trainer the package's
 * @param {import("./work.mjs").Training} training
 * @param {object} options further options of Trainer.create, among them `data`
 * @returns {Promise<{ run: (milliseconds: number) => Promise<import("./slices.mjs").Slice>, about: { variant: string, threads: number }, dispose: () => Promise<void> }>}
 * units: samples
 */
export async function trainingRunner(Trainer, training, options) {
  const trainer = await create(Trainer, training, options);
  const { trainSamples, batchesPerEpoch, settings } = trainer.info;
  const { batchSize } = settings;
  // The last batch of an epoch may be smaller.
  const samplesAfter = (step) =>
    Math.floor(step / batchesPerEpoch) * trainSamples + (step % batchesPerEpoch) * batchSize;

  // [time, step] of each message of the slice.
  let seen = [];
  let onSeen = () => {};
  let failure;
  const finished = trainer
    .train({
      epochs: endless,
      onProgress({ step }) {
        seen.push([performance.now(), step]);
        onSeen();
      },
    })
    .catch((error) => {
      failure = error;
      onSeen();
    });
  await Promise.race([trainer.pause(), finished]);
  if (failure) throw failure;

  return {
    about: { variant: trainer.info.variant, threads: trainer.info.threads },

    // A slice goes from the first message to the last, so that resuming and pausing are not
    // measured.
    async run(milliseconds) {
      seen = [];
      const enough = new Promise((resolve) => {
        onSeen = () => {
          const [begin] = seen[0] ?? [];
          const [now, step] = seen.at(-1) ?? [];
          if (failure || (now - begin >= milliseconds && step > seen[0][1])) resolve(undefined);
        };
      });
      await trainer.resume();
      await enough;
      onSeen = () => {};
      if (failure) throw failure;
      const [[begin, firstStep], [end, lastStep]] = [seen[0], seen.at(-1)];
      await trainer.pause();
      return {
        units: samplesAfter(lastStep) - samplesAfter(firstStep),
        seconds: (end - begin) / 1000,
      };
    },

    async dispose() {
      await trainer.stop();
      await finished;
      trainer.dispose();
    },
  };
}

/**
 * Answers the whole test set again and again, with the weights as they were drawn.
 * @param {object} Trainer the package's
 * @param {import("./work.mjs").Training} training
 * @param {object} options further options of Trainer.create, among them `data` with a test set
 * @returns {ReturnType<typeof trainingRunner>} units: samples
 */
export async function evaluationRunner(Trainer, training, options) {
  const trainer = await create(Trainer, training, options);
  const { variant, threads, testSamples } = trainer.info;
  const timed = repeat(() => trainer.evaluate());
  return {
    about: { variant, threads },
    async run(milliseconds) {
      const { units, seconds } = await timed(milliseconds);
      return { units: units * testSamples, seconds };
    },
    dispose: async () => trainer.dispose(),
  };
}
