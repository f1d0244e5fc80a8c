#!/usr/bin/env bash
# ONNX Runtime: ArgMax points at a NaN that ReduceMax does not see
#
# Software: onnxruntime-node 1.30.0, opset 13.
# Guess: x[ArgMax(x)] is ReduceMax(x); with a NaN in x both are NaN, as in numpy and PyTorch.
# Seen: ReduceMax drops a NaN unless it is the first value; ArgMax points at it wherever it is.
# It matters where a net's answer is read as (class, score): class 1 with the score of class 2, and nothing
#   shows that the net has diverged. Look for NaN in the logits themselves.
# Documented: not in ONNX's pages of ReduceMax and ArgMax.
. "$(dirname "$0")/lib.sh"
packages onnxruntime-node@1.30.0
javascript <<'JS'
import ort from "onnxruntime-node";
import { run } from "./onnx.mjs";
const nodes = [
  ["ReduceMax", ["x"], ["max"], { keepdims: 0n }],
  ["ArgMax", ["x"], ["at"], { keepdims: 0n }],
];
for (const x of [[1, NaN, 2], [NaN, 1, 2]]) {
  const inputs = { x: ["float32", [3], Float32Array.from(x)] };
  const { max, at } = await run(ort, 13, nodes, inputs, { max: ["float32", 0], at: ["int64", 0] });
  console.log(x, "max", max[0], "argmax", Number(at[0]));
}
JS
seen <<'SEEN'
[ 1, NaN, 2 ] max 2 argmax 1
[ NaN, 1, 2 ] max NaN argmax 0
SEEN
