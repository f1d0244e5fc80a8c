// Reads nets of ONNX files.
#pragma once

#include "engine/io/weights_file.h"

namespace lanegrad {

// Reads the net that leads from the graph's one input to its first output, as PyTorch, Keras and
// lanegrad write it: Conv, Gemm, MatMul with Add, BatchNormalization, pools, Flatten, Reshape to
// rows, Dropout, Softmax and the activations of net texts in whatever operators they are spelled.
// Weights come as conv1.weight, dense1.weight, … A shift and scale of the input become mean and
// deviation; the softmax at the end, which answers have anyway, is left away. BatchNormalization
// with another epsilon has the difference in its variance. `sample` is the shape of a sample where
// the file leaves it open. Throws CorruptData for what is no such file; Unsupported, with its name,
// for what the file says and net texts cannot.
WeightsFile read_onnx(std::span<const std::uint8_t> bytes, const Shape& sample = {});

}  // namespace lanegrad
