// What the labs keep in this browser, whose names all begin with "lanegrad", and how it is forgotten. The caches with the
// copy of the page and with MNIST are none of it.
import { counted } from "../../ui/format";

const isOurs = (name: string | undefined) => name?.startsWith("lanegrad") ?? false;

// The milliseconds that other tabs have to let go.
const patience = 10_000;
const stillOpen = "Another tab of this page still has it open: close that tab, and try again.";

const storages = (): Storage[] => {
  try {
    return [localStorage, sessionStorage];
  } catch {
    return []; // This browser keeps nothing.
  }
};

const keysOf = (storage: Storage): string[] => Object.keys(storage).filter(isOurs);

async function databases(): Promise<string[]> {
  try {
    const all = await indexedDB.databases();
    return all.flatMap(({ name }) => (isOurs(name) ? [name!] : []));
  } catch {
    return ["lanegrad"]; // Firefox before 126 does not say.
  }
}

/** What is kept, in words. */
export async function kept(): Promise<string[]> {
  const keys = storages().flatMap(keysOf);
  const named = keys.filter((key) => key.startsWith("lanegrad-names")).length;
  const runs = (await Promise.all((await databases()).map(recordsIn))).flat();
  const compared = runs.filter((key) => key.startsWith("compared")).length;
  const pictures = runs.filter((key) => key.startsWith("example/")).length;
  return [
    runs.includes("last") && "the last run, which a reload would offer to restore",
    compared > 0 && `${counted(compared, "run")} kept to compare`,
    runs.includes("sweep") && "the last sweep of many runs",
    pictures > 0 && `${counted(pictures, "picture")} of classes that were collected here`,
    runs.includes("table") && "a table of your own",
    runs.includes("board") && "the results of a class",
    keys.includes("lanegrad-tour") && "how far the guided tour has come",
    named > 0 && `the names of classes of ${counted(named, "set")} of pictures`,
    runs.length + keys.length === 0 && "nothing else: this browser keeps nothing of it just now",
  ].filter((what) => what !== false);
}

/** Does the work when no tab shows a lab any more, and before one does again; rejects where a tab does not let go. */
export async function whenAllAreGone(work: () => Promise<void>): Promise<void> {
  if (!("locks" in navigator)) return work(); // The page was not loaded safely.
  const signal = AbortSignal.timeout(patience);
  const locked = navigator.locks.request("lanegrad-open", { signal }, work);
  return locked.catch((error: Error) => {
    throw error.name === "TimeoutError" ? new Error(stillOpen) : error;
  });
}

/** Forgets all of it; rejects where a tab does not let go. */
export async function forgetAll(): Promise<void> {
  for (const storage of storages()) {
    for (const key of keysOf(storage)) storage.removeItem(key);
  }
  await Promise.all((await databases()).map(forgetDatabase));
}

function forgetDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error as Error);
    setTimeout(() => {
      reject(new Error(stillOpen));
    }, patience);
  });
}

// The keys of all records of a database.
async function recordsIn(name: string): Promise<string[]> {
  const database = await new Promise<IDBDatabase | undefined>((resolve) => {
    const request = indexedDB.open(name);
    // What is not there is not made.
    request.onupgradeneeded = () => request.transaction!.abort();
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(undefined);
  });
  if (!database) return [];
  const stores = [...database.objectStoreNames];
  const found = stores.map(
    (store) =>
      new Promise<string[]>((resolve) => {
        const request = database.transaction(store).objectStore(store).getAllKeys();
        request.onsuccess = () => resolve(request.result.map(String));
        request.onerror = () => resolve([]);
      }),
  );
  const keys = (await Promise.all(found)).flat();
  database.close();
  return keys;
}
