// The last run kept in this browser, so that a reload can go on with it, and what was kept to compare with. Where
// the browser keeps nothing (private windows, a full disk), the page works without.

export interface Kept {
  checkpoint: Uint8Array;
  curves: unknown; // the page's own: what the figures and the table show
  title: string; // for people
  when: number; // Date.now()
}

const [name, store, key] = ["lanegrad", "runs", "last"];

export const keep = (run: Kept) => use("readwrite", (runs) => runs.put(run, key));
export const kept = () => use("readonly", (runs) => runs.get(key)) as Promise<Kept | undefined>;
export const forget = () => use("readwrite", (runs) => runs.delete(key));

// Runs to compare with, as plain data.
export const keepCompared = (runs: unknown) =>
  use("readwrite", (store) => store.put(runs, "compared"));
export const keptCompared = () => use("readonly", (store) => store.get("compared"));

// The answer once the transaction is done, which happens whole or not at all; undefined where it failed. With the
// connection at hand all of it is sent at once: whoever reloads right after a click finds what was clicked.
async function use(
  mode: IDBTransactionMode,
  ask: (runs: IDBObjectStore) => IDBRequest,
): Promise<unknown> {
  try {
    const database = connection ?? (await (opening ??= opened()));
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(store, mode);
      const request = ask(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
      transaction.commit();
    });
  } catch {
    return undefined;
  }
}

let connection: IDBDatabase | undefined;
let opening: Promise<IDBDatabase> | undefined;

function opened(): Promise<IDBDatabase> {
  const lost = () => (connection = opening = undefined);
  return new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(store);
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
  }).catch((error: unknown) => {
    lost();
    throw error;
  });
}
