// Pictures that a browser decodes: PNG, JPEG and WebP, one by one, in folders, and in zip archives.
import { LanegradError } from "../errors.js";
import type { Pictures, PicturesOptions } from "../protocol/pictures.js";
import { readSlice, type PictureFile } from "./picture_files.js";

const decodable = /\.(?:png|jpe?g|webp|gif|bmp|avif)$/i;

/** The first bytes of pictures: PNG, JPEG, GIF, WebP (which is a RIFF file). */
const starts = ["\x89PNG", "\xff\xd8\xff", "GIF8", "RIFF"];

/** Whether a browser has to decode these: one of them is such a picture, or a zip archive that has some. */
export async function areDecoded(files: readonly PictureFile[]): Promise<boolean> {
  for (const file of files) {
    const start = latin(await readSlice(file, 0, 4));
    if (starts.some((magic) => start.startsWith(magic))) return true;
    if (start === "PK\x03\x04" && (await namesIn(file)).some((name) => decodable.test(name))) {
      return true;
    }
  }
  return false;
}

/** The names in a zip archive's directory, which stands at its end. */
async function namesIn(file: PictureFile): Promise<string[]> {
  const most = 22 + 0xffff;
  const end = await readSlice(file, Math.max(file.size - most, 0), file.size);
  const at = latin(end).lastIndexOf("PK\x05\x06");
  if (at < 0 || at + 22 > end.length) return [];
  const view = new DataView(end.buffer, end.byteOffset + at);
  const begin = view.getUint32(16, true);
  // The archive may be long: its first names say what it holds.
  const directory = await readSlice(file, begin, Math.min(begin + 2 ** 20, file.size));
  const fields = new DataView(directory.buffer, directory.byteOffset, directory.length);
  const names: string[] = [];
  for (let i = 0; i + 46 <= directory.length && fields.getUint32(i, true) === 0x02014b50;) {
    const length = fields.getUint16(i + 28, true);
    names.push(new TextDecoder().decode(directory.subarray(i + 46, i + 46 + length)));
    i += 46 + length + fields.getUint16(i + 30, true) + fields.getUint16(i + 32, true);
  }
  return names;
}

const latin = (bytes: Uint8Array): string => String.fromCharCode(...bytes.subarray(0, 4096));

/** Reads them. Rejects with `Unsupported` where nothing here decodes pictures. */
export function readDecoded(
  files: readonly PictureFile[],
  options: PicturesOptions,
): Promise<Pictures> {
  options.signal?.throwIfAborted();
  return Promise.reject(
    new LanegradError(
      "Unsupported",
      `pictures: ${files[0]?.name} is to be decoded by a browser, expected IDX, .npz, CSV or CIFAR-10`,
    ),
  );
}
