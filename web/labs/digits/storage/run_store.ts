// What this browser keeps of runs: the last one, so that a reload can go on with it, and some
// for comparison. Each run has a record of its own, so that two tabs do not overwrite each
// other's. Where the browser keeps nothing (private windows, a full disk), writing rejects with a
// sentence that says so, and the page works without.
import type { Read } from "../../../data/plain";
import type { KeptRun, LastRun } from "../run/run_record";
import { read, transact, write } from "../../../data/database";
import { letters } from "./names";
import { keptRun, lastRun, version } from "./stored_runs";

const [last, oldList] = ["last", "compared"];
const place = (letter: string) => `compared/${letter}`;

export class RunStore {
  // `onDropped` is called with a sentence on why a kept run cannot be used and was dropped; other tabs
  // are told through the channel when a run is kept for comparison or forgotten.
  constructor(
    private readonly onDropped: (sentence: string) => void,
    private readonly channel?: BroadcastChannel,
  ) {}

  // Keeps the last run in place of the one before.
  async keepLast(run: LastRun): Promise<void> {
    await write((runs) => runs.put({ version, ...run }, last));
  }

  async last(): Promise<LastRun | undefined> {
    const [found] = await read([last]);
    return this.checked(lastRun, last, found, "The run that was kept last");
  }

  // Forgets the last run, but not one that another tab has kept since. A reload before it resolves
  // may undo it.
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
      this.channel?.postMessage(undefined);
      return name;
    }
    return undefined;
  }

  async forget(name: string): Promise<void> {
    await write((runs) => runs.delete(place(name)));
    this.channel?.postMessage(undefined);
  }

  // Forgets all runs for comparison.
  async forgetAll(): Promise<void> {
    const all = IDBKeyRange.bound(place(""), place("\uffff"));
    await write((runs) => runs.delete(all));
    this.channel?.postMessage(undefined);
  }

  // Changes what a kept run is called or whether it is drawn; one that is forgotten stays so.
  async change(name: string, changes: Pick<KeptRun, "title" | "hidden">): Promise<void> {
    await transact("readwrite", (runs) => {
      const found = runs.get(place(name));
      found.onsuccess = () => {
        if (found.result) runs.put({ ...found.result, ...changes }, place(name));
      };
      return () => {};
    });
    this.channel?.postMessage(undefined);
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
        const own = Math.max(0, free.indexOf((run as KeptRun | null)?.name ?? ""));
        const [letter] = free.splice(own, 1);
        const named = typeof run === "object" ? { ...run, name: letter } : run;
        if (letter) runs.put(named, place(letter));
      }
      runs.delete(oldList);
    };
    return () => {};
  });
}
