// The page's database in the browser: one store, whose records have names.
import { databaseName } from "./database_name";

const storeName = "runs";

export function read(keys: readonly string[]): Promise<unknown[]> {
  return transact("readonly", (runs) => {
    const requests = keys.map((key) => runs.get(key));
    return () => requests.map(({ result }) => result);
  });
}

// Sends requests at once as a whole, so that a reload right after a click does not lose them.
export function write(ask: (runs: IDBObjectStore) => unknown): Promise<void> {
  return transact("readwrite", (runs) => {
    ask(runs);
    runs.transaction.commit();
    return () => {};
  });
}

// In milliseconds.
const patience = 20_000;

// Resolves with what `work` gives once the transaction is done, which happens as a whole or not at
// all. Rejects with a sentence where it fails, and also where the browser no longer answers.
export async function transact<T>(
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
