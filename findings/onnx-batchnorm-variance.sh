#!/usr/bin/env bash
# A BatchNormalization that trains in ONNX Runtime keeps another variance than PyTorch
#
# Software: onnxruntime-node 1.30.0, opset 15, against the unbiased variance that PyTorch's documentation of
#   BatchNorm2d gives for its running variance.
# Guess: the running variance of a net means the same on both sides, so statistics can be exchanged.
# Seen: for a batch (0, 2) ONNX Runtime's running variance is 1 (divided by n); PyTorch's is 2 (by n - 1).
# It matters to who trains on with an exported net or compares running statistics: behind a dense layer they
#   differ by 1.6 % with batches of 64, by far more with small ones. lanegrad keeps the unbiased variance.
# Documented: in ONNX's page of BatchNormalization ("population variance"), not as a difference.
. "$(dirname "$0")/lib.sh"
packages onnxruntime-node@1.30.0
javascript <<'JS'
import ort from "onnxruntime-node";
import { run } from "./onnx.mjs";
const one = (v) => ["float32", [1], Float32Array.of(v)];
const inputs = {
  x: ["float32", [2, 1], Float32Array.of(0, 2)],
  scale: one(1), bias: one(0), mean: one(0), variance: one(9),
};
// A momentum of 0 replaces the old statistics by the batch's.
const attributes = { training_mode: 1n, momentum: 0 };
const nodes = [["BatchNormalization", Object.keys(inputs), ["y", "m", "v"], attributes]];
const outputs = { y: ["float32", 2], m: ["float32", 1], v: ["float32", 1] };
const { m, v } = await run(ort, 15, nodes, inputs, outputs);
console.log("running mean", m[0], "running variance", v[0], "unbiased variance", 2);
JS
seen <<'SEEN'
running mean 1 running variance 1 unbiased variance 2
SEEN
