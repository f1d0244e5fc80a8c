// Reads what a run's checkpoint, a safetensors file, says about its net.

// Norms of tensors by name.
export type Sizes = Readonly<Record<string, number>>;

// The steps done.
export function stepOf(checkpoint: Uint8Array): number {
  return Number(new BigInt64Array(contentsOf(checkpoint).bytes("step"))[0]);
}

// The norm of each tensor of the net.
export function sizesIn(checkpoint: Uint8Array): Sizes {
  const { names, bytes } = contentsOf(checkpoint);
  const prefix = "net.";
  const own = names.filter((name) => name.startsWith(prefix));
  const norm = (weights: Float32Array) =>
    Math.sqrt(weights.reduce((sum, weight) => sum + weight * weight, 0));
  return Object.fromEntries(
    own.map((name) => [name.slice(prefix.length), norm(new Float32Array(bytes(name)))]),
  );
}

export const lengthSize = 8;

interface Header {
  __metadata__?: Record<string, string>;
  [tensor: string]: unknown;
}

// The parts of the file: a length, as many bytes of JSON that say where each tensor is, and the
// tensors, which begin at `begin`. Throws where this is no such file.
export function headerOf(file: Uint8Array): { header: Header; begin: number } {
  const length = new DataView(file.buffer, file.byteOffset, lengthSize).getBigUint64(0, true);
  const begin = lengthSize + Number(length);
  if (begin > file.length) throw new Error("its header is longer than the file");
  const json = new TextDecoder().decode(file.subarray(lengthSize, begin));
  return { header: JSON.parse(json) as Header, begin };
}

function contentsOf(file: Uint8Array) {
  const { header, begin } = headerOf(file);
  return {
    names: Object.keys(header),
    bytes(name: string): ArrayBuffer {
      const [from, to] = (header[name] as { data_offsets: [number, number] }).data_offsets;
      return file.slice(begin + from, begin + to).buffer as ArrayBuffer;
    },
  };
}
