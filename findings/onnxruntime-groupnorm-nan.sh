#!/usr/bin/env bash
# ONNX Runtime's GroupNormalization of 100000 and 100001 is NaN
#
# Software: onnxruntime-node 1.30.0, opset 21.
# Guess: the normalized values are -1 and 1, wherever the data lie, as InstanceNormalization gives them.
# Seen: the variance loses its digits to the square of the mean: 158 times too large from about 4,000 on,
#   NaN at 100,000, although one group over one channel is InstanceNormalization by definition.
# It matters for pictures and sensor data that are not centred: a net that trained well answers NaN after
#   its export. Normalize the data before the net; a BatchNormalization exported for inference is safe.
# Documented: not in ONNX's page of GroupNormalization; ONNX Runtime's issue 28463 told it of
#   LayerNormalization, which is right in this version.
. "$(dirname "$0")/lib.sh"
packages onnxruntime-node@1.30.0
javascript <<'JS'
import ort from "onnxruntime-node";
import { run } from "./onnx.mjs";
for (const base of [1e3, 1e4, 1e5]) {
  const inputs = {
    x: ["float32", [1, 1, 4], Float32Array.of(base, base + 1, base, base + 1)],
    scale: ["float32", [1], Float32Array.of(1)],
    bias: ["float32", [1], Float32Array.of(0)],
  };
  const nodes = [
    ["GroupNormalization", ["x", "scale", "bias"], ["group"], { num_groups: 1n }],
    ["InstanceNormalization", ["x", "scale", "bias"], ["instance"]],
  ];
  const outputs = { group: ["float32", 3], instance: ["float32", 3] };
  const { group, instance } = await run(ort, 21, nodes, inputs, outputs);
  const right = (y) => (y.every((v, i) => Math.abs(v - (i % 2 ? 1 : -1)) < 0.01) ? "right" : "wrong");
  console.error(base, group, instance);
  console.log(base, "GroupNormalization", right(group), "InstanceNormalization", right(instance));
}
JS
seen <<'SEEN'
1000 GroupNormalization right InstanceNormalization right
10000 GroupNormalization wrong InstanceNormalization right
100000 GroupNormalization wrong InstanceNormalization right
SEEN
