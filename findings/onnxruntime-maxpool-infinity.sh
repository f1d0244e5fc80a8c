#!/usr/bin/env bash
# ONNX Runtime's MaxPool gives other numbers when its indices are asked for
#
# Software: onnxruntime-node 1.30.0, opset 12.
# Guess: a second output tells where the maximum was; the first output stays the same.
# Seen: without indices a window of nothing but -Infinity gives -3.4028e38, the smallest float; with indices
#   it gives -Infinity.
# It matters for nets that mask with -Infinity before they pool: a test "is it -Infinity" fails after export,
#   and a softmax over such windows is a number where it was NaN.
# Documented: not in ONNX's page of MaxPool.
. "$(dirname "$0")/lib.sh"
packages onnxruntime-node@1.30.0
javascript <<'JS'
import ort from "onnxruntime-node";
import { run } from "./onnx.mjs";
const x = { x: ["float32", [1, 1, 2], Float32Array.of(-Infinity, -Infinity)] };
const attributes = { kernel_shape: [2n], strides: [2n] };
const alone = await run(ort, 12, [["MaxPool", ["x"], ["y"], attributes]], x, { y: ["float32", 3] });
console.log("alone:", alone.y[0] === -Infinity ? alone.y[0] : alone.y[0].toPrecision(5));
const outputs = { y: ["float32", 3], at: ["int64", 3] };
const both = await run(ort, 12, [["MaxPool", ["x"], ["y", "at"], attributes]], x, outputs);
console.log("with indices:", both.y[0]);
JS
seen <<'SEEN'
alone: -3.4028e+38
with indices: -Infinity
SEEN
