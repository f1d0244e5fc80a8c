// Functions of one tensor. One backward serves all functions without settings: the kernel knows the
// derivative of each.
#include "engine/tensor/functions.h"

#include "engine/ndarray/arithmetic.h"
#include "engine/tensor/node.h"

namespace lanegrad {

namespace {

using kernels::Unary;

template <Unary kOp>
void function_backward(Node& node, const NdArray& dy) {
  node.send(0, unary_backward(kOp, node.source(0), node.data, dy));
}

template <Unary kOp>
Tensor function(const Tensor& x) {
  static const GradFn grad_fn{name_of(kOp), function_backward<kOp>};
  return record(grad_fn, unary(kOp, x.data()), {&x});
}

constexpr GradFn kLeakyRelu{"leaky_relu", [](Node& node, const NdArray& dy) {
                              node.send(0, leaky_relu_backward(node.source(0), dy, node.number));
                            }};

}  // namespace

Tensor leaky_relu(const Tensor& x, double slope) {
  const auto number = static_cast<Real>(slope);
  Tensor result = record(kLeakyRelu, leaky_relu(x.data(), number), {&x});
  result.node()->number = number;
  return result;
}

Tensor neg(const Tensor& x) { return function<Unary::Neg>(x); }
Tensor abs(const Tensor& x) { return function<Unary::Abs>(x); }
Tensor exp(const Tensor& x) { return function<Unary::Exp>(x); }
Tensor log(const Tensor& x) { return function<Unary::Log>(x); }
Tensor sqrt(const Tensor& x) { return function<Unary::Sqrt>(x); }
Tensor tanh(const Tensor& x) { return function<Unary::Tanh>(x); }
Tensor sigmoid(const Tensor& x) { return function<Unary::Sigmoid>(x); }
Tensor relu(const Tensor& x) { return function<Unary::Relu>(x); }
Tensor gelu(const Tensor& x) { return function<Unary::Gelu>(x); }

}  // namespace lanegrad
