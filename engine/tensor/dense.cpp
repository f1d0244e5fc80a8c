// A dense layer's operation and its backward.
#include "engine/tensor/dense.h"

#include "engine/ndarray/arithmetic.h"
#include "engine/ndarray/matmul.h"
#include "engine/ndarray/reduce.h"
#include "engine/tensor/node.h"

namespace lanegrad {

namespace {

// Sends the gradients of the sources: x, weight and, if there is one, the bias.
void send_parts(Node& node, const NdArray& dz) {
  if (node.needs(0)) node.send(0, matmul(dz, node.source(1), {.b = true}));
  if (node.needs(1)) node.send(1, matmul(node.source(0), dz, {.a = true}));
  if (node.source_count == 3 && node.needs(2)) node.send(2, sum(dz, 0));
}

void dense_backward(Node& node, const NdArray& dy) { send_parts(node, dy); }

// Where the output is 0, the rectifier let nothing through, so no gradient goes back.
void dense_relu_backward(Node& node, const NdArray& dy) {
  send_parts(node, unary_backward(kernels::Unary::Relu, node.data, node.data, dy));
}

constexpr GradFn kDense{"dense", dense_backward};
constexpr GradFn kDenseRelu{"dense_relu", dense_relu_backward};

}  // namespace

Tensor dense(const Tensor& x, const Tensor& weight, const Tensor& bias, bool relu) {
  const NdArray* added = bias.defined() ? &bias.data() : nullptr;
  NdArray y = matmul(x.data(), weight.data(), {}, {.bias = added, .relu = relu});
  const GradFn& grad_fn = relu ? kDenseRelu : kDense;
  return bias.defined() ? record(grad_fn, std::move(y), {&x, &weight, &bias})
                        : record(grad_fn, std::move(y), {&x, &weight});
}

}  // namespace lanegrad
