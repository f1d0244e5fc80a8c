// Writes ONNX models as protobuf, with the field numbers of onnx.proto, and runs them.

const varint = (n) => {
  const out = [];
  for (n = BigInt.asUintN(64, BigInt(n)); n > 127n; n >>= 7n) out.push(Number(n & 127n) | 128);
  return [...out, Number(n)];
};
const bytes = (field, data) => [...varint((field << 3) | 2), ...varint(data.length), ...data];
const text = (field, s) => bytes(field, new TextEncoder().encode(s));
const int = (field, n) => [...varint(field << 3), ...varint(n)];
const float = (field, x) => [
  ...varint((field << 3) | 5),
  ...new Uint8Array(Float32Array.of(x).buffer),
];

const types = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9 };

/** An attribute: a string, a float (number), an int (bigint) or ints (an array of bigint). */
function attribute(name, value) {
  if (typeof value === "string") return [...text(1, name), ...text(4, value), ...int(20, 3)];
  if (typeof value === "bigint") return [...text(1, name), ...int(3, value), ...int(20, 2)];
  if (typeof value === "number") return [...text(1, name), ...float(2, value), ...int(20, 1)];
  return [...text(1, name), ...value.flatMap((v) => int(8, v)), ...int(20, 7)];
}

function port(field, name, type, dims) {
  const shape = dims.flatMap((d) => bytes(1, typeof d === "string" ? text(2, d) : int(1, d)));
  const tensor = [...int(1, types[type]), ...bytes(2, shape)];
  return bytes(field, [...text(1, name), ...bytes(2, bytes(1, tensor))]);
}

const node = ([op, inputs, outputs, attributes = {}]) => [
  ...inputs.flatMap((name) => text(1, name)),
  ...outputs.flatMap((name) => text(2, name)),
  ...text(4, op),
  ...Object.entries(attributes).flatMap(([name, value]) => bytes(5, attribute(name, value))),
];

/** nodes: [op, inputs, outputs, attributes]; ports in and out: name → [type, dims]. */
export function model(opset, nodes, inputs, outputs) {
  const ports = (field, all) => Object.entries(all).flatMap(([name, p]) => port(field, name, ...p));
  const graph = [
    ...nodes.flatMap((n) => bytes(1, node(n))),
    ...text(2, "graph"),
    ...ports(11, inputs),
    ...ports(12, outputs),
  ];
  const set = [...text(1, ""), ...int(2, opset)];
  return Uint8Array.from([...int(1, 8), ...bytes(7, graph), ...bytes(8, set)]);
}

/**
 * Runs nodes on inputs (name → [type, dims, data]); outputs: name → [type, rank].
 * Returns the data of each output as an array of numbers.
 */
export async function run(ort, opset, nodes, inputs, outputs) {
  const ports = Object.fromEntries(Object.entries(inputs).map(([n, [t, d]]) => [n, [t, d]]));
  const results = Object.entries(outputs).map(([n, [type, rank]]) => [
    n,
    [type, Array.from({ length: rank }, (_, i) => `${n}${i}`)],
  ]);
  const file = model(opset, nodes, ports, Object.fromEntries(results));
  const session = await ort.InferenceSession.create(file, { logSeverityLevel: 4 });
  const feeds = Object.entries(inputs).map(([n, [t, d, data]]) => [n, new ort.Tensor(t, data, d)]);
  const answers = await session.run(Object.fromEntries(feeds));
  return Object.fromEntries(Object.entries(answers).map(([n, t]) => [n, Array.from(t.data)]));
}
