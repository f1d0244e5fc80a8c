// Unpacks gzip files, as the browser can.

export const isGzip = (bytes: Uint8Array) => bytes[0] === 0x1f && bytes[1] === 0x8b;

// Undefined where the bytes are no whole gzip file.
export async function gunzip(
  packed: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    return undefined;
  }
}

export const brokenGzip = (packed: Uint8Array) =>
  `is broken: its ${packed.length} bytes are no whole gzip file`;
