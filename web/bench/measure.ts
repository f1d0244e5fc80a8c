// Measures products and training steps, each in slices between slices of the peak loop. It knows
// nothing of the view.
import { LanegradError, Trainer } from "lanegrad";
import type { Mnist } from "../data/mnist";
import { connect, together } from "./timing/client.mjs";
import {
  interleave,
  peakRates,
  rates,
  shares,
  type Subject,
  type Summary,
} from "./timing/slices.mjs";
import { trainingRunner } from "./timing/training.mjs";
import {
  cubes,
  productFlops,
  trainingFlops,
  trainings,
  trainingShapes,
  type Product,
  type Training,
} from "./timing/work.mjs";

export interface Group {
  title: string;
  works: { id: string; label: string; product?: Product; training?: Training }[];
}

export interface Result {
  share: Summary;
  // Digits or operations per second.
  rate: Summary;
  unit: "digits" | "operations";
}

export interface Listener {
  // What is being measured, and the share of it that is done.
  onWork(label: string, share: number): void;
  onResult(id: string, result: Result): void;
  onPeak(variant: string, threads: number, flops: Summary): void;
  stopped(): boolean;
}

const times = ({ m, k, n }: Product) => `${m} × ${k} times ${k} × ${n} numbers`;

export const groups: Group[] = [
  {
    title: "Learning to read digits",
    works: trainings.map((training) => ({
      id: training.id,
      label: `${training.label}, ${training.batchSize} digits a step`,
      training,
    })),
  },
  {
    title: "Matrix products alone",
    works: [...cubes.slice(1, 4), ...trainingShapes.filter(({ layout }) => layout === "NN")].map(
      (product) => ({ id: product.id, label: times(product), product }),
    ),
  },
];

const options = { rounds: 7, slice: 100, peakSlice: 40, rest: 5 };

const startWorker = async () =>
  connect(new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }));

// The peak loop of the build that runs, in as many threads as that build has.
async function peakOf({ variant, threads }: { variant: string; threads: number }) {
  const kind = variant.startsWith("relaxed") ? "relaxed" : "simd";
  const response = await fetch(new URL(`peak/${kind}.wasm`, document.baseURI));
  if (!response.ok) {
    throw new LanegradError(
      "LoadFailed",
      `${response.url}: the server answered ${response.status}`,
    );
  }
  const wasm = await response.arrayBuffer();
  const workers = await Promise.all(Array.from({ length: threads }, startWorker));
  const loops = await Promise.all(workers.map((worker) => worker.make({ kind: "peak", wasm })));
  return {
    threads,
    run: together(loops),
    close: () => workers.forEach((worker) => worker.close()),
  };
}

export async function measure(digits: Mnist, listener: Listener): Promise<void> {
  const works = groups.flatMap((group) => group.works);
  const products = await startWorker();
  const peaks = new Map<string, Awaited<ReturnType<typeof peakOf>>>();
  try {
    for (const [index, work] of works.entries()) {
      if (listener.stopped()) return;
      listener.onWork(work.label, index / works.length);
      const { product, training } = work;
      const runner = training
        ? await trainingRunner(Trainer, training, {
            data: {
              train: { kind: "idx", images: digits.trainImages, labels: digits.trainLabels },
            },
          })
        : await products.make({ kind: "product", product });
      const { about }: { about: { variant: string; threads: number } } = runner;
      const { variant } = about;
      if (!peaks.has(variant)) peaks.set(variant, await peakOf(about));
      const peak = peaks.get(variant)!;
      // This slice warms up.
      await runner.run(options.slice);

      const subject: Subject = { id: work.id, peak: variant, run: runner.run };
      const samples = await interleave(
        [subject],
        { [variant]: peak.run },
        {
          ...options,
          stopped: listener.stopped,
          onRound: (round) =>
            listener.onWork(work.label, (index + round / options.rounds) / works.length),
        },
      );
      await runner.dispose();
      const mine = samples.get(work.id)!;
      if (mine.length === 0) return;
      const flops = training ? trainingFlops(training) : productFlops(product!);
      const perUnit = training ? 1 : flops;
      listener.onResult(work.id, {
        share: shares(mine, flops),
        rate: rates(mine.map((sample) => ({ ...sample, rate: sample.rate * perUnit }))),
        unit: training ? "digits" : "operations",
      });
      listener.onPeak(variant, peak.threads, peakRates(mine));
    }
  } finally {
    products.close();
    for (const peak of peaks.values()) peak.close();
  }
}
