// Unpacks gzip files with the browser's own means, up to a limit: a file of a few kilobytes may
// hold gigabytes.
import { grouped } from "../ui/format";

export const isGzip = (bytes: Uint8Array) => bytes[0] === 0x1f && bytes[1] === 0x8b;

// The most bytes of a file that are read.
export const mostBytes = 2 ** 30;

type Bytes = Uint8Array<ArrayBuffer>;

// Unpacks the bytes, see gunzipFile.
export const gunzip = async (packed: Bytes, limit: (start: Uint8Array) => number): Promise<Bytes> =>
  bytesOf(await gunzipFile(new Blob([packed]), limit));

// Unpacks a file into one that the browser holds outside of the page. `limit` is called with the first
// 16 or more of the unpacked bytes, from which it says how many there may be; it may throw. Rejects
// with what is wrong, "is broken: …", where it is not a whole gzip file or holds more.
export async function gunzipFile(
  packed: Blob,
  limit: (start: Uint8Array) => number,
): Promise<Blob> {
  const unpacking = packed.stream().pipeThrough(new DecompressionStream("gzip"));
  const reader = unpacking.getReader();
  const chunks: Bytes[] = [];
  let length = 0;
  let most: number | undefined;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => {
        throw new Error(`is broken: its ${packed.size} bytes are no whole gzip file`);
      });
      if (done) return new Blob(chunks);
      chunks.push(value as Bytes);
      length += value.length;
      if (length >= 16) most ??= limit(await joined(chunks));
      if (length > (most ?? length)) {
        const expected = grouped(most!);
        throw new Error(
          `is broken: it unpacks to more than the ${expected} bytes that it should have`,
        );
      }
    }
  } finally {
    void reader.cancel().catch(() => {});
  }
}

export const bytesOf = async (file: Blob): Promise<Bytes> =>
  new Uint8Array(await file.arrayBuffer());

export const joined = (chunks: Bytes[]): Promise<Bytes> => bytesOf(new Blob(chunks));
