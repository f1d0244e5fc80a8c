// Reshape and transpose with their backward.
#include "engine/tensor/reshape.h"

#include "engine/tensor/node.h"

namespace lanegrad {

namespace {

void reshape_backward(Node& node, const NdArray& dy) {
  node.send(0, dy.reshape(node.source(0).shape()));
}

void transpose_backward(Node& node, const NdArray& dy) {
  node.send(0, dy.transpose(node.axes[0], node.axes[1]));
}

constexpr GradFn kReshape{"reshape", reshape_backward};
constexpr GradFn kTranspose{"transpose", transpose_backward};

}  // namespace

Tensor reshape(const Tensor& x, const Shape& shape) {
  return record(kReshape, x.data().reshape(shape), {&x});
}

Tensor transpose(const Tensor& x, int axis0, int axis1) {
  Tensor y = record(kTranspose, x.data().transpose(axis0, axis1), {&x});
  y.node()->axes = {axis0, axis1};
  return y;
}

}  // namespace lanegrad
