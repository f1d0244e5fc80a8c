// Nets with the weights of files that other programs wrote.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "engine/io/model.h"

namespace lanegrad {

struct ImportOptions {
  // The net that gets the weights, by its name or text; where empty, the file has to say it.
  std::string_view net = {};
  // The shape of a sample; where it is [], what the file says, or what the weights leave no choice
  // about.
  Shape sample = {};
  // What "classes" means in the net's text; where 0, what the weights fit.
  Index outputs = 0;
};

// Reads the net of a checkpoint, of an ONNX file, or of a PyTorch state_dict as safetensors or npz.
// Weights find their layers by name where all are called as ours; else by their shapes, and equal
// ones by their order: that of the file, or that of the numbers in names where a format sorts them.
// `module.` in front of all names is passed over, and so are counts of batches; a BatchNorm without
// weights gets 1 and 0. Throws what the readers and model_layers throw; InvalidArgument where the
// net has to be given, with the sentence that says so; ShapeMismatch with every tensor that does
// not fit: its name, its shape, and what was expected; CorruptData for numbers that are not finite.
// Messages call the file `name`.
Model import_model(std::span<const std::uint8_t> bytes, std::string_view name,
                   const ImportOptions& options = {});

}  // namespace lanegrad
