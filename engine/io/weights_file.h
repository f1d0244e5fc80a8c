// Files with a trained net's arrays that other programs wrote, whatever their format.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/io/model.h"

namespace lanegrad {

// What such a file says. Arrays have the names and layouts of a PyTorch state_dict.
struct WeightsFile {
  std::vector<ModelTensor> tensors = {};
  // Whether the arrays come in the order of their layers; safetensors are sorted by name.
  bool ordered = false;
  // What only the graph of an ONNX file says, else empty and as it is here: the net's text, the
  // shape of a sample, how inputs are normalized, and the names of the classes.
  std::string net = {};
  Shape sample = {};
  PerChannel mean = 0;
  PerChannel deviation = 1;
  std::vector<std::string> class_names = {};
};

// Reads safetensors, npz or ONNX, which it tells apart by their first bytes. `sample` is the shape
// of a sample for graphs that leave it open. Throws what the readers throw; Unsupported for what it
// knows to be something else, pickled .pt files among them, with the way to turn these into what is
// read; CorruptData for what it does not know. Messages call the file `name`.
WeightsFile read_weights(std::span<const std::uint8_t> bytes, std::string_view name,
                         const Shape& sample = {});

}  // namespace lanegrad
