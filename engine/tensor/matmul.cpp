// The matrix product, alone or with bias and ReLU, and its backward.
#include "engine/tensor/matmul.h"

#include <utility>

#include "engine/ndarray/arithmetic.h"
#include "engine/ndarray/reduce.h"
#include "engine/tensor/node.h"

namespace lanegrad {

namespace {

// Sends the gradients of the sources: x, weight and, if there is one, the bias.
void send_parts(Node& node, const NdArray& dz) {
  if (node.needs(0)) node.send(0, matmul(dz, node.source(1), {.b = true}));
  if (node.needs(1)) {
    if (node.saved_lists) {
      node.send(1, SparseProduct{node.saved_lists.transpose(), dz});
    } else {
      node.send(1, matmul(node.source(0), dz, {.a = true}));
    }
  }
  if (node.source_count == 3 && node.needs(2)) node.send(2, sum(dz, 0));
}

void matmul_backward(Node& node, const NdArray& dy) { send_parts(node, dy); }

// Where the output is 0, the rectifier let nothing through, so no gradient goes back.
void matmul_relu_backward(Node& node, const NdArray& dy) {
  send_parts(node, unary_backward(kernels::Unary::Relu, node.data, node.data, dy));
}

constexpr GradFn kMatmul{"matmul", matmul_backward};
constexpr GradFn kDense{"dense", matmul_backward};
constexpr GradFn kDenseRelu{"dense_relu", matmul_relu_backward};

// The product and, where it is recorded, the lists of x for its backward.
Tensor multiply(const GradFn& grad_fn, const Tensor& x, const Tensor& weight, Epilogue epilogue,
                std::initializer_list<const Tensor*> sources) {
  SparseMatrix lists;
  if (weight.shape().rank() == 2) lists = SparseMatrix::of(x.data(), weight.shape()[1]);
  Tensor y = record(grad_fn,
                    lists ? matmul(lists, weight.data(), epilogue)
                          : matmul(x.data(), weight.data(), {}, epilogue),
                    sources);
  if (!y.is_leaf()) y.node()->saved_lists = std::move(lists);
  return y;
}

}  // namespace

Tensor matmul(const Tensor& a, const Tensor& b) { return multiply(kMatmul, a, b, {}, {&a, &b}); }

Tensor dense(const Tensor& x, const Tensor& weight, const Tensor& bias, bool relu) {
  const GradFn& grad_fn = relu ? kDenseRelu : kDense;
  if (!bias.defined()) return multiply(grad_fn, x, weight, {.relu = relu}, {&x, &weight});
  return multiply(grad_fn, x, weight, {.bias = &bias.data(), .relu = relu}, {&x, &weight, &bias});
}

}  // namespace lanegrad
