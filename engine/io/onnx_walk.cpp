// Each operator says which value it works on; what it says else is kept as it is.
#include "engine/io/onnx_walk.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/io/onnx_functions.h"

namespace lanegrad {

namespace {

constexpr std::string_view kOperators =
    "Conv, Gemm, MatMul, BatchNormalization, MaxPool, AveragePool, GlobalAveragePool, Flatten, "
    "Reshape, Dropout, Softmax, LeakyRelu or an activation of net texts";

// Follows the operators back.
class Walk {
 public:
  explicit Walk(const OnnxGraph& graph) : graph_(graph) {}

  // The steps from the graph's input to its output.
  std::vector<OnnxStep> steps(std::string_view input) {
    std::string_view value = graph_.outputs()[0];
    while (value != input) {
      const OnnxNode* node = graph_.producer(value);
      if (!node)
        fail(ErrorCode::CorruptData, "onnx: nothing gives '", value.substr(0, 80),
             "', expected an operator or the input");
      if (++passed_ > graph_.nodes().size())
        fail(ErrorCode::CorruptData,
             "onnx: operators that need one another in a circle, expected an order");
      if (!node->domain.empty() && node->domain != "ai.onnx")
        lack(*node, "is of the domain ", node->domain.substr(0, 80),
             ", expected one of ONNX itself");
      if (node->outputs.size() > 1 && value != node->outputs[0])
        lack(*node, "is asked for a second output, expected its first one alone");
      if (node->inputs.empty()) lack(*node, "has no input, expected one");
      value = step(*node);
    }
    std::reverse(steps_.begin(), steps_.end());
    return std::move(steps_);
  }

 private:
  // Takes the operator in; returns the value that it works on.
  std::string_view step(const OnnxNode& node) {
    const std::string_view op = node.op;
    if (op == "Identity") return node.inputs[0];
    if (op == "Cast" && casts_to_floats(node)) return node.inputs[0];
    if (op == "Conv") return add({.kind = OnnxKind::Conv, .node = &node});
    if (op == "BatchNormalization") return add({.kind = OnnxKind::Norm, .node = &node});
    if (op == "MaxPool") return add({.kind = OnnxKind::Pool, .node = &node});
    if (op == "AveragePool") return add({.kind = OnnxKind::AvgPool, .node = &node});
    if (op == "GlobalAveragePool") return add({.kind = OnnxKind::GlobalPool, .node = &node});
    if (op == "Dropout") return add({.kind = OnnxKind::Drop, .node = &node});
    if (op == "Softmax" || op == "LogSoftmax")
      return add({.kind = OnnxKind::Softmax, .node = &node});
    if (op == "Pad") return add({.kind = OnnxKind::Pad, .node = &node});
    if (op == "LeakyRelu") {
      return add({.kind = OnnxKind::Function,
                  .node = &node,
                  .word = "leakyrelu",
                  .scale = node.number("alpha", 0.01)});
    }
    if (op == "Gelu") {
      const OnnxAttribute* form = node.attribute("approximate");
      if (form && !form->text.empty() && form->text != "none")
        lack(node, "is an approximation, expected the exact form");
      return add({.kind = OnnxKind::Function, .node = &node, .word = "gelu"});
    }
    if (op == "Gemm") return gemm(node);
    if (op == "MatMul")
      return dense({.kind = OnnxKind::Dense, .node = &node, .weight = node.input(1)});
    if (op == "Flatten") {
      if (node.whole("axis", 1) != 1) lack(node, "with another axis than 1");
      return add({.kind = OnnxKind::Flat, .node = &node});
    }
    if (op == "Squeeze") return add({.kind = OnnxKind::Flat, .node = &node, .word = "squeeze"});
    if (op == "Reshape") return reshape(node);
    if (op == "ReduceMean") return mean(node);
    if (op == "Add") {
      for (const std::size_t i : {0U, 1U}) {
        const OnnxNode* product = graph_.producer(node.input(i));
        if (!product || product->op != "MatMul" || !graph_.constant(node.input(1 - i))) continue;
        return dense({.kind = OnnxKind::Dense,
                      .node = product,
                      .weight = product->input(1),
                      .bias = node.input(1 - i)});
      }
    }
    return function(node);
  }

  std::string_view add(OnnxStep step) {
    steps_.push_back(std::move(step));
    return steps_.back().node->inputs[0];
  }

