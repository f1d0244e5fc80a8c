// What this browser keeps of runs: the last one, so that a reload can go on with it, and up to
// three for comparison. All of it is read, checked and written here. Each run has a record of its
// own, so that two tabs do not overwrite each other's. Where the browser keeps nothing (private
// windows, a full disk), writing rejects with a sentence that says so, and the page works without.
import type { EpochResult, Restored } from "lanegrad";
import type { ChartPoints } from "../../../ui/plots/chart";
import { bytes, flag, list, number, optional, record, text, type Read } from "../../../data/plain";
import type { RunSettings } from "../compare/differences";
import type { Changes, Rates } from "../../../settings/rates";
import { defaults, type Settings } from "../settings/digits_settings";

// The curves and the table of a run.
export interface ShownCurves {
  charts: ChartPoints[];
  epochs: EpochResult[];
  rates?: Rates | undefined;
  // Undefined where the weights are those after the last epoch.
  restored?: Restored | undefined;
}

export interface LastRun {
  checkpoint: Uint8Array;
  curves: ShownCurves;
  // A title for people.
  title: string;
  // The time, as Date.now() gives it.
  when: number;
}

export interface ComparedRun extends RunSettings {
  epochs: readonly EpochResult[];
  restored?: Restored | undefined;
}

export interface KeptRun extends ComparedRun {
  // The letter of the run.
  name: string;
  // The points of each chart.
  points: ChartPoints[];
}

export const letters = ["A", "B", "C"] as const;

// ---- Shapes -----------------------------------------------------------------

// The version of kept runs; runs of another version are dropped. It rises only where a part gets
// another meaning. A part that is new has a default, and the runs kept before it stay.
const version = 1;
const readVersion: Read<number> = (value, called) => {
  if (value !== version) throw new Error(`${called} is ${String(value)}, expected ${version}`);
  return version;
};

