// Pooling of arrays: checks shapes and calls the kernels.
#include "engine/ndarray/pool.h"

#include <limits>

#include "engine/core/error.h"
#include "engine/kernels/kernels.h"

namespace lanegrad {

namespace {

kernels::Pooling pooling(const Shape& x, PoolOptions options) {
  return {x[0] * x[1], x[2], x[3], options.size, options.stride};
}

// The result [N, C, OH, OW] for images of this shape, not filled yet.
NdArray windows_of(std::string_view op, const Shape& x, PoolOptions options) {
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
  const kernels::Pooling p = pooling(x, options);
  return NdArray::uninitialized({x[0], x[1], p.oh(), p.ow()});
}

}  // namespace

NdArray max_pool2d(const NdArray& x, PoolOptions options, IndexArray& pixels) {
  NdArray y = windows_of("max_pool2d", x.shape(), options);
  pixels = IndexArray(y.shape());
  kernels::max_pool2d(pooling(x.shape(), options), x.data(), y.mutable_data(),
                      pixels.mutable_data());
  return y;
}

NdArray avg_pool2d(const NdArray& x, PoolOptions options) {
  NdArray y = windows_of("avg_pool2d", x.shape(), options);
  kernels::avg_pool2d(pooling(x.shape(), options), x.data(), y.mutable_data());
  return y;
}

NdArray max_pool2d_backward(const Shape& x, PoolOptions options, const IndexArray& pixels,
                            const NdArray& dy) {
  NdArray dx = NdArray::uninitialized(x);
  kernels::max_pool2d_backward(pooling(x, options), dy.data(), pixels.data(), dx.mutable_data());
  return dx;
}

NdArray avg_pool2d_backward(const Shape& x, PoolOptions options, const NdArray& dy) {
  NdArray dx = NdArray::uninitialized(x);
  kernels::avg_pool2d_backward(pooling(x, options), dy.data(), dx.mutable_data());
  return dx;
}

}  // namespace lanegrad
