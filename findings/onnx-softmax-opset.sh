#!/usr/bin/env bash
# The same Softmax node means another function in opset 12 and in opset 13
#
# Software: onnxruntime-node 1.30.0.
# Guess: a softmax without an axis runs over the last one, in each version of the format.
# Seen: up to opset 12 it runs over all axes from the first on, taken together; from 13 on over the last.
# It matters for nets of [batch, positions, classes]: whoever raises the opset number of a file "because
#   nothing else changes" changes every probability. Write the axis down in what is exported.
# Documented: in ONNX's pages of Softmax-11 and Softmax-13.
. "$(dirname "$0")/lib.sh"
packages onnxruntime-node@1.30.0
javascript <<'JS'
import ort from "onnxruntime-node";
import { run } from "./onnx.mjs";
for (const opset of [12, 13]) {
  const x = { x: ["float32", [1, 2, 2], new Float32Array(4)] };
  const { y } = await run(ort, opset, [["Softmax", ["x"], ["y"]]], x, { y: ["float32", 3] });
  console.log("opset", opset, y);
}
JS
seen <<'SEEN'
opset 12 [ 0.25, 0.25, 0.25, 0.25 ]
opset 13 [ 0.5, 0.5, 0.5, 0.5 ]
SEEN
