// Unpacks gzip files with the browser's own means, up to a limit: a file of a few kilobytes may
// hold gigabytes.
import { grouped } from "../ui/format";

export const isGzip = (bytes: Uint8Array) => bytes[0] === 0x1f && bytes[1] === 0x8b;

// The most bytes of a file that are read.
export const mostBytes = 2 ** 30;

// Unpacks the bytes. `limit` is called with the first 16 or more of the unpacked bytes, from which
// it says how many there may be; it may throw. Rejects with what is wrong, "is broken: …", where
// the bytes are not a whole gzip file or hold more.
export async function gunzip(
  packed: Uint8Array<ArrayBuffer>,
  limit: (start: Uint8Array) => number,
): Promise<Uint8Array<ArrayBuffer>> {
  const unpacking = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const reader = unpacking.getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  let most: number | undefined;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => {
        throw new Error(`is broken: its ${packed.length} bytes are no whole gzip file`);
      });
      if (done) return await joined(chunks);
      chunks.push(value as Uint8Array<ArrayBuffer>);
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

export const joined = async (chunks: Uint8Array<ArrayBuffer>[]) =>
  new Uint8Array(await new Blob(chunks).arrayBuffer());
