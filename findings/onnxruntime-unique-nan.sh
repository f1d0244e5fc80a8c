#!/usr/bin/env bash
# ONNX Runtime's Unique of (NaN, 2, 1, NaN, 3) is (NaN) alone
#
# Software: onnxruntime-node 1.30.0, opset 11.
# Guess: one NaN or two, and 1, 2, 3 beside it, as numpy and PyTorch give them.
# Seen: when NaN comes first it swallows every other value; all five are counted as NaN.
# It matters for what looks over a data set before training: "how many classes, how many distinct values" of
#   a column with a gap is 1.
# Documented: not in ONNX's page of Unique.
. "$(dirname "$0")/lib.sh"
packages onnxruntime-node@1.30.0
javascript <<'JS'
import ort from "onnxruntime-node";
import { run } from "./onnx.mjs";
const outputs = { y: ["float32", 1], a: ["int64", 1], b: ["int64", 1], count: ["int64", 1] };
for (const x of [[5, 2, 1, NaN, 3], [NaN, 2, 1, NaN, 3]]) {
  const inputs = { x: ["float32", [5], Float32Array.from(x)] };
  const { y, count } = await run(ort, 11, [["Unique", ["x"], ["y", "a", "b", "count"]]], inputs, outputs);
  console.log(x, "unique", y, "counts", count.map(Number));
}
JS
seen <<'SEEN'
[ 5, 2, 1, NaN, 3 ] unique [ 1, 2, 3, 5 ] counts [ 2, 1, 1, 1 ]
[ NaN, 2, 1, NaN, 3 ] unique [ NaN ] counts [ 5 ]
SEEN
