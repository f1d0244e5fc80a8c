// The matrix product and its backward.
#include "engine/tensor/matmul.h"

#include "engine/ndarray/matmul.h"
#include "engine/tensor/node.h"

namespace lanegrad {

namespace {

void matmul_backward(Node& node, const NdArray& dy) {
  if (node.needs(0)) node.send(0, matmul(dy, node.source(1), {.b = true}));
  if (node.needs(1)) node.send(1, matmul(node.source(0), dy, {.a = true}));
}

constexpr GradFn kMatmul{"matmul", matmul_backward};

}  // namespace

Tensor matmul(const Tensor& a, const Tensor& b) {
  return record(kMatmul, matmul(a.data(), b.data()), {&a, &b});
}

}  // namespace lanegrad