  std::string_view gemm(const OnnxNode& node) {
    if (node.number("alpha", 1) != 1 || node.number("beta", 1) != 1 || node.whole("transA", 0) != 0)
      lack(node, "with alpha, beta or transA, expected alpha and beta of 1 and transA of 0");
    return dense({.kind = OnnxKind::Dense,
                  .node = &node,
                  .weight = node.input(1),
                  .bias = node.input(2),
                  .turned = node.whole("transB", 0) != 0});
  }

  std::string_view dense(const OnnxStep& step) {
    if (step.node->inputs.empty() || !graph_.constant(step.weight))
      lack(*step.node, "whose second input is no constant, expected weights");
    return add(step);
  }

  std::string_view reshape(const OnnxNode& node) {
    OnnxStep step{.kind = OnnxKind::Rows, .node = &node};
    const OnnxAttribute* old = node.attribute("shape");
    if (const auto shape = graph_.wholes(node.input(1))) {
      step.wholes = *shape;
    } else if (old) {
      step.wholes = old->wholes;
    } else {
      step.wholes = computed_shape(node);
    }
    return add(std::move(step));
  }

  // A shape that begins with the batch's size as the net computes it: [x.size(0), -1].
  std::vector<Index> computed_shape(const OnnxNode& node) const {
    const OnnxNode* list = graph_.producer(node.input(1));
    std::vector<Index> shape;
    for (std::size_t i = 0; list && list->op == "Concat" && i < list->inputs.size(); ++i) {
      const auto numbers = graph_.wholes(list->inputs[i]);
      if (numbers) {
        shape.insert(shape.end(), numbers->begin(), numbers->end());
      } else if (i == 0 && is_batch_size(list->inputs[i])) {
        shape.push_back(0);
      } else {
        shape.clear();
        break;
      }
    }
    if (shape.empty()) lack(node, "to a shape that it computes, expected one row for each sample");
    return shape;
  }

  // Whether the value is the first number of something's shape.
  bool is_batch_size(std::string_view value) const {
    bool first = false;
    for (int i = 0; i < 8; ++i) {
      const OnnxNode* node = graph_.producer(value);
      if (!node || node->inputs.empty()) return false;
      if (node->op == "Shape") return first;
      if (node->op == "Gather") {
        if (graph_.number(node->input(1)) != 0.0) return false;
        first = true;
      } else if (node->op == "Slice") {
        if (graph_.number(node->input(1)) != 0.0 || graph_.number(node->input(2)) != 1.0)
          return false;
        first = true;
      } else if (node->op != "Unsqueeze" && node->op != "Squeeze" && node->op != "Cast" &&
                 node->op != "Identity") {
        return false;
      }
      value = node->inputs[0];
    }
    return false;
  }

  std::string_view mean(const OnnxNode& node) {
    const OnnxAttribute* axes = node.attribute("axes");
    const auto given = graph_.wholes(node.input(1));
    const std::vector<std::int64_t> which =
        axes ? axes->wholes : given.value_or(std::vector<Index>{});
    if (which != std::vector<std::int64_t>{2, 3} && which != std::vector<std::int64_t>{-2, -1})
      lack(node, "over other axes than the height and width of an image");
    return add({.kind = OnnxKind::GlobalPool, .node = &node});
  }

  std::string_view function(const OnnxNode& node) {
    // Normalizing takes two operators, or four where somebody scales pixels first.
    constexpr int kMostScales = 8;
    const std::optional<OnnxFunction> found = find_function(graph_, node);
    if (!found) lack(node, "has no equal in net texts, expected ", kOperators);
    if (found->word.empty() && ++scales_ > kMostScales)
      lack(node, "is one of more than ", kMostScales, " that scale");
    steps_.push_back({.kind = found->word.empty() ? OnnxKind::Scale : OnnxKind::Function,
                      .node = &node,
                      .word = found->word,
                      .scale = found->scale,
                      .shift = found->shift});
    return found->input;
  }

  const OnnxGraph& graph_;
  std::vector<OnnxStep> steps_;
  std::size_t passed_ = 0;
  int scales_ = 0;
};

}  // namespace

std::vector<OnnxStep> onnx_steps(const OnnxGraph& graph) {
  return Walk(graph).steps(graph.inputs()[0].name);
}

}  // namespace lanegrad
