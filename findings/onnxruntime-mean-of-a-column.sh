#!/usr/bin/env bash
# ONNX Runtime: the mean of 33 million ones is 0.5 down a column and 1 along a row
#
# Software: onnxruntime-node 1.30.0, opset 13.
# Guess: a sum over one axis is as exact as a sum over all, whichever axis it is.
# Seen: down the first axis the numbers are added one by one in float32, which stops at 2^24; along the last
#   axis, and over everything, the sum is right.
# It matters for statistics of a whole data set (mean and deviation per column) computed by an ONNX graph:
#   transposing the data changes the answer. numpy does the same with two columns or more.
# Documented: not in ONNX's page of ReduceMean.
. "$(dirname "$0")/lib.sh"
packages onnxruntime-node@1.30.0
javascript <<'JS'
import ort from "onnxruntime-node";
import { run } from "./onnx.mjs";
const n = 2 ** 25, ones = new Float32Array(n).fill(1);
for (const [dims, axis] of [[[n, 1], 0n], [[1, n], 1n]]) {
  const nodes = [["ReduceMean", ["x"], ["mean"], { axes: [axis], keepdims: 0n }]];
  const { mean } = await run(ort, 13, nodes, { x: ["float32", dims, ones] }, { mean: ["float32", 1] });
  console.log(`mean of ones [${dims}] over axis ${axis}:`, mean[0]);
}
JS
seen <<'SEEN'
mean of ones [33554432,1] over axis 0: 0.5
mean of ones [1,33554432] over axis 1: 1
SEEN
