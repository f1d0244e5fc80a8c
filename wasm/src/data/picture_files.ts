// Files as they are given, read in slices.
import * as check from "../check.js";
import type { NamedBytes } from "../protocol/pictures.js";

/** A file that is read in slices. */
export interface PictureFile {
  readonly name: string;
  readonly size: number;
  /** Bytes of the file, as a copy of their own. */
  slice(begin: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
  /** The whole file, for a worker to read. */
  blob(): Blob;
}

const expected = "files, or names with bytes";

/** The files that were given, in whatever form. */
export function filesOf(given: unknown): PictureFile[] {
  if (typeof given !== "object" || given === null || !(Symbol.iterator in given)) {
    check.fail("pictures: files", given, expected);
  }
  return Array.from(given as Iterable<unknown>, fileOf);
}

function fileOf(given: unknown): PictureFile {
  if (typeof Blob !== "undefined" && given instanceof Blob) {
    const { name = "file", webkitRelativePath = "" } = given as Partial<File>;
    return {
      // Where a folder was chosen, its name and those below it come along.
      name: webkitRelativePath || name,
      size: given.size,
      slice: async (begin, end) => new Uint8Array(await given.slice(begin, end).arrayBuffer()),
      blob: () => given,
    };
  }
  if (typeof given !== "object" || given === null) check.fail("pictures: file", given, expected);
  const { name, bytes } = given as NamedBytes;
  const whole = check.bytes("pictures: bytes", bytes);
  return {
    name: check.text("pictures: name", name),
    size: whole.length,
    slice: async (begin, end) => new Uint8Array(whole.subarray(begin, end)),
    blob: () => new Blob([new Uint8Array(whole)]),
  };
}

/** The bytes of the file from `begin` to `end`, or to its end. */
export const readSlice = (file: PictureFile, begin: number, end: number) =>
  file.slice(begin, Math.min(end, file.size));
