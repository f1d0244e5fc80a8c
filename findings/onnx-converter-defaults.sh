#!/usr/bin/env bash
# ONNX's version converter adapts Softmax and lets Hardmax and Resize become other functions
#
# Software: onnx 1.12 of Debian 12 (python3-onnx) to convert, onnxruntime-node 1.30.0 to run.
# Guess: convert_version gives a model that computes the same, or raises an error; it knows that Softmax's
#   default changed in opset 13 and puts a Flatten and a Reshape around it.
# Seen: Hardmax, whose default changed in the same way, gets nothing; neither does Resize from 10 to 11, where
#   the default place of a pixel moved by half of one. Both results pass the full check.
# It matters for who raises an old file to the opset that a runtime or a tool asks for: pictures are resized
#   differently in front of the same weights, and only accuracies tell. Compare answers before and after.
# Documented: Resize as a bug (onnx issue 8480), Hardmax not in the converter's comments.
. "$(dirname "$0")/lib.sh"
debian 1.12 onnx python3-onnx
packages onnxruntime-node@1.30.0
python <<'PY'
import onnx
from onnx import TensorProto, checker, helper, version_converter

def convert(before, after, op, dims, out_dims, attributes, scales=None):
    node = helper.make_node(op, ["x", "scales"] if scales else ["x"], ["y"], **attributes)
    port = lambda name, d: helper.make_tensor_value_info(name, TensorProto.FLOAT, d)
    fixed = [helper.make_tensor("scales", TensorProto.FLOAT, [len(scales)], scales)] if scales else []
    graph = helper.make_graph([node], "graph", [port("x", dims)], [port("y", out_dims)], fixed)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", before)], ir_version=8)
    for opset, m in ((before, model), (after, version_converter.convert_version(model, after))):
        checker.check_model(m, full_check=True)
        onnx.save(m, f"{op}-{opset}.onnx")

for op in ("Softmax", "Hardmax"):
    convert(12, 13, op, [1, 2, 2], [1, 2, 2], {})
convert(10, 11, "Resize", [1, 1, 1, 2], [1, 1, 1, 4], {"mode": "linear"}, [1, 1, 1, 2])
PY
javascript <<'JS'
import ort from "onnxruntime-node";
const models = { Softmax: [12, 13, [1, 2, 2]], Hardmax: [12, 13, [1, 2, 2]], Resize: [10, 11, [1, 1, 1, 2]] };
for (const [op, [before, after, dims]] of Object.entries(models))
  for (const opset of [before, after]) {
    const session = await ort.InferenceSession.create(`${op}-${opset}.onnx`, { logSeverityLevel: 4 });
    const x = Float32Array.of(0, 8, 8, 4).slice(0, dims.reduce((a, b) => a * b));
    const { y } = await session.run({ x: new ort.Tensor("float32", x, dims) });
    console.log(op, opset, Array.from(y.data, (v) => +v.toFixed(2)).join(" "));
  }
JS
seen <<'SEEN'
Softmax 12 0 0.5 0.5 0.01
Softmax 13 0 0.5 0.5 0.01
Hardmax 12 0 1 0 0
Hardmax 13 0 1 1 0
Resize 10 0 4 8 8
Resize 11 0 2 6 8
SEEN
