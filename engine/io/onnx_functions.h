// Functions of one number in ONNX graphs, in whatever operators they are written.
#pragma once

#include <optional>
#include <string_view>

#include "engine/io/onnx_graph.h"

namespace lanegrad {

// What operators on single numbers make of a value.
struct OnnxFunction {
  std::string_view input;  // the value
  // A word of net texts, "gelu"; empty for scale · x + shift, which may differ between the channels
  // of images.
  std::string_view word;
  PerChannel scale = 1;
  PerChannel shift = 0;
};

// The function that ends with this operator, recognized by what it gives for some numbers, so that
// e^−softplus(−x) is a sigmoid, and x · (1 + erf(x / √2)) / 2 a gelu. Nothing where it is none that
// net texts have a word for and does not scale and shift.
std::optional<OnnxFunction> find_function(const OnnxGraph& graph, const OnnxNode& last);

}  // namespace lanegrad
