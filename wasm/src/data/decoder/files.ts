// The files that were given, one after the other, with those in zip archives: each with its path and its bytes. An
// archive is unpacked as it is read, so that no more than a piece of it is in memory.
import { Unzip, UnzipInflate, type UnzipFile } from "fflate";
import { isHidden } from "./folders.js";
import type { Seen } from "./tally.js";

export interface Given {
  /** The name with the folders above it. */
  path: string;
  file: Blob;
}

export interface Found {
  path: string;
  bytes: Uint8Array<ArrayBuffer>;
}

export interface Listener {
  /** So many more bytes of the files have been read. */
  read(bytes: number): void;
  /** A file is not looked at, and why. */
  left(path: string, why: Seen): void;
}

// No picture of more bytes is unpacked.
const mostBytes = 2 ** 28;

const zipStart = 0x504b0304;

/** The files in order; archives give theirs below a folder of their name. */
export async function* filesIn(
  given: readonly Given[],
  listener: Listener,
): AsyncGenerator<Found, void> {
  for (const { path, file } of given) {
    if (isHidden(path)) {
      listener.left(path, "hidden");
      listener.read(file.size);
    } else if (await isZip(file)) {
      yield* filesInZip(path, file, listener);
    } else if (file.size > mostBytes) {
      listener.left(path, "too large");
      listener.read(file.size);
    } else {
      const bytes = await file.arrayBuffer().catch(() => undefined);
      if (bytes) yield { path, bytes: new Uint8Array(bytes) };
      else listener.left(path, "unreadable");
      listener.read(file.size);
    }
  }
}

async function isZip(file: Blob): Promise<boolean> {
  const start = await file.slice(0, 4).arrayBuffer();
  return start.byteLength === 4 && new DataView(start).getUint32(0) === zipStart;
}

async function* filesInZip(
  path: string,
  file: Blob,
  listener: Listener,
): AsyncGenerator<Found, void> {
  const folder = path.replace(/\.zip$/i, "");
  const whole: Found[] = [];
  const unzip = new Unzip((entry) => take(entry, folder, whole, listener));
  unzip.register(UnzipInflate);
  const reader = file.stream().getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      try {
        unzip.push(value ?? new Uint8Array(), done);
      } catch {
        listener.left(path, "cut short");
        return;
      }
      yield* whole.splice(0);
      if (done) return;
      listener.read(value.length);
    }
  } finally {
    void reader.cancel().catch(() => {});
  }
}

function take(entry: UnzipFile, folder: string, whole: Found[], listener: Listener): void {
  const path = `${folder}/${entry.name.replace(/\\/g, "/")}`;
  if (path.endsWith("/")) return;
  if (isHidden(path)) return listener.left(path, "hidden");
  if (entry.compression !== 0 && entry.compression !== 8) return listener.left(path, "unreadable");
  const pieces: Uint8Array[] = [];
  let length = 0;
  entry.ondata = (error, piece, isLast) => {
    if (length < 0) return;
    length += piece?.length ?? 0;
    const why = error ? "unreadable" : length > mostBytes ? "too large" : undefined;
    if (why) {
      length = -1;
      pieces.length = 0;
      return listener.left(path, why);
    }
    pieces.push(piece);
    if (!isLast) return;
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const each of pieces) {
      bytes.set(each, at);
      at += each.length;
    }
    whole.push({ path, bytes });
  };
  entry.start();
}
