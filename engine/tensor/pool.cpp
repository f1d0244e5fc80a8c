// Pooling and its backward.
#include "engine/tensor/pool.h"

#include "engine/core/error.h"
#include "engine/tensor/node.h"
#include "engine/tensor/reduce.h"
#include "engine/tensor/reshape.h"

namespace lanegrad {

namespace {

PoolOptions options_of(const Node& node) { return {node.axes[0], node.axes[1]}; }

void max_pool2d_backward(Node& node, const NdArray& dy) {
  node.send(0,
            max_pool2d_backward(node.source(0).shape(), options_of(node), node.saved_indices, dy));
}

void avg_pool2d_backward(Node& node, const NdArray& dy) {
  node.send(0, avg_pool2d_backward(node.source(0).shape(), options_of(node), dy));
}

constexpr GradFn kMaxPool2d{"max_pool2d", max_pool2d_backward};
constexpr GradFn kAvgPool2d{"avg_pool2d", avg_pool2d_backward};

Tensor record_pool(const GradFn& fn, NdArray y, const Tensor& x, PoolOptions options) {
  Tensor result = record(fn, std::move(y), {&x});
  if (!result.is_leaf()) {
    result.node()->axes = {static_cast<int>(options.size), static_cast<int>(options.stride)};
  }
  return result;
}

}  // namespace

Tensor max_pool2d(const Tensor& x, PoolOptions options) {
  IndexArray pixels;
  NdArray y = max_pool2d(x.data(), options, pixels);
  Tensor result = record_pool(kMaxPool2d, std::move(y), x, options);
  if (!result.is_leaf()) result.node()->saved_indices = std::move(pixels);
  return result;
}

Tensor avg_pool2d(const Tensor& x, PoolOptions options) {
  return record_pool(kAvgPool2d, avg_pool2d(x.data(), options), x, options);
}

Tensor global_avg_pool2d(const Tensor& x) {
  const Shape& shape = x.shape();
  if (shape.rank() != 4)
    fail(ErrorCode::ShapeMismatch, "global_avg_pool2d: input ", shape, ", expected [N, C, H, W]");
  return mean(reshape(x, {shape[0], shape[1], shape[2] * shape[3]}), 2);
}

}  // namespace lanegrad
