// The last table of somebody's own, which the browser keeps, so that a reload finds it again.
import { read, write } from "../../../data/database";
import { mayHaveKept } from "../../../data/database_name";
import { number, record } from "../../../data/plain";

/** The most bytes of a file that is kept. */
export const mostBytes = 50e6;

const [key, version] = ["table", 1];

const readKept = record<{ version: number; file: File }>({
  version: number,
  file(value, called) {
    if (!(value instanceof File)) throw new Error(`${called} is no file`);
    return value;
  },
});

/** Keeps the file in the place of the one before; rejects with a sentence where the browser does not. */
export const keepTable = (file: File): Promise<void> =>
  write((runs) => runs.put({ version, file }, key));

export const forgetTable = (): Promise<void> => write((runs) => runs.delete(key));

/** The kept file; undefined where there is none. */
export async function keptTable(): Promise<File | undefined> {
  if (!(await mayHaveKept())) return undefined;
  const [found] = await read([key]).catch(() => []);
  if (found === undefined) return undefined;
  try {
    return readKept(found, "table").file;
  } catch {
    void forgetTable().catch(() => {});
    return undefined;
  }
}
