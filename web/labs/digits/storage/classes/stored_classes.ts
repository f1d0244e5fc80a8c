// The classes that visitors collect here, kept in this browser beside the runs: a record for each class and one for each
// picture, so that two tabs add to each other's.
import { bytes, number, record, text } from "../../../../data/plain";
import { transact, write } from "../../../../data/database";

/** The height and width of the pictures. */
export const side = 28;

export interface Example {
  id: string;
  /** Brightnesses from 0 to 255, row by row: [side · side]. */
  pixels: Uint8Array;
}

export interface CollectedClass {
  id: string;
  name: string;
  examples: readonly Example[];
}

/** Where tabs say to each other that classes have changed. */
export const channelName = "lanegrad-classes";

const [classPlace, examplePlace] = ["class/", "example/"];
const all = (place: string) => IDBKeyRange.bound(place, `${place}\uffff`);
const examplesOf = (id: string) => `${examplePlace}${id}/`;

const readClass = record<{ name: string; when: number }>({ name: text, when: number });
const readExample = record<{ pixels: Uint8Array; when: number }>({
  pixels(value, called) {
    const found = bytes(value, called);
    if (found.length !== side * side)
      throw new Error(`${called} has ${found.length} pixels, expected ${side * side}`);
    return found;
  },
  when: number,
});

let latest = 0;
/** A name for a record that no other has, also in other tabs; later ones are greater. */
export function newId(): string {
  latest = Math.max(Date.now(), latest + 1);
  const chance = crypto.getRandomValues(new Uint32Array(1))[0]!;
  return `${latest.toString(36)}-${chance.toString(36)}`;
}

/** All classes in the order in which they were made. What is no class or picture is left out. */
export async function readClasses(): Promise<CollectedClass[]> {
  const found = await transact("readonly", (runs) => {
    const requests = [classPlace, examplePlace].map((place) => ({
      keys: runs.getAllKeys(all(place)),
      values: runs.getAll(all(place)),
    }));
    return () => requests.map(({ keys, values }) => ({ keys: keys.result, values: values.result }));
  });
  const [classes, examples] = found.map(({ keys, values }, i) =>
    keys.flatMap((key, at) => {
      try {
        const read = i === 0 ? readClass : readExample;
        return [{ key: String(key), ...read(values[at], String(key)) }];
      } catch {
        return [];
      }
    }),
  ) as [
    ({ key: string } & ReturnType<typeof readClass>)[],
    ({ key: string } & ReturnType<typeof readExample>)[],
  ];
  const inOrder = <T extends { key: string; when: number }>(records: T[]) =>
    records.toSorted((a, b) => a.when - b.when || (a.key < b.key ? -1 : 1));
  const pictures = inOrder(examples);
  return inOrder(classes).map(({ key, name }) => {
    const id = key.slice(classPlace.length);
    const place = examplesOf(id);
    const own = pictures.filter((example) => example.key.startsWith(place));
    return {
      id,
      name,
      examples: own.map((example) => ({
        id: example.key.slice(place.length),
        pixels: example.pixels,
      })),
    };
  });
}

/** Keeps a class's name; what it was made after stays before it. */
export const keepClass = ({ id, name }: CollectedClass): Promise<void> =>
  write((runs) => putClass(runs, id, name));

/** Keeps these pictures, and their class with them, unless that is known already. */
export const keepExamples = (
  { id, name }: CollectedClass,
  examples: readonly Example[],
): Promise<void> =>
  write((runs) => {
    putClass(runs, id, name);
    for (const example of examples) {
      const when = parseInt(example.id, 36);
      runs.put({ pixels: example.pixels, when }, examplesOf(id) + example.id);
    }
  });

export const forgetExample = (classId: string, id: string): Promise<void> =>
  write((runs) => runs.delete(examplesOf(classId) + id));

export const forgetClass = (id: string): Promise<void> =>
  write((runs) => {
    runs.delete(classPlace + id);
    runs.delete(all(examplesOf(id)));
  });

export const forgetClasses = (): Promise<void> =>
  write((runs) => {
    runs.delete(all(classPlace));
    runs.delete(all(examplePlace));
  });

// The time when a class was made is the first part of its id.
const putClass = (runs: IDBObjectStore, id: string, name: string) =>
  runs.put({ name, when: parseInt(id, 36) }, classPlace + id);
