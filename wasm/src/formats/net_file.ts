// A net that is described rather than saved, as the part of a checkpoint that says its net.
import * as check from "../check.js";
import type { DescribedNet } from "../protocol/formats.js";

const whole: check.Options<Required<DescribedNet>> = {
  net: (_, net) => check.text("export: net", net),
  inputs: check.any,
  weights: (_, weights) => check.record("export: weights", weights, "numbers by name"),
  mean: (_, mean) => oneOrMore("export: mean", mean),
  deviation: (_, deviation) => oneOrMore("export: deviation", deviation),
  classNames: (_, names) => check.texts("export: class names", names),
};

/** A number, or one for each channel. */
export const oneOrMore = (what: string, value: unknown): number | readonly number[] =>
  check.isNumbers(value)
    ? check.reading(what, () => Array.from(value, (one) => check.number(what, one)))
    : check.number(what, value);

/** The shape of a sample, which may be given as its count of numbers. */
export const sampleOf = (what: string, inputs: unknown): number[] =>
  check.isNumbers(inputs) ? check.extents(what, inputs) : [check.whole(what, inputs)];

/** The bytes of the file: a safetensors file, which the module of formats reads. */
export function netFile(described: DescribedNet): Uint8Array {
  const given = check.options("export", described, whole);
  const { net, inputs, weights = {}, mean = 0, deviation = 1, classNames } = given;
  const sample = sampleOf("export: inputs", inputs);
  const header: Record<string, unknown> = {
    __metadata__: {
      version: "2",
      net: check.text("export: net", net),
      data: `0 samples of shape [${sample.join(", ")}] with the checksum 0000000000000000`,
      ...(classNames && { "class-names": classNames.join("\n") }),
    },
  };
  const parts: Uint8Array[] = [];
  let end = 0;
  const add = (name: string, dtype: string, shape: readonly number[], values: ArrayBufferView) => {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    header[name] = { dtype, shape, data_offsets: [end, (end += bytes.length)] };
    parts.push(bytes);
  };
  for (const [name, value] of Object.entries({ mean, deviation })) {
    const shape = typeof value === "number" ? [] : [value.length];
    add(`normalization.${name}`, "F64", shape, Float64Array.from([value].flat()));
  }
  for (const [name, value] of Object.entries(weights)) {
    const { data, shape } = shaped(`export: '${name}'`, value);
    add(`net.${name}`, "F32", shape, data);
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  let at = 8 + text.length;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

/** The numbers of a Tensor, or of { data, shape }. */
function shaped(what: string, value: unknown): { data: Float32Array; shape: readonly number[] } {
  if (typeof value !== "object" || value === null) check.fail(what, value, "{ data, shape }");
  const { data, shape } = value as { data?: unknown; shape?: unknown };
  return { data: check.floats(what, data), shape: check.extents(`${what}: shape`, shape) };
}
