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

// The parts of the file: a length, as many bytes of JSON that say where each tensor is, and the
// tensors.
function contentsOf(file: Uint8Array) {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const begin = 8 + length;
  const places = JSON.parse(new TextDecoder().decode(file.subarray(8, begin))) as Record<
    string,
    { data_offsets: [number, number] }
  >;
  return {
    names: Object.keys(places),
    bytes(name: string): ArrayBuffer {
      const [from, to] = places[name]!.data_offsets;
      return file.slice(begin + from, begin + to).buffer as ArrayBuffer;
    },
  };
}
