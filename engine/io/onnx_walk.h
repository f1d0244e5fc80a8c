// The way through an ONNX graph, from its input to its answer.
#pragma once

#include <string_view>
#include <vector>

#include "engine/core/error.h"
#include "engine/io/onnx_graph.h"

namespace lanegrad {

enum class OnnxKind {
  Conv,
  Dense,
  Norm,
  Pool,
  AvgPool,
  GlobalPool,
  Flat,
  Rows,
  Function,
  Softmax,
  Drop,
  Scale,
  Pad
};

struct OnnxStep {
  OnnxKind kind;
  const OnnxNode* node = nullptr;
  // The names of weight and bias of a dense layer, and whether the weight is [O, I].
  std::string_view weight = {};
  std::string_view bias = {};
  bool turned = false;
  // The function's word, and its settings.
  std::string_view word = {};
  PerChannel scale = 1;
  PerChannel shift = 0;
  std::vector<Index> wholes = {};
};

// Throws Unsupported, naming the operator: "onnx: the Conv 'c1' in groups, expected one".
template <class... Pieces>
[[noreturn]] void lack(const OnnxNode& node, const Pieces&... pieces) {
  fail(ErrorCode::Unsupported, "onnx: the ", node.op.substr(0, 40), " '", node.name.substr(0, 80),
       "' ", pieces...);
}

// The steps from the graph's one input to its first output, found from the output backwards, which
// meets only what the answer needs. Throws Unsupported for an operator that is no step of a net and
// for branches, CorruptData for a graph that leads nowhere or in a circle.
std::vector<OnnxStep> onnx_steps(const OnnxGraph& graph);

}  // namespace lanegrad
