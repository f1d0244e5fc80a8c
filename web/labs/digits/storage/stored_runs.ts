// The runs that the browser keeps, as they are read from its database: checked part by part, since
// another build of the page may have written them.
import type { EpochResult, Restored } from "lanegrad";
import { bytes, flag, list, number, optional, record, text, type Read } from "../../../data/plain";
import type { Status } from "../../../run/status";
import type { Changes, Rates } from "../../../settings/rates";
import type { CurvePoints } from "../../../ui/plots/curves";
import type { KeptRun, KnownRecord, LastRun, RunProgress, Tested } from "../run/run_record";
import { defaults, type Settings } from "../settings/digits_settings";

// The version of kept runs; runs of another version are dropped. It rises only where a part gets
// another meaning. A part that is new has a default, and the runs kept before it stay.
export const version = 1;
const readVersion: Read<number> = (value, called) => {
  if (value !== version) throw new Error(`${called} is ${String(value)}, expected ${version}`);
  return version;
};

// The most letters of a name that a visitor gives a run.
export const longestTitle = 60;

const numbers = list(number);
const points = record<{ x: number[]; y: number[] }>({ x: numbers, y: numbers });
// A number of a running mean that earlier builds kept.
const former = optional(number);
type Former<Name extends string> = { [K in Name]?: number | undefined };
type Training = CurvePoints["training"];
const chart = record<CurvePoints>({
  training: record<Training & Former<"mean" | "weight" | "lastStep">>({
    x: numbers,
    y: numbers,
    smooth: numbers,
    perPoint: number,
    sums: record<Training["sums"] & Former<"smooth">>({
      count: number,
      x: number,
      y: number,
      smooth: former,
    }),
    mean: former,
    weight: former,
    lastStep: former,
  }),
  ended: record({ validation: points, test: points }),
  lowest: number,
  highest: number,
});
const charts = list(chart, 2);
const answers = {
  epoch: number,
  validationLoss: number,
  validationAccuracy: number,
  testLoss: number,
  testAccuracy: number,
};
const restored = optional(record<Restored>(answers));
const epochs = list(
  record<EpochResult>({ ...answers, trainLoss: number, trainAccuracy: number, seconds: number }),
);
const changes = list(list(number, 2)) as unknown as Read<Changes>;

export const settings = record<Partial<Settings>>(
  Object.fromEntries(
    Object.entries(defaults).map(([key, value]) => {
      if (typeof value === "object") return [key, optional(changes)];
      const read: Read<unknown> = { number, boolean: flag, string: text }[typeof value as string]!;
      return [key, optional(read)];
    }),
  ) as { [K in keyof Settings]-?: Read<Settings[K] | undefined> },
);

const statuses: Record<Status, true> = {
  idle: true,
  loading: true,
  training: true,
  paused: true,
  stopped: true,
  finished: true,
  failed: true,
};
const status: Read<Status> = (value, called) => {
  if (!Object.hasOwn(statuses, String(value))) throw new Error(`${called} is no status of a run`);
  return value as Status;
};

// The record of a run, in the browser and in a file. Earlier builds kept none of its progress.
export const knownRecord = record<KnownRecord>({
  charts,
  epochs,
  rates: optional(record<Rates>({ lr: number, rates: changes })),
  restored,
  tested: optional(
    record<Tested>({
      from: number,
      to: number,
      epoch: optional(number),
      right: number,
      samples: number,
      loss: number,
    }),
  ),
  progress: optional(
    record<RunProgress>({
      status,
      epoch: number,
      epochs: number,
      trainLoss: number,
      accuracy: optional(number),
    }),
  ),
});

export const lastRun = record<LastRun & { version: number }>(
  {
    version: readVersion,
    checkpoint: bytes,
    curves: knownRecord,
    title: text,
    when: number,
  },
  { version },
);
export const keptRun = record<KeptRun & { version: number }>(
  {
    version: readVersion,
    name: text,
    title: optional((value, called) => text(value, called).slice(0, longestTitle)),
    hidden: optional(flag),
    points: charts,
    epochs,
    restored,
    settings,
    net: text,
    rates: numbers,
    pictures: text,
  },
  { version },
);
