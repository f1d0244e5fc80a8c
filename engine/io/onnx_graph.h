// The graph of an ONNX file (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto) as views of
// its bytes: operators, constants, inputs and outputs by name.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/per_channel.h"
#include "engine/core/shape.h"
#include "engine/io/number_types.h"

namespace lanegrad {

// An array in the file.
struct OnnxArray {
  std::string_view name = {};
  std::vector<Index> extents = {};
  NumberType type = NumberType::F32;
  // Its numbers, little-endian; small ones that the file has as a list of varints are in `wholes`.
  std::span<const std::uint8_t> bytes = {};
  std::vector<std::int64_t> wholes = {};
  bool has_wholes = false;
  // Whether a Transpose has turned the matrix since.
  bool transposed = false;

  Index count() const;
  // The numbers in the order of extents, which are those after turning. Throws what to_reals
  // throws.
  std::vector<Real> values() const;
};

struct OnnxAttribute {
  std::string_view name;
  float number = 0;
  std::int64_t whole = 0;
  std::string_view text;
  std::vector<std::int64_t> wholes;
  std::span<const std::uint8_t> tensor;  // a TensorProto
};

struct OnnxNode {
  std::string_view op;
  std::string_view name;
  std::string_view domain;
  std::vector<std::string_view> inputs;
  std::vector<std::string_view> outputs;
  std::vector<OnnxAttribute> attributes;

  const OnnxAttribute* attribute(std::string_view key) const;
  std::int64_t whole(std::string_view key, std::int64_t usual) const;
  double number(std::string_view key, double usual) const;
  // The name of an input; empty where the operator goes without.
  std::string_view input(std::size_t i) const { return i < inputs.size() ? inputs[i] : ""; }
};

// Whether a Cast makes floats of its input, whatever their width.
bool casts_to_floats(const OnnxNode& cast);

struct OnnxInput {
  std::string_view name;
  // The extents, −1 where the file leaves one open; none where it says nothing at all.
  std::optional<std::vector<Index>> extents;
};

class OnnxGraph {
 public:
  // Throws CorruptData for what is no ONNX file, Unsupported for more than 4096 operators or
  // constants, and for the number types, forms and sizes of arrays that are not read.
  explicit OnnxGraph(std::span<const std::uint8_t> bytes);

  const std::vector<OnnxNode>& nodes() const { return nodes_; }
  // The inputs that are no constants.
  const std::vector<OnnxInput>& inputs() const { return inputs_; }
  const std::vector<std::string_view>& outputs() const { return outputs_; }
  std::int64_t opset() const { return opset_; }
  // A text of the file's metadata; empty where there is none.
  std::string_view text(std::string_view key) const;

  // The operator that gives this value; null where none does.
  const OnnxNode* producer(std::string_view name) const;
  // The array of this name, where it is a constant: in the file, or made from such a one by
  // Constant, Identity, a cast or the transposition of a matrix.
  std::optional<OnnxArray> constant(std::string_view name) const;
  // The number that all elements of a constant are.
  std::optional<double> number(std::string_view name) const;
  // That number, or those of the three channels of images, where a constant is [3, 1, 1].
  std::optional<PerChannel> per_channel(std::string_view name) const;
  // The whole numbers of a constant.
  std::optional<std::vector<Index>> wholes(std::string_view name) const;

 private:
  void read_graph(std::span<const std::uint8_t> bytes);

  std::vector<OnnxNode> nodes_;
  // Values and their producers, sorted by name.
  std::vector<std::pair<std::string_view, std::size_t>> producers_;
  // The constants of the file, sorted by name.
  std::vector<OnnxArray> arrays_;
  std::vector<OnnxInput> inputs_;
  std::vector<std::string_view> outputs_;
  std::vector<std::pair<std::string_view, std::string_view>> texts_;
  std::int64_t opset_ = 0;
};

}  // namespace lanegrad
