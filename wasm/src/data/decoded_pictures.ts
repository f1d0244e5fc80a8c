// Pictures that a browser decodes: PNG, JPEG and WebP, one by one, in folders, and in zip archives. A worker of
// their own reads and decodes them.
import { errorOf, LanegradError } from "../errors.js";
import { inNode } from "../module/place.js";
import { bridge } from "../module/elsewhere.js";
import { addressOf, scriptOf, startScript } from "../module/script.js";
import type { ErrorMessage } from "../protocol/messages.js";
import type { Pictures, PicturesOptions } from "../protocol/pictures.js";
import type { Wishes } from "./decoder/gather.js";
import { isPictureName, kindOfPicture } from "./decoder/kinds.js";
import { readSlice, type PictureFile } from "./picture_files.js";

/** What the worker is told. */
export interface ToDecoder {
  files: { path: string; file: Blob }[];
  wishes: Wishes;
}

/** What the worker says. */
export type FromDecoder =
  | { kind: "progress"; read: number }
  | { kind: "pictures"; pictures: Pictures }
  | { kind: "error"; error: ErrorMessage };

/** Whether a browser has to decode these: one of them is such a picture, or a zip archive that has some. */
export async function areDecoded(files: readonly PictureFile[]): Promise<boolean> {
  for (const file of files) {
    const start = await readSlice(file, 0, 12);
    if (kindOfPicture(start)) return true;
    if (latin(start).startsWith("PK\x03\x04") && (await hasPictures(file))) return true;
  }
  return false;
}

/** Whether a zip archive names a picture in its directory, which stands at its end. */
async function hasPictures(file: PictureFile): Promise<boolean> {
  const most = 22 + 0xffff;
  const end = await readSlice(file, Math.max(file.size - most, 0), file.size);
  const at = latin(end).lastIndexOf("PK\x05\x06");
  // An archive that is cut short has lost its directory, but it begins with a name.
  const [sign, nameSize, name, begin] =
    at < 0 || at + 22 > end.length
      ? [0x04034b50, 26, 30, 0]
      : [0x02014b50, 28, 46, new DataView(end.buffer, end.byteOffset + at).getUint32(16, true)];
  // The archive may be long: its first names say what it holds.
  const directory = await readSlice(file, begin, Math.min(begin + 2 ** 20, file.size));
  const fields = new DataView(directory.buffer, directory.byteOffset, directory.length);
  const decoder = new TextDecoder();
  for (let i = 0; i + 46 <= directory.length && fields.getUint32(i, true) === sign;) {
    const length = fields.getUint16(i + nameSize, true);
    const path = decoder.decode(directory.subarray(i + name, i + name + length));
    if (isPictureName(path)) return true;
    if (name === 30) return false;
    i += 46 + length + fields.getUint16(i + 30, true) + fields.getUint16(i + 32, true);
  }
  return false;
}

function latin(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 4096)
    text += String.fromCharCode(...bytes.subarray(i, i + 4096));
  return text;
}

/** Reads them. Rejects with `Unsupported` where nothing here decodes pictures. */
export async function readDecoded(
  files: readonly PictureFile[],
  { size, channels, turn, signal, onProgress }: PicturesOptions,
): Promise<Pictures> {
  signal?.throwIfAborted();
  if (inNode() || typeof OffscreenCanvas === "undefined" || typeof Worker === "undefined") {
    throw new LanegradError(
      "Unsupported",
      `pictures: ${files[0]?.name} needs a browser, which decodes PNG, JPEG and WebP, expected IDX, .npz, CSV or CIFAR-10 here`,
    );
  }
  // Bundlers look for exactly this expression.
  const script = scriptOf(
    () => new Worker(new URL("./picture_decoder.js", import.meta.url), { type: "module" }),
  );
  const worker = startScript(addressOf(script, bridge), script.options);
  const total = files.reduce((sum, file) => sum + file.size, 0);
  let abort: (() => void) | undefined;
  try {
    return await new Promise((resolve, reject) => {
      abort = () => reject(signal?.reason);
      signal?.addEventListener("abort", abort);
      worker.addEventListener("message", ({ data }) => {
        const said = data as FromDecoder;
        if (said.kind === "pictures") resolve(said.pictures);
        else if (said.kind === "error") reject(errorOf(said.error));
        else onProgress?.({ read: said.read, total, what: "decoding pictures" });
      });
      worker.addEventListener("error", (event) => {
        event.preventDefault();
        const why = event.message || "no reason is given";
        reject(new LanegradError("LoadFailed", `pictures: picture_decoder.js failed (${why})`));
      });
      worker.postMessage({
        files: files.map((file) => ({ path: file.name, file: file.blob() })),
        wishes: { size, channels, turn },
      } satisfies ToDecoder);
    });
  } finally {
    if (abort) signal?.removeEventListener("abort", abort);
    worker.terminate();
  }
}
