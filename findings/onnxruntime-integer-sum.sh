#!/usr/bin/env bash
# ONNX Runtime: Add of int32 wraps around, ReduceSum of int32 stops at the largest
#
# Software: onnxruntime-node 1.30.0, opset 13.
# Guess: both wrap (as in numpy and C) or both stop.
# Seen: Add turns 2147483647 + 5 into -2147483644, ReduceSum turns it into 2147483647.
# It matters for graphs that count (pixels, hits of a confusion matrix) and for quantized sums that were
#   checked with Add and run with ReduceSum.
# Documented: neither ONNX's page of ReduceSum nor that of Add says what an overflow gives.
. "$(dirname "$0")/lib.sh"
packages onnxruntime-node@1.30.0
javascript <<'JS'
import ort from "onnxruntime-node";
import { run } from "./onnx.mjs";
const inputs = {
  a: ["int32", [1], Int32Array.of(2147483647)],
  b: ["int32", [1], Int32Array.of(5)],
  both: ["int32", [2], Int32Array.of(2147483647, 5)],
};
const nodes = [
  ["Add", ["a", "b"], ["add"]],
  ["ReduceSum", ["both"], ["sum"], { keepdims: 0n }],
];
const { add, sum } = await run(ort, 13, nodes, inputs, { add: ["int32", 1], sum: ["int32", 0] });
console.log("Add", add[0], "ReduceSum", sum[0]);
JS
seen <<'SEEN'
Add -2147483644 ReduceSum 2147483647
SEEN