const numbers = list(number);
const points = record<{ x: number[]; y: number[] }>({ x: numbers, y: numbers });
const chart = record<ChartPoints>({
  training: record<ChartPoints["training"]>({
    x: numbers,
    y: numbers,
    smooth: numbers,
    perPoint: number,
    sums: record({ count: number, x: number, y: number, smooth: number }),
    mean: number,
    weight: number,
    lastStep: number,
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

const settings = record<Settings>(
  Object.fromEntries(
    Object.entries(defaults).map(([key, value]) => {
      if (typeof value === "object") return [key, changes];
      return [key, { number, boolean: flag, string: text }[typeof value as string]!];
    }),
  ) as { [K in keyof Settings]: Read<Settings[K]> },
  defaults,
);

const lastRun = record<LastRun & { version: number }>(
  {
    version: readVersion,
    checkpoint: bytes,
    curves: record<ShownCurves>({
      charts,
      epochs,
      rates: optional(record<Rates>({ lr: number, rates: changes })),
      restored,
    }),
    title: text,
    when: number,
  },
  { version },
);
const keptRun = record<KeptRun & { version: number }>(
  {
    version: readVersion,
    name: text,
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

// ---- The store --------------------------------------------------------------

const [databaseName, storeName, last, oldList] = ["lanegrad", "runs", "last", "compared"];
const place = (letter: string) => `compared/${letter}`;

export class RunStore {
  private readonly channel = new BroadcastChannel("lanegrad-runs");

  // `onDropped` is called with a sentence on why a kept run cannot be used and was dropped.
  constructor(private readonly onDropped: (sentence: string) => void) {}

  // Calls the listener when another tab has kept or forgotten a run for comparison.
  set onCompared(listener: () => void) {
    this.channel.onmessage = listener;
  }

  // Keeps the last run in place of the one before.
  async keepLast(run: LastRun): Promise<void> {
    await write((runs) => runs.put({ version, ...run }, last));
  }

  async last(): Promise<LastRun | undefined> {
    const [found] = await read([last]);
    return this.checked(lastRun, last, found, "The run that was kept last");
  }

  // Forgets the last run, but not one that another tab has kept since.
  async forgetLast({ when }: LastRun): Promise<void> {
    await transact("readwrite", (runs) => {
      const found = runs.get(last);
      found.onsuccess = () => {
        if ((found.result as LastRun | undefined)?.when === when) runs.delete(last);
      };
      return () => {};
    });
  }

  // Keeps a run for comparison under the first of these letters that is free, whatever other tabs
  // have kept meanwhile. Resolves with the letter; undefined where none is free.
  async add(run: Omit<KeptRun, "name">, names: readonly string[]): Promise<string | undefined> {
    for (const name of names) {
      try {
        await write((runs) => runs.add({ version, ...run, name }, place(name)));
      } catch (error) {
        if ((error as Error).name === "ConstraintError") continue;
        throw error;
      }
      this.channel.postMessage(undefined);
      return name;
    }
    return undefined;
  }

  async forget(name: string): Promise<void> {
    await write((runs) => runs.delete(place(name)));
    this.channel.postMessage(undefined);
  }

  async compared(): Promise<KeptRun[]> {
    const places = letters.map(place);
    let [old, ...found] = await read([oldList, ...places]);
    if (old !== undefined) {
      await splitOldList();
      found = await read(places);
    }
    return letters.flatMap(
      (letter, i) =>
        this.checked(keptRun, place(letter), found[i], `The run kept as ${letter}`) ?? [],
    );
  }

  private checked<T>(shape: Read<T>, key: string, value: unknown, called: string): T | undefined {
    if (value === undefined) return undefined;
    try {
      return shape(value, "run");
    } catch (error) {
      this.onDropped(`${called} is not what this page keeps: ${(error as Error).message}.`);
      // Where this fails, the sentence comes again at the next reading.
      void write((runs) => runs.delete(key)).catch(() => {});
      return undefined;
    }
  }
}

// Earlier builds kept all runs for comparison in one list.
function splitOldList(): Promise<void> {
  return transact("readwrite", (runs) => {
    const [found, keys] = [runs.get(oldList), runs.getAllKeys()];
    keys.onsuccess = () => {
      const free = letters.filter((letter) => !keys.result.includes(place(letter)));
      for (const run of [found.result].flat()) {
        const own = Math.max(0, free.indexOf((run as KeptRun | null)?.name as (typeof free)[0]));
        const [letter] = free.splice(own, 1);
        const named = typeof run === "object" ? { ...run, name: letter } : run;
        if (letter) runs.put(named, place(letter));
      }
      runs.delete(oldList);
    };
    return () => {};
  });
}

// ---- The browser's database -------------------------------------------------

function read(keys: readonly string[]): Promise<unknown[]> {
  return transact("readonly", (runs) => {
    const requests = keys.map((key) => runs.get(key));
    return () => requests.map(({ result }) => result);
  });
}

// Sends one request at once as a whole, so that a reload right after a click does not lose it.
function write(ask: (runs: IDBObjectStore) => IDBRequest): Promise<void> {
  return transact("readwrite", (runs) => {
    ask(runs).transaction!.commit();
    return () => {};
  });
}

// In milliseconds.
const patience = 20_000;

// Resolves with what `work` gives once the transaction is done, which happens as a whole or not at
// all. Rejects with a sentence where it fails, and also where the browser no longer answers.
async function transact<T>(
  mode: IDBTransactionMode,
  work: (runs: IDBObjectStore) => () => T,
): Promise<T> {
  try {
    const database = connection ?? (await inTime((opening ??= opened())));
    const transaction = database.transaction(storeName, mode);
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error("it was broken off"));
    });
    const answer = work(transaction.objectStore(storeName));
    await inTime(done);
    return answer();
  } catch (error) {
    const { name, message } = error as Error;
    if (name === "ConstraintError") throw error;
    const full = name === "QuotaExceededError";
    throw new Error(
      full ? "This browser has no room left for it." : `This browser keeps nothing (${message}).`,
    );
  }
}

function inTime<T>(work: Promise<T>): Promise<T> {
  const late = new Promise<never>((_, reject) =>
    setTimeout(() => reject(new Error("its database does not answer")), patience),
  );
  return Promise.race([work, late]);
}

let connection: IDBDatabase | undefined;
let opening: Promise<IDBDatabase> | undefined;

function opened(): Promise<IDBDatabase> {
  const lost = () => (connection = opening = undefined);
  return new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(databaseName, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(storeName);
    request.onsuccess = () => {
      const database = request.result;
      connection = database;
      database.onclose = lost; // The visitor has cleared the browser's data.
      database.onversionchange = () => {
        database.close();
        lost();
      };
      resolve(database);
    };
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("its database is held by another page"));
  }).catch((error: unknown) => {
    lost();
    throw error;
  });
}
