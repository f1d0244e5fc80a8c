// Pooling and its backward.
#include "engine/tensor/pool.h"

#include <limits>

#include "engine/core/error.h"
#include "engine/kernels/kernels.h"
#include "engine/tensor/node.h"
#include "engine/tensor/reduce.h"
#include "engine/tensor/reshape.h"

namespace lanegrad {

namespace {

kernels::Pooling pooling(const Shape& x, Index size, Index stride) {
  return {x[0] * x[1], x[2], x[3], size, stride};
}

kernels::Pooling pooling(std::string_view op, const Shape& x, PoolOptions options) {
  if (x.rank() != 4) fail(ErrorCode::ShapeMismatch, op, ": input ", x, ", expected [N, C, H, W]");
  if (options.stride < 1)
    fail(ErrorCode::InvalidArgument, op, ": stride ", options.stride, ", expected at least 1");
  if (!(options.size >= 1 && options.size <= x[2] && options.size <= x[3]))
    fail(ErrorCode::InvalidArgument, op, ": windows of ", options.size, "×", options.size,
         " on images of ", x[2], "×", x[3],
         ", expected windows of at least 1×1 that fit into the images");
  if (x[2] * x[3] > std::numeric_limits<std::int32_t>::max())
    fail(ErrorCode::Unsupported, op, ": images of ", x[2], "×", x[3],
         ", expected at most 2³¹ pixels");
  return pooling(x, options.size, options.stride);
}

kernels::Pooling pooling_of(const Node& node) {
  return pooling(node.source(0).shape(), node.axes[0], node.axes[1]);
}

// A result [N, C, OH, OW] for an input of this shape.
NdArray windows_of(const kernels::Pooling& p, const Shape& x) {
  return NdArray::uninitialized({x[0], x[1], p.oh(), p.ow()});
}

Tensor keep(const PoolOptions& options, Tensor result) {
  if (!result.is_leaf()) {
    result.node()->axes = {static_cast<int>(options.size), static_cast<int>(options.stride)};
  }
  return result;
}

const GradFn kMaxPool{"max_pool2d", [](Node& node, const NdArray& dy) {
                        NdArray dx = NdArray::uninitialized(node.source(0).shape());
                        kernels::max_pool2d_backward(pooling_of(node), dy.data(),
                                                     node.saved_indices.data(), dx.mutable_data());
                        node.send(0, std::move(dx));
                      }};

const GradFn kAvgPool{"avg_pool2d", [](Node& node, const NdArray& dy) {
                        NdArray dx = NdArray::uninitialized(node.source(0).shape());
                        kernels::avg_pool2d_backward(pooling_of(node), dy.data(),
                                                     dx.mutable_data());
                        node.send(0, std::move(dx));
                      }};

}  // namespace

Tensor max_pool2d(const Tensor& x, PoolOptions options) {
  const kernels::Pooling p = pooling("max_pool2d", x.shape(), options);
  NdArray y = windows_of(p, x.shape());
  IndexArray pixels(y.shape());
  kernels::max_pool2d(p, x.data().data(), y.mutable_data(), pixels.mutable_data());
  Tensor result = keep(options, record(kMaxPool, std::move(y), {&x}));
  if (!result.is_leaf()) result.node()->saved_indices = std::move(pixels);
  return result;
}

Tensor avg_pool2d(const Tensor& x, PoolOptions options) {
  const kernels::Pooling p = pooling("avg_pool2d", x.shape(), options);
  NdArray y = windows_of(p, x.shape());
  kernels::avg_pool2d(p, x.data().data(), y.mutable_data());
  return keep(options, record(kAvgPool, std::move(y), {&x}));
}

Tensor global_avg_pool2d(const Tensor& x) {
  const Shape& shape = x.shape();
  if (shape.rank() != 4)
    fail(ErrorCode::ShapeMismatch, "global_avg_pool2d: input ", shape, ", expected [N, C, H, W]");
  return mean(reshape(x, {shape[0], shape[1], shape[2] * shape[3]}), 2);
}

}  // namespace lanegrad
