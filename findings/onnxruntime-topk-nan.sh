#!/usr/bin/env bash
# ONNX Runtime's TopK: with a NaN the two largest and the two smallest are the same
#
# Software: onnxruntime-node 1.30.0, opset 11.
# Guess: NaN has one place in the order, the top as in PyTorch and numpy; the two smallest of (1, NaN, 3, 2)
#   are 1 and 2.
# Seen: 1 and NaN, whichever end is asked for: the largest number, 3, is not among the two largest.
# It matters for lists of the best and worst answers (a gallery of mistakes by loss): one broken sample spoils
#   both lists. Whoever exports a net with TopK looks for NaN before it.
# Documented: not in ONNX's page of TopK.
. "$(dirname "$0")/lib.sh"
packages onnxruntime-node@1.30.0
javascript <<'JS'
import ort from "onnxruntime-node";
import { run } from "./onnx.mjs";
for (const largest of [1n, 0n]) {
  const inputs = {
    x: ["float32", [4], Float32Array.of(1, NaN, 3, 2)],
    k: ["int64", [1], BigInt64Array.of(2n)],
  };
  const nodes = [["TopK", ["x", "k"], ["y", "at"], { largest }]];
  const { y } = await run(ort, 11, nodes, inputs, { y: ["float32", 1], at: ["int64", 1] });
  console.log(largest ? "the two largest:" : "the two smallest:", y);
}
JS
seen <<'SEEN'
the two largest: [ 1, NaN ]
the two smallest: [ 1, NaN ]
SEEN
