// Pictures with labels from files: what a browser decodes goes one way, everything else another.
import * as check from "../check.js";
import { LanegradError } from "../errors.js";
import type { NamedBytes, Pictures, PicturesOptions } from "../protocol/pictures.js";
import { areDecoded, readDecoded } from "./decoded_pictures.js";
import { filesOf } from "./picture_files.js";
import { readParsed } from "./parsed_pictures.js";

const pictureOptions: check.Options<PicturesOptions> = {
  turn: (_, turn) => check.boolean("pictures: turn", turn),
  size: (_, size) => {
    const extents = check.extents("pictures: size", size);
    if (extents.length !== 2 || extents.includes(0)) {
      check.fail("pictures: size", size, "[height, width] of at least 1");
    }
    return extents as unknown as readonly [number, number];
  },
  channels: (_, channels) =>
    channels === 1 || channels === 3
      ? channels
      : check.fail("pictures: channels", channels, "1 or 3"),
  signal: check.any,
  onProgress: (_, hear) => check.callable("pictures: on progress", hear),
};

/**
 * Reads pictures with their labels from files of one set: IDX (plain or .gz), .npz and .npy, CSV with
 * a picture in each row, CIFAR's binary batches, also in .zip and .tar; and in a browser PNG, JPEG and
 * WebP, one folder per class. What the files are is found out by their bytes, which file is what by
 * their content, then by their names. Rejects with `Unsupported` or `CorruptData` in one sentence that
 * names the file and says what was expected, and with the signal's reason where it is aborted.
 */
export async function readPictures(
  files: Iterable<File | NamedBytes>,
  options?: PicturesOptions,
): Promise<Pictures> {
  const given = filesOf(files);
  const chosen = check.options("pictures", options, pictureOptions);
  if (given.length === 0) {
    throw new LanegradError("InvalidArgument", "pictures: no files, expected at least one");
  }
  chosen.signal?.throwIfAborted();
  return (await areDecoded(given)) ? readDecoded(given, chosen) : readParsed(given, chosen);
}
