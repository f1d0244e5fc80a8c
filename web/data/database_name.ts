// The database in which the browser keeps what the page gives it.
export const databaseName = "lanegrad";

// Whether the browser may have kept something; where it does not say, it may.
export async function mayHaveKept(): Promise<boolean> {
  try {
    return (await indexedDB.databases()).some(({ name }) => name === databaseName);
  } catch {
    return true;
  }
}
