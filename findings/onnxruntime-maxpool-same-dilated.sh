#!/usr/bin/env bash
# ONNX Runtime: a dilated MaxPool with auto_pad SAME makes seven pixels five
#
# Software: onnxruntime-node 1.30.0.
# Guess: SAME_UPPER with stride 1 keeps the size, whatever the dilation; or dilation is refused there, as Conv
#   refuses it.
# Seen: the padding is computed for the kernel without its gaps: of 7 pixels 5 are left with a dilation of 2, 3
#   with one of 3. Written-out pads give 7. AveragePool of opset 19 does the same.
# It matters for exported nets that keep a picture's size by SAME: a Flatten behind it passes on fewer numbers,
#   a global pooling hides that the border is gone. Write pads out.
# Documented: the contrary; ONNX's page of MaxPool gives ceil(input / stride) as the size, and onnx's own shape
#   inference says 7.
. "$(dirname "$0")/lib.sh"
packages onnxruntime-node@1.30.0
javascript <<'JS'
import ort from "onnxruntime-node";
import { run } from "./onnx.mjs";
const x = { x: ["float32", [1, 1, 7], Float32Array.of(7, 0, 0, 0, 0, 0, 9)] };
const pool = async (op, opset, d, padding) => {
  const attributes = { kernel_shape: [3n], strides: [1n], dilations: [d], ...padding };
  const { y } = await run(ort, opset, [[op, ["x"], ["y"], attributes]], x, { y: ["float32", 3] });
  console.log(op, "dilation", Number(d), padding.auto_pad ?? "pads", y.map((v) => +v.toFixed(2)).join(" "));
};
const same = { auto_pad: "SAME_UPPER" };
for (const d of [1n, 2n, 3n]) await pool("MaxPool", 12, d, same);
await pool("MaxPool", 12, 2n, { pads: [2n, 2n] });
await pool("AveragePool", 19, 2n, same);
JS
seen <<'SEEN'
MaxPool dilation 1 SAME_UPPER 7 7 0 0 0 9 9
MaxPool dilation 2 SAME_UPPER 0 7 0 9 0
MaxPool dilation 3 SAME_UPPER 0 9 0
MaxPool dilation 2 pads 7 0 7 0 9 0 9
AveragePool dilation 2 SAME_UPPER 0 2.33 0 3 0
SEEN
