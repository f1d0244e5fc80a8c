#!/usr/bin/env bash
# ONNX Runtime's Sigmoid is exactly 0 below -18
#
# Software: onnxruntime-node 1.30.0.
# Guess: float32 holds 1.5e-8 (the sigmoid of -18) and 1e-38 as well as 0.5, so the tail of Sigmoid is right
#   to some 1e-7 of its value, as it is in PyTorch and in TensorFlow.js.
# Seen: the tail lies on a grid of about 3e-8; below -18 it is exactly 0, while Exp(-Softplus(-x)), the
#   same function, is right there.
# It matters where the log-loss of an exported net's answers is computed: one confident wrong answer
#   makes it infinite. Whoever exports a net should leave the sigmoid out, or write it as above.
# Documented: not in ONNX's page of Sigmoid, nor in ONNX Runtime's pages that were looked through.
. "$(dirname "$0")/lib.sh"
packages onnxruntime-node@1.30.0
javascript <<'JS'
import ort from "onnxruntime-node";
import { run } from "./onnx.mjs";
const x = Float32Array.of(-10, -16, -18.5, -40);
const tail = [
  ["Sigmoid", ["x"], ["sigmoid"]],
  ["Neg", ["x"], ["n"]],
  ["Softplus", ["n"], ["s"]],
  ["Neg", ["s"], ["m"]],
  ["Exp", ["m"], ["same"]],
];
const out = { sigmoid: ["float32", 1], same: ["float32", 1] };
const { sigmoid, same } = await run(ort, 21, tail, { x: ["float32", [4], x] }, out);
x.forEach((v, i) => {
  const off = Math.abs(sigmoid[i] * (1 + Math.exp(-v)) - 1);
  const right = Math.abs(same[i] * (1 + Math.exp(-v)) - 1) < 1e-5;
  console.log(`${v}: ${sigmoid[i] === 0 ? "exactly 0" : off > 1e-4 ? "off by more than 1e-4" : "right"};`,
    `Exp(-Softplus(-x)) ${right ? "right" : "wrong"}`);
});
JS
seen <<'SEEN'
-10: off by more than 1e-4; Exp(-Softplus(-x)) right
-16: off by more than 1e-4; Exp(-Softplus(-x)) right
-18.5: exactly 0; Exp(-Softplus(-x)) right
-40: exactly 0; Exp(-Softplus(-x)) right
SEEN
