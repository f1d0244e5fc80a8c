// Functions of one tensor. One backward serves all functions without settings: the kernel knows the
// derivative of each.
#include "engine/tensor/functions.h"

#include "engine/tensor/node.h"

namespace lanegrad {

namespace {

using kernels::Unary;

template <Unary kFunction>
void function_backward(Node& node, const NdArray& dy) {
  node.send(0, unary_backward(kFunction, node.source(0), node.data, dy));
}

void leaky_relu_backward(Node& node, const NdArray& dy) {
  node.send(0, leaky_relu_backward(node.source(0), dy, node.number));
}

template <Unary kFunction>
constexpr GradFn kUnary{name_of(kFunction), function_backward<kFunction>};

#define LANEGRAD_GRAD_FN(Function, ...) &kUnary<Unary::Function>,
constexpr const GradFn* kUnaries[] = {LANEGRAD_UNARY(LANEGRAD_GRAD_FN)};
#undef LANEGRAD_GRAD_FN

constexpr GradFn kLeakyRelu{"leaky_relu", leaky_relu_backward};

}  // namespace

Tensor unary(Unary op, const Tensor& x) {
  return record(*kUnaries[static_cast<int>(op)], unary(op, x.data()), {&x});
}

Tensor leaky_relu(const Tensor& x, double slope) {
  const auto number = static_cast<Real>(slope);
  Tensor result = record(kLeakyRelu, leaky_relu(x.data(), number), {&x});
  result.node()->number = number;
  return result;
}

}  // namespace lanegrad
