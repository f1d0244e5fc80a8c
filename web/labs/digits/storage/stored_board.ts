// The class board that the browser keeps: the results that somebody has collected, as a list.
import { list, type Read } from "../../../data/plain";
import { read, write } from "../../../data/database";

const key = "board";

export const keepBoard = (results: readonly object[]): Promise<void> =>
  write((runs) => (results.length > 0 ? runs.put(results, key) : runs.delete(key)));

/** The kept results, each read by `shape`; none where there are none or the browser keeps nothing. */
export async function keptBoard<T>(
  shape: Read<T>,
  onDropped: (sentence: string) => void,
): Promise<T[]> {
  const [found] = await read([key]).catch(() => []);
  if (found === undefined) return [];
  try {
    return list(shape)(found, "board");
  } catch (error) {
    onDropped(`The kept results are not what this page keeps: ${(error as Error).message}.`);
    void keepBoard([]).catch(() => {});
    return [];
  }
}
