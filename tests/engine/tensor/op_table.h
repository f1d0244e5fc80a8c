// Every differentiable op in one line: how it is called, on which shapes and values it is tried.
// Gradient checks (../gradients), numbers from PyTorch (../golden) and the tests of the graph all
// go through this table. A new op is one line here and one in golden/make.py.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/core/random.h"
#include "engine/tensor/arithmetic.h"
#include "engine/tensor/batch_norm.h"
#include "engine/tensor/conv.h"
#include "engine/tensor/functions.h"
#include "engine/tensor/matmul.h"
#include "engine/tensor/pool.h"
#include "engine/tensor/reduce.h"
#include "engine/tensor/reshape.h"
#include "engine/tensor/softmax.h"

namespace lanegrad::test {

using Operands = std::span<const Tensor>;
using Shapes = std::vector<Shape>;

struct Range {
  double low;
  double high;
};

struct Op {
  const char* name;
  Tensor (*apply)(Operands x);
  std::vector<Shapes> samples;  // the operands' shapes, once per sample
  Range range = {-2, 2};
};

// The means −1, 0, 1, … and the variances 1.5, 2.5, … of this many channels.
inline NdArray given_statistics(Index channels) {
  NdArray statistics = NdArray::uninitialized({2, channels});
  Real* out = statistics.mutable_data();
  for (Index c = 0; c < channels; ++c) {
    out[c] = static_cast<Real>(c) - 1;
    out[channels + c] = static_cast<Real>(c) + Real(1.5);
  }
  return statistics;
}

inline const std::vector<Op>& op_table() {
  static const std::vector<Shapes> kBroadcasting = {{{2, 3}, {2, 3}},
                                                    {{2, 3}, {3}},
                                                    {{3}, {2, 3}},
                                                    {{2, 1}, {1, 3}},
                                                    {{2, 2}, {}},
                                                    {{}, {3}},
                                                    {{}, {}},
                                                    {{1}, {1}},
                                                    {{2, 1, 2}, {3, 1}},
                                                    {{3, 1}, {2, 1, 2}},
                                                    {{2, 3, 1, 2}, {1, 3, 2, 1}},
                                                    {{1, 1, 4}, {2, 3, 4}},
                                                    {{0, 3}, {3}}};
  static const std::vector<Shapes> kOne = {{{2, 3}}, {{9}}, {{}}, {{1, 1}}, {{2, 1, 2, 3}}, {{0}}};
  static const std::vector<Shapes> kAxes = {
      {{2, 3}}, {{2, 3, 2}}, {{1, 3}}, {{3, 1}}, {{2, 2, 1, 3}}};
  static const std::vector<Shapes> kCubes = {{{2, 3, 2}}, {{1, 2, 3}}, {{2, 1, 2, 2}}};
  static const std::vector<Shapes> kProducts = {
      {{2, 3}, {3, 4}}, {{1, 5}, {5, 1}}, {{3, 1}, {1, 2}}, {{1, 1}, {1, 1}}, {{0, 2}, {2, 3}}};
  static const std::vector<Shapes> kSquare = {{{3, 3}}, {{1, 1}}};
  static const std::vector<Shapes> kRows = {{{5}}, {{2, 3}}, {{2, 2, 3}}, {{4, 1}}};
  // Images, filters, biases.
  static const std::vector<Shapes> kConvolutions = {{{2, 2, 4, 5}, {3, 2, 3, 2}, {3}},
                                                    {{1, 1, 3, 3}, {1, 1, 3, 3}, {1}},
                                                    {{2, 3, 3, 3}, {2, 3, 1, 1}, {2}}};
  static const std::vector<Shapes> kImages = {{{2, 3, 4, 5}}, {{1, 1, 3, 3}}};
  // Values, weights and biases of their channels.
  static const std::vector<Shapes> kChannels = {
      {{4, 3}, {3}, {3}}, {{2, 3, 2, 3}, {3}, {3}}, {{1, 1, 3, 3}, {1}, {1}}};
  static const Range kPositive = {0.1, 3};

  // clang-format off
  static const std::vector<Op> kOps = {
      {"add", [](Operands x) { return add(x[0], x[1]); }, kBroadcasting},
      {"sub", [](Operands x) { return sub(x[0], x[1]); }, kBroadcasting},
      {"mul", [](Operands x) { return mul(x[0], x[1]); }, kBroadcasting},
      {"div", [](Operands x) { return div(x[0], x[1]); }, kBroadcasting},
      {"pow", [](Operands x) { return pow(x[0], x[1]); }, kBroadcasting, kPositive},
      {"pow of 3", [](Operands x) { return pow(x[0], 3); }, kOne},
      {"pow of -1", [](Operands x) { return pow(x[0], -1); }, kOne},
      {"maximum", [](Operands x) { return maximum(x[0], x[1]); }, kBroadcasting},
      {"square", [](Operands x) { return mul(x[0], x[0]); }, kOne},
      {"diamond", [](Operands x) { return exp(x[0]) * tanh(x[0]) + x[0]; }, kOne},
      {"matmul with itself", [](Operands x) { return matmul(x[0], x[0]); }, kSquare},
      {"with numbers", [](Operands x) { return (2 - x[0]) * 3 / (4 + x[0]) - 1 / (x[0] - 5); }, kOne},
      {"neg", [](Operands x) { return neg(x[0]); }, kOne},
      {"abs", [](Operands x) { return abs(x[0]); }, kOne},
      {"exp", [](Operands x) { return exp(x[0]); }, kOne},
      {"log", [](Operands x) { return log(x[0]); }, kOne, kPositive},
      {"sqrt", [](Operands x) { return sqrt(x[0]); }, kOne, kPositive},
      {"tanh", [](Operands x) { return tanh(x[0]); }, kOne},
      {"sigmoid", [](Operands x) { return sigmoid(x[0]); }, kOne, {-6, 6}},
      {"relu", [](Operands x) { return relu(x[0]); }, kOne},
      {"gelu", [](Operands x) { return gelu(x[0]); }, kOne, {-6, 6}},
      {"silu", [](Operands x) { return silu(x[0]); }, kOne, {-6, 6}},
      {"softplus", [](Operands x) { return softplus(x[0]); }, kOne, {-6, 6}},
      {"leaky_relu", [](Operands x) { return leaky_relu(x[0]); }, kOne},
      {"leaky_relu of 0.25", [](Operands x) { return leaky_relu(x[0], 0.25); }, kOne},
      {"matmul", [](Operands x) { return matmul(x[0], x[1]); }, kProducts},
      {"transpose", [](Operands x) { return transpose(x[0]); }, kAxes},
      {"transpose 0 2", [](Operands x) { return transpose(x[0], 0, 2); }, kCubes},
      {"reshape flat", [](Operands x) { return reshape(x[0], Shape{x[0].size()}); }, kOne},
      {"sum", [](Operands x) { return sum(x[0]); }, kOne},
      {"sum axis 0", [](Operands x) { return sum(x[0], 0); }, kAxes},
      {"sum axis 1", [](Operands x) { return sum(x[0], 1); }, kAxes},
      {"sum axis -1 keepdims", [](Operands x) { return sum(x[0], -1, true); }, kAxes},
      {"mean", [](Operands x) { return mean(x[0]); }, kAxes},
      {"mean axis 0", [](Operands x) { return mean(x[0], 0); }, kAxes},
      {"mean axis 1", [](Operands x) { return mean(x[0], 1); }, kAxes},
      {"mean axis -1 keepdims", [](Operands x) { return mean(x[0], -1, true); }, kAxes},
      {"max", [](Operands x) { return max(x[0]); }, kAxes},
      {"max axis 0", [](Operands x) { return max(x[0], 0); }, kAxes},
      {"max axis 1", [](Operands x) { return max(x[0], 1); }, kAxes},
      {"max axis -1 keepdims", [](Operands x) { return max(x[0], -1, true); }, kAxes},
      {"conv2d", [](Operands x) { return conv2d(x[0], x[1], Tensor()); }, {{{2, 2, 4, 5}, {3, 2, 3, 2}}, {{0, 1, 2, 2}, {1, 1, 2, 2}}}},
      {"conv2d with bias", [](Operands x) { return conv2d(x[0], x[1], x[2]); }, kConvolutions},
      {"conv2d stride 2 padding 1", [](Operands x) { return conv2d(x[0], x[1], x[2], {2, 1}); }, kConvolutions},
      {"conv2d with relu", [](Operands x) { return conv2d(x[0], x[1], x[2], {1, 2}, true); }, kConvolutions},
      {"conv2d with max_pool2d", [](Operands x) { return conv2d_max_pool(x[0], x[1], x[2], {}, {2, 1}, false); }, {{{2, 2, 4, 5}, {3, 2, 3, 2}, {3}}}},
      {"conv2d with max_pool2d and relu", [](Operands x) { return conv2d_max_pool(x[0], x[1], x[2], {2, 2}, {2, 2}, true); }, {{{2, 2, 4, 5}, {3, 2, 3, 2}, {3}}}},
      {"max_pool2d", [](Operands x) { return max_pool2d(x[0]); }, kImages},
      {"max_pool2d 3 by 1", [](Operands x) { return max_pool2d(x[0], {3, 1}); }, kImages},
      {"avg_pool2d", [](Operands x) { return avg_pool2d(x[0]); }, kImages},
      {"avg_pool2d 3 by 1", [](Operands x) { return avg_pool2d(x[0], {3, 1}); }, kImages},
      {"global_avg_pool2d", [](Operands x) { return global_avg_pool2d(x[0]); }, kImages},
      {"batch_norm", [](Operands x) { return batch_norm(x[0], x[1], x[2], 0.01); }, kChannels},
      {"batch_norm as given", [](Operands x) { return batch_norm(x[0], x[1], x[2], given_statistics(x[1].size()), 0.5); }, kChannels},
      {"softmax", [](Operands x) { return softmax(x[0]); }, kRows},
      {"log_softmax", [](Operands x) { return log_softmax(x[0]); }, kRows},
  };
  // clang-format on
  return kOps;
}

// Operands that require gradients, with values of `range` in a random order. All are as far from
// each other as they can be, and from 0 in a symmetric range: away from the kinks of max and abs.
inline std::vector<Tensor> make_operands(const Shapes& shapes, Range range,
                                         std::uint64_t seed = 1) {
  Index total = 0;
  for (const Shape& shape : shapes) total += shape.size();
  total += total % 2;  // an odd number of steps would have 0 in its middle
  std::vector<std::uint32_t> order(static_cast<std::size_t>(total));
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint32_t>(i);
  Random(seed).shuffle(order);

  std::vector<Tensor> operands;
  std::size_t next = 0;
  for (const Shape& shape : shapes) {
    NdArray data = NdArray::uninitialized(shape);
    Real* out = data.mutable_data();
    for (Index i = 0; i < shape.size(); ++i) {
      const double place = (order[next++] + 0.5) / static_cast<double>(total);
      out[i] = static_cast<Real>(range.low + (range.high - range.low) * place);
    }
    operands.emplace_back(std::move(data), true);
  }
  return operands;
}

inline std::string text_of(const Shapes& shapes) {
  std::string text;
  for (const Shape& shape : shapes) text += (text.empty() ? "" : ", ") + shape.text();
  return text;
}

}  // namespace lanegrad::test
