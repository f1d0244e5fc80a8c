// Nets as ONNX files (https://onnx.ai): a graph of operators and their numbers, as protobuf.
#pragma once

#include "engine/io/formats.h"

namespace lanegrad {

// Writes `net.onnx`, of opset 13. One input, [batch, C, H, W] or [batch, I], and one output,
// [batch, O]. Initializers have the names and layouts of a PyTorch state_dict. Dropout is left out.
// What has a tail is written as operators that are right there: ONNX Runtime's own Sigmoid is 0
// below −18, and 1 + Erf(x) has lost its digits where x is far below 0. Throws Unsupported for an
// unknown layer, and where the file would have 2 GiB, the most that protobuf takes.
std::vector<ExportedFile> write_onnx(const Model& model, const ExportOptions& options);

}  // namespace lanegrad
