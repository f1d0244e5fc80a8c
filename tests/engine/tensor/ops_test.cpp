// What holds for every op of the table, and the error text of each.
#include <cmath>
#include <limits>

#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"
#include "tests/engine/tensor/op_table.h"

namespace lanegrad::test {

namespace {

struct Refused {
  Tensor (*apply)(Operands x);
  Shapes operands;
  const char* error;
};

}  // namespace

TEST_CASE("ops: sources, names and values do not depend on the grad mode", "[tensor]") {
  for (const Op& op : op_table()) {
    for (const Shapes& shapes : op.samples) {
      INFO(op.name << " of " << text_of(shapes));
      const std::vector<Tensor> x = make_operands(shapes, op.range);
      const Tensor y = op.apply(x);
      CHECK(y.requires_grad());
      CHECK_FALSE(y.is_leaf());
      CHECK_FALSE(y.grad_fn().empty());
      CHECK_FALSE(y.sources().empty());

      const NoGrad no_grad;
      const Tensor bare = op.apply(x);
      CHECK_FALSE(bare.requires_grad());
      CHECK(bare.is_leaf());
      CHECK(bare.sources().empty());
      CHECK(relative_error(bare.data(), y.data()) == 0);
    }
  }
}

TEST_CASE("ops: gradients add up over two passes, and operands stay as they were", "[tensor]") {
  for (const Op& op : op_table()) {
    for (const Shapes& shapes : op.samples) {
      INFO(op.name << " of " << text_of(shapes));
      const std::vector<Tensor> x = make_operands(shapes, op.range);
      std::vector<std::vector<Real>> before;
      for (const Tensor& operand : x) before.push_back(values(operand.data()));

      const Tensor y = op.apply(x);
      const NdArray dy = make_operands({y.shape()}, {-1, 1}, 2)[0].data();
      y.backward(dy);
      std::vector<NdArray> once;
      for (const Tensor& operand : x) once.push_back(operand.grad().value());
      y.backward(dy);
      for (std::size_t i = 0; i < x.size(); ++i) {
        NdArray twice = once[i];
        twice.add_scaled(once[i]);
        CHECK(relative_error(x[i].grad().value(), twice) == 0);
        CHECK(values(x[i].data()) == before[i]);
      }
    }
  }
}

TEST_CASE("ops: a released graph gives all its memory back", "[tensor]") {
  Context context;
  const ContextScope scope(context);
  for (const Op& op : op_table()) {
    for (const Shapes& shapes : op.samples) {
      INFO(op.name << " of " << text_of(shapes));
      {
        const std::vector<Tensor> x = make_operands(shapes, op.range);
        const Tensor y = op.apply(x);
        y.backward(NdArray::ones(y.shape()));
      }
      CHECK(context.pool().live_bytes() == 0);
    }
  }
}

TEST_CASE("pow: the exponent's gradient where the base is 0", "[tensor]") {
  const Real infinity = std::numeric_limits<Real>::infinity();
  const auto gradients = [](std::initializer_list<Real> bases, std::initializer_list<Real> powers) {
    const Tensor base(NdArray::from({static_cast<Index>(bases.size())}, bases));
    const Tensor power(NdArray::from({static_cast<Index>(powers.size())}, powers), true);
    sum(pow(base, power)).backward();
    return values(power.grad().value());
  };
  CHECK(gradients({0}, {0, 1, 2, 0.5, -1}) == std::vector<Real>{0, 0, 0, 0, -infinity});
  CHECK(gradients({0, 1, 2}, {2})[0] == Approx(4 * std::log(2)));
}

TEST_CASE("ops: names of the functions", "[tensor]") {
  const auto name = [](const Tensor& y) { return std::string(y.grad_fn()); };
  const Tensor x = make_operands({{2, 3}}, {1, 2})[0];
  CHECK(name(x + x) == "add");
  CHECK(name(x - x) == "sub");
  CHECK(name(x * x) == "mul");
  CHECK(name(x / x) == "div");
  CHECK(name(pow(x, 2)) == "pow");
  CHECK(name(maximum(x, x)) == "maximum");
  CHECK(name(-x) == "neg");
  CHECK(name(abs(x)) == "abs");
  CHECK(name(exp(x)) == "exp");
  CHECK(name(log(x)) == "log");
  CHECK(name(sqrt(x)) == "sqrt");
  CHECK(name(tanh(x)) == "tanh");
  CHECK(name(sigmoid(x)) == "sigmoid");
  CHECK(name(relu(x)) == "relu");
  CHECK(name(gelu(x)) == "gelu");
  CHECK(name(silu(x)) == "silu");
  CHECK(name(softplus(x)) == "softplus");
  CHECK(name(leaky_relu(x)) == "leaky_relu");
  CHECK(name(matmul(x, transpose(x))) == "matmul");
  CHECK(name(transpose(x)) == "transpose");
  CHECK(name(reshape(x, Shape{6})) == "reshape");
  CHECK(name(sum(x)) == "sum");
  CHECK(name(mean(x, 0)) == "mean");
  CHECK(name(max(x, 1)) == "max");
  CHECK(name(max(x)) == "max");
  const std::vector<Tensor> channels = make_operands({{2, 3}, {3}, {3}}, {1, 2});
  CHECK(name(batch_norm(channels[0], channels[1], channels[2])) == "batch_norm");
  CHECK(name(softmax(x)) == "softmax");
  CHECK(name(log_softmax(x)) == "log_softmax");
  const std::vector<Tensor> images = make_operands({{1, 1, 2, 3}, {2, 1, 2, 2}}, {1, 2});
  CHECK(name(conv2d(images[0], images[1], Tensor())) == "conv2d");
  CHECK(name(conv2d(images[0], images[1], Tensor(), {}, true)) == "conv2d_relu");
  CHECK(name(conv2d_max_pool(images[0], images[1], Tensor(), {}, {1, 1}, false)) ==
        "conv2d_max_pool");
  CHECK(name(conv2d_max_pool(images[0], images[1], Tensor(), {}, {1, 1}, true)) ==
        "conv2d_max_pool_relu");
  CHECK(name(max_pool2d(images[0])) == "max_pool2d");
  CHECK(name(avg_pool2d(images[0])) == "avg_pool2d");
}

TEST_CASE("ops: error texts", "[tensor]") {
  // clang-format off
  const Refused table[] = {
      {[](Operands x) { return add(x[0], x[1]); }, {{2, 3}, {4}},
       "ShapeMismatch: add: [2, 3] and [4] do not broadcast, each pair of extents counted from the end must be equal or 1"},
      {[](Operands x) { return sub(x[0], x[1]); }, {{2, 3}, {2}},
       "ShapeMismatch: sub: [2, 3] and [2] do not broadcast, each pair of extents counted from the end must be equal or 1"},
      {[](Operands x) { return mul(x[0], x[1]); }, {{2, 3}, {3, 2}},
       "ShapeMismatch: mul: [2, 3] and [3, 2] do not broadcast, each pair of extents counted from the end must be equal or 1"},
      {[](Operands x) { return div(x[0], x[1]); }, {{2}, {3}},
       "ShapeMismatch: div: [2] and [3] do not broadcast, each pair of extents counted from the end must be equal or 1"},
      {[](Operands x) { return pow(x[0], x[1]); }, {{2, 2, 2}, {3, 1, 2}},
       "ShapeMismatch: pow: [2, 2, 2] and [3, 1, 2] do not broadcast, each pair of extents counted from the end must be equal or 1"},
      {[](Operands x) { return maximum(x[0], x[1]); }, {{0}, {2}},
       "ShapeMismatch: maximum: [0] and [2] do not broadcast, each pair of extents counted from the end must be equal or 1"},
      {[](Operands x) { return matmul(x[0], x[1]); }, {{2, 3}, {2, 3}},
       "ShapeMismatch: matmul: lhs [2, 3] and rhs [2, 3] do not multiply, expected equal inner extents"},
      {[](Operands x) { return matmul(x[0], x[1]); }, {{3}, {3, 2}},
       "ShapeMismatch: matmul: lhs [3] and rhs [3, 2] do not multiply, expected two matrices"},
      {[](Operands x) { return conv2d(x[0], x[1], Tensor()); }, {{2, 3}, {1, 1, 2, 2}},
       "ShapeMismatch: conv2d: input [2, 3] and filters [1, 1, 2, 2], expected [N, C, H, W] and [O, C, KH, KW]"},
      {[](Operands x) { return conv2d(x[0], x[1], Tensor()); }, {{2, 3, 5, 5}, {4, 1, 2, 2}},
       "ShapeMismatch: conv2d: input [2, 3, 5, 5] and filters [4, 1, 2, 2] differ in their channels, expected input [N, 1, H, W]"},
      {[](Operands x) { return conv2d(x[0], x[1], x[2]); }, {{1, 1, 2, 2}, {4, 1, 2, 2}, {3}},
       "ShapeMismatch: conv2d: bias [3] for filters [4, 1, 2, 2], expected [4]"},
      {[](Operands x) { return conv2d(x[0], x[1], Tensor()); }, {{1, 1, 2, 4}, {1, 1, 3, 3}},
       "InvalidArgument: conv2d: a kernel of 3×3 on images of 2×4, expected a kernel of at least 1×1 that fits into the images"},
      {[](Operands x) { return conv2d(x[0], x[1], Tensor(), {1, 1}); }, {{1, 1, 2, 2}, {1, 1, 5, 5}},
       "InvalidArgument: conv2d: a kernel of 5×5 on images of 4×4 with their padding, expected a kernel of at least 1×1 that fits into the images"},
      {[](Operands x) { return conv2d(x[0], x[1], Tensor(), {0, 0}); }, {{1, 1, 2, 2}, {1, 1, 2, 2}},
       "InvalidArgument: conv2d: stride 0, expected at least 1"},
      {[](Operands x) { return conv2d(x[0], x[1], Tensor(), {1, -1}); }, {{1, 1, 2, 2}, {1, 1, 2, 2}},
       "InvalidArgument: conv2d: padding -1, expected at least 0"},
      {[](Operands x) { return max_pool2d(x[0]); }, {{4, 4}},
       "ShapeMismatch: max_pool2d: input [4, 4], expected [N, C, H, W]"},
      {[](Operands x) { return max_pool2d(x[0], {3, 1}); }, {{1, 1, 2, 4}},
       "InvalidArgument: max_pool2d: windows of 3×3 on images of 2×4, expected windows of at least 1×1 that fit into the images"},
      {[](Operands x) { return avg_pool2d(x[0], {2, 0}); }, {{1, 1, 2, 4}},
       "InvalidArgument: avg_pool2d: stride 0, expected at least 1"},
      {[](Operands x) { return global_avg_pool2d(x[0]); }, {{2, 4}},
       "ShapeMismatch: global_avg_pool2d: input [2, 4], expected [N, C, H, W]"},
      {[](Operands x) { return reshape(x[0], Shape{5}); }, {{2, 3}},
       "ShapeMismatch: reshape: [2, 3] has 6 elements and [5] has 5, expected the same number"},
      {[](Operands x) { return transpose(x[0]); }, {{3}},
       "InvalidArgument: transpose: shape [3] has 1 axes, expected at least 2"},
      {[](Operands x) { return transpose(x[0], 0, 2); }, {{2, 3}},
       "InvalidArgument: transpose: axis 2 of shape [2, 3], expected -2 to 1"},
      {[](Operands x) { return sum(x[0], 2); }, {{2, 3}},
       "InvalidArgument: sum: axis 2 of shape [2, 3], expected -2 to 1"},
      {[](Operands x) { return mean(x[0], -3, true); }, {{2, 3}},
       "InvalidArgument: mean: axis -3 of shape [2, 3], expected -2 to 1"},
      {[](Operands x) { return max(x[0], 0); }, {{}},
       "InvalidArgument: max: axis 0 of a scalar, which has no axes"},
      {[](Operands x) { return max(x[0], 0); }, {{0, 3}},
       "InvalidArgument: max: shape [0, 3] has no elements to choose from, expected at least one"},
      {[](Operands x) { return max(x[0]); }, {{0, 3}},
       "InvalidArgument: max: shape [0, 3] has no elements to choose from, expected at least one"},
      {[](Operands x) { return batch_norm(x[0], x[1], x[2]); }, {{2, 3, 4}, {3}, {3}},
       "ShapeMismatch: batch_norm: input [2, 3, 4], expected [N, C] or [N, C, H, W]"},
      {[](Operands x) { return batch_norm(x[0], x[1], x[2]); }, {{2, 3, 4, 4}, {3}, {4}},
       "ShapeMismatch: batch_norm: weight [3] and bias [4] for input [2, 3, 4, 4], expected [3] each"},
      {[](Operands x) { return batch_norm(x[0], x[1], x[2]); }, {{1, 3}, {3}, {3}},
       "InvalidArgument: batch_norm: input [1, 3] has 1 value for each channel, expected at least 2 in training"},
      {[](Operands x) { return batch_norm(x[0], x[1], x[2]); }, {{1, 3, 1, 1}, {3}, {3}},
       "InvalidArgument: batch_norm: input [1, 3, 1, 1] has 1 value for each channel, expected at least 2 in training"},
      {[](Operands x) { return batch_norm(x[0], x[1], x[2]); }, {{0, 3}, {3}, {3}},
       "InvalidArgument: batch_norm: input [0, 3] has 0 values for each channel, expected at least 2 in training"},
      {[](Operands x) { return batch_norm(x[0], x[1], x[2], given_statistics(2)); }, {{2, 3}, {3}, {3}},
       "ShapeMismatch: batch_norm: statistics [2, 2] for input [2, 3], expected [2, 3]"},
      {[](Operands x) { return softmax(x[0]); }, {{2, 0}},
       "InvalidArgument: softmax: shape [2, 0], expected a last axis with at least one class"},
      {[](Operands x) { return log_softmax(x[0]); }, {{2, 0}},
       "InvalidArgument: log_softmax: shape [2, 0], expected a last axis with at least one class"},
      {[](Operands x) { return log_softmax(x[0]); }, {{}},
       "InvalidArgument: log_softmax: shape [], expected a last axis with at least one class"},
  };
  // clang-format on
  for (const Refused& refused : table) {
    const std::vector<Tensor> x = make_operands(refused.operands, {1, 2});
    CHECK(error_of([&] { refused.apply(x); }) == refused.error);
  }
}

}  // namespace lanegrad::test
