// A net as a PyTorch user has it: a class in Python, and its weights as safetensors.
#pragma once

#include <string>

#include "engine/io/formats.h"

namespace lanegrad {

// The text of `class Net(nn.Module)`, whose layers have the names that they have in the net. With
// normalization it takes numbers from 0 to 1 and uses the constants MEAN and DEVIATION. Throws
// Unsupported for a layer that it has no words for.
std::string pytorch_class(const Model& model, bool normalization);
// The line that defines MEAN and DEVIATION.
std::string pytorch_constants(const Model& model);
// "(1, 28, 28)"; with one axis "(2,)".
std::string python_tuple(const Shape& shape);

// Writes `net.safetensors`, the state_dict with the net's text, class names, mean and deviation as
// its metadata, and `net.py`, a program of torch and numpy alone that answers with them. Its
// probabilities are there with and without `softmax`.
std::vector<ExportedFile> write_pytorch(const Model& model, const ExportOptions& options);

}  // namespace lanegrad
