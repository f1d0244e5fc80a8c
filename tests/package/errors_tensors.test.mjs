// Bad input gets one clear sentence: every code and text of tensors, their gradients and their memory in the synchronous API.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "../../dist/index.js";
import { refuses, refusesEach } from "./support.mjs";

const lg = await load();
const x = lg.tensor([[1, 2, 3], [4, 5, 6]]); // prettier-ignore
const g = lg.tensor([1, 2], { requiresGrad: true });
const gone = lg.ones([1]);
gone.dispose();
const goneNet = lg.net("mlp", { inputs: 1, outputs: 1 });
goneNet.dispose();

refusesEach(lg, [
  [
    () => x.add([1, 2]),
    "ShapeMismatch",
    "add: [2, 3] and [2] do not broadcast, each pair of extents counted from the end must be equal or 1",
  ],
  [
    () => x.mul([[1], [2], [3]]),
    "ShapeMismatch",
    "mul: [2, 3] and [3, 1] do not broadcast, each pair of extents counted from the end must be equal or 1",
  ],
  [
    () => x.matmul(x),
    "ShapeMismatch",
    "matmul: lhs [2, 3] and rhs [2, 3] do not multiply, expected equal inner extents",
  ],
  [
    () => x.matmul([1, 2]),
    "ShapeMismatch",
    "matmul: lhs [2, 3] and rhs [2] do not multiply, expected two matrices",
  ],
  [
    () => x.maximum([1, 2]),
    "ShapeMismatch",
    "maximum: [2, 3] and [2] do not broadcast, each pair of extents counted from the end must be equal or 1",
  ],
  [
    () => x.reshape([4]),
    "ShapeMismatch",
    "reshape: [2, 3] has 6 elements and [4] has 4, expected the same number",
  ],
  [
    () => x.transpose(0, 2),
    "InvalidArgument",
    "transpose: axis 2 of shape [2, 3], expected -2 to 1",
  ],
  [() => x.sum(2), "InvalidArgument", "sum: axis 2 of shape [2, 3], expected -2 to 1"],
  [() => x.argmax(5), "InvalidArgument", "argmax: axis 5 of shape [2, 3], expected -2 to 1"],
  [
    () => lg.max([]),
    "InvalidArgument",
    "max: shape [0] has no elements to choose from, expected at least one",
  ],
  [
    () => lg.logSoftmax(1),
    "InvalidArgument",
    "log_softmax: shape [], expected a last axis with at least one class",
  ],
  [() => x.item(), "InvalidArgument", "item: shape [2, 3], expected an array with one element"],
  [() => x.add("a"), "InvalidArgument", "add: 'a', expected a tensor, a number or nested arrays"],
  [() => x.add(), "InvalidArgument", "add: nothing, expected a tensor, a number or nested arrays"],
  [() => x.sum("0"), "InvalidArgument", "sum: axis '0', expected a whole number"],
  [() => x.sum(0.5), "InvalidArgument", "sum: axis 0.5, expected a whole number"],
  [() => x.reshape(3), "InvalidArgument", "reshape: shape 3, expected an array of whole numbers"],
  [
    () => x.reshape([1.5]),
    "InvalidArgument",
    "reshape: shape 1.5, expected a whole number of at least 0",
  ],
  [
    () => x.reshape([-1, 2]),
    "InvalidArgument",
    "reshape: shape -1, expected a whole number of at least 0",
  ],
  [() => x.setData([1]), "ShapeMismatch", "tensor: 1 numbers were given, the shape [2, 3] takes 6"],
  [
    () => g.mul(2).setData([1, 2]),
    "InvalidState",
    "set_data: this tensor was computed by mul, expected a leaf",
  ],
  [() => (g.requiresGrad = 1), "InvalidArgument", "requires grad: 1, expected true or false"],
  [
    () => lg.tensor(),
    "InvalidArgument",
    "tensor: nothing, expected a tensor, a number or nested arrays",
  ],
  [
    () => lg.tensor("text"),
    "InvalidArgument",
    "tensor: 'text', expected a tensor, a number or nested arrays",
  ],
  [() => lg.tensor([1, [2]]), "InvalidArgument", "tensor: an array, expected a number"],
  [
    () => lg.tensor([[1, 2], [3]]),
    "InvalidArgument",
    "tensor: an array of 1 beside arrays of 2, expected all of one length",
  ],
  [
    () => lg.tensor([[1, 2], 3]),
    "InvalidArgument",
    "tensor: 3 beside arrays of 2, expected all of one length",
  ],
  [() => lg.tensor([1, "2"]), "InvalidArgument", "tensor: '2', expected a number"],
  [
    () => lg.tensor([1, 2, 3], [2, 2]),
    "ShapeMismatch",
    "tensor: 3 numbers were given, the shape [2, 2] takes 4",
  ],
  [
    () => lg.tensor([[[[[1]]]]]),
    "InvalidArgument",
    "shape: [1, 1, 1, 1, 1] has 5 axes, at most 4 are supported",
  ],
  [
    () => lg.tensor([1], { requiresGrad: "yes" }),
    "InvalidArgument",
    "tensor: requires grad 'yes', expected true or false",
  ],
  [() => lg.tensor([1], 5), "InvalidArgument", "tensor: 5, expected an object with options"],
  [
    () => lg.zeros([1e9, 1e9]),
    "InvalidArgument",
    "shape: [1000000000, 1000000000] has more than 1073741824 elements, the most an array may have",
  ],
  [
    () => lg.zeros([1e5, 1e5]),
    "InvalidArgument",
    "shape: [100000, 100000] has more than 1073741824 elements, the most an array may have",
  ],
  [() => lg.arange(-1), "InvalidArgument", "arange: end -1, expected a whole number of at least 0"],
  [
    () => lg.arange(NaN),
    "InvalidArgument",
    "arange: end NaN, expected a whole number of at least 0",
  ],
  [() => lg.uniform([2], { random: 5 }), "InvalidArgument", "uniform: random 5, expected a Random"],
  [() => new lg.Random(-1), "InvalidArgument", "seed: -1, expected a whole number of at least 0"],
  [
    () => new lg.Random(),
    "InvalidArgument",
    "seed: nothing, expected a whole number of at least 0",
  ],
  [() => gone.data, "InvalidState", "tensor: this handle was disposed"],
  [() => gone.add(1), "InvalidState", "tensor: this handle was disposed"],
  [() => x.add(gone), "InvalidState", "tensor: this handle was disposed"],
  [() => goneNet.forward([[1]]), "InvalidState", "net: this handle was disposed"],
  [
    () => x.backward(),
    "InvalidArgument",
    "backward: shape [2, 3] has more than one element, expected a scalar or a gradient of that shape",
  ],
  [
    () => g.mul(2).backward(),
    "InvalidArgument",
    "backward: shape [2] has more than one element, expected a scalar or a gradient of that shape",
  ],
  [
    () => g.mul(2).backward([1, 2, 3]),
    "ShapeMismatch",
    "backward: gradient [3] for a tensor of shape [2], expected the same shape",
  ],
  [() => x.is(3), "InvalidArgument", "is: 3, expected a tensor"],
  [() => lg.scope(5), "InvalidArgument", "scope: 5, expected a function"],
  [
    () => lg.scope(async () => 1),
    "InvalidArgument",
    "scope: the function returned a promise, expected one that is done when it returns",
  ],
  [() => lg.noGrad(), "InvalidArgument", "noGrad: nothing, expected a function"],
]);

test("too little memory is said, and the engine goes on", () => {
  refuses(
    () => lg.zeros([1_000_000_000]),
    "OutOfMemory",
    /^memory: 4000000000 bytes could not be allocated, \d+ bytes are in use$/,
  );
  assert.deepEqual(lg.zeros([2]).toArray(), [0, 0]);
});
