// Values that fit nowhere, where they can be put, and whether what comes of it is the caller's fault.
import { load } from "../../dist/index.js";
import { idx } from "./support.mjs";

export const lg = await load();
export const other = await load();

function detached(view) {
  structuredClone(view.buffer, { transfer: [view.buffer] });
  return view;
}
export const mine = new TypeError("mine");
const throwing = () => {
  throw new TypeError("a trap");
};
const traps = { get: throwing, has: throwing, ownKeys: throwing, getPrototypeOf: throwing };
const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();
const cycle = {};
cycle.self = cycle;
const deep = [];
for (let level = deep, i = 0; i < 9; i++) level.push((level = []));
const shrunk = () => {
  const buffer = new ArrayBuffer(16, { maxByteLength: 16 });
  const view = new Float32Array(buffer, 8);
  buffer.resize(4);
  return view;
};
const gone = lg.ones([2]);
gone.dispose();

/** Values that fit nowhere. They are made anew for each call, as some calls spoil them. */
export const hostile = [
  ...[
    undefined,
    null,
    true,
    NaN,
    -1,
    0,
    3,
    1.5,
    Infinity,
    2 ** 53,
    1e308,
    "",
    "text",
    "9".repeat(50),
  ],
  ...[
    5n,
    -(2n ** 70n),
    Symbol("s"),
    Symbol.iterator,
    /x/,
    new Date(NaN),
    cycle,
    deep,
    revoked,
    gone,
  ],
].map((value) => () => value);
hostile.push(
  () => () => 1,
  () => () => {
    throw mine;
  },
  () => async () => 1,
  () => [],
  () => [1],
  () => [1, 2, 3],
  () => [NaN],
  () => ["a", null],
  () => [[1], [2, 3]],
  () => [1n, 2n],
  () => [Symbol()],
  () => new Array(3),
  () => ({}),
  () => ({ length: 3 }),
  () => ({ length: -1, 0: 1 }),
  () => ({ then: (go) => go(1) }),
  () => ({ toString: throwing, valueOf: throwing, [Symbol.toPrimitive]: throwing }),
  () => ({ get constructor() { return throwing(); } }), // prettier-ignore
  () => ({ name: Symbol() }),
  () => ({ data: [1], shape: [1] }),
  () => Object.create(null),
  () => Object.create({ get seed() { return throwing(); } }), // prettier-ignore
  () => new Proxy({}, traps),
  () => new Proxy([], traps),
  () => new Proxy(() => {}, traps),
  () => new Map([[1, 2]]),
  () => new Set([1]),
  () => new WeakMap(),
  () => Promise.resolve(1),
  () => new Error("mine"),
  () => Object(5),
  () => Object("text"),
  () => new URL("file:///nowhere"),
  () => AbortSignal.abort(),
  () => new AbortController().signal,
  () => new ArrayBuffer(8),
  () => new SharedArrayBuffer(8),
  () => new DataView(new ArrayBuffer(8)),
  () => new Uint8Array(8),
  () => new Uint8Array(new SharedArrayBuffer(8)),
  () => Buffer.from("lanegrad"),
  () => new Float64Array(4).fill(NaN),
  () => new BigInt64Array(2),
  () => new Float32Array(),
  () => detached(new Float32Array(4)),
  () => detached(new Uint8Array(8)),
  () => shrunk(),
  () => lg.ones([2]),
  () => other.ones([2]),
  () => new other.Random(1),
  () => new lg.Random(1),
  () => new lg.ReLU(),
  () => new other.ReLU(),
  () => new lg.Net({ relu: new lg.ReLU() }),
  () => new other.Net({ dense1: new other.Dense(1, 2) }),
  () => new other.ArrayLoader(arrays()),
  () => new other.SGD([other.ones([1])]),
  () => new other.ImageSet(idx([1, 1, 1]), idx([1])),
);

export const arrays = () => ({ inputs: [[0], [1]], labels: [0, 1], classes: 2 });

/** Where something can be put: the arguments, and what is inside of them down to this depth. */
export function places(values, depth = 4, path = []) {
  return Object.keys(values).flatMap((key) => {
    const value = values[key];
    const plain = Array.isArray(value) || Object.getPrototypeOf(Object(value)) === Object.prototype;
    const inner =
      depth > 0 && plain && typeof value === "object"
        ? places(value, depth - 1, [...path, key])
        : [];
    return [[...path, key], ...inner];
  });
}

export function put(values, path, value) {
  const at = path.slice(0, -1).reduce((inner, key) => inner[key], values);
  at[path.at(-1)] = value;
}

export function judge(error, what) {
  const bad = !(error instanceof Error) || error.name !== "LanegradError" || ["Internal", "Crashed", "LoadFailed"].includes(error.code); // prettier-ignore
  if (bad) return `${what}: ${error?.stack ?? String(error)}`;
  if (error.message.includes("\n") || error.message.length > 400)
    return `${what}: ${error.message}`;
  return undefined;
}

export const label = (name, path, index) => `${name} at ${path.join(".")}, value ${index}`;
