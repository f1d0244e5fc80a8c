// Reads safetensors files as the format says, without the engine's reader.

/**
 * The metadata of a file, and its tensors of 32-bit floats by name; `from` of a tensor is the place of its
 * first byte in the file.
 */
export function readSafetensors(bytes) {
  const begin = 8 + Number(bytes.readBigUInt64LE());
  const { __metadata__: metadata, ...entries } = JSON.parse(bytes.subarray(8, begin).toString());
  const tensors = {};
  for (const [name, { dtype, data_offsets: offsets }] of Object.entries(entries)) {
    if (dtype !== "F32") continue;
    const [from, to] = offsets.map((offset) => begin + offset);
    const values = new Float32Array(Uint8Array.from(bytes.subarray(from, to)).buffer);
    tensors[name] = Object.assign(values, { from });
  }
  return { metadata, tensors };
}
