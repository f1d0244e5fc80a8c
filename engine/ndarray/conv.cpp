// Convolution of arrays: checks shapes and calls the kernels. The gradient of a convolution's input
// is a convolution, too: of the result's gradient with the filters turned by half a turn (Dumoulin
// and Visin 2016, "A guide to convolution arithmetic for deep learning", chapter 4).
#include "engine/ndarray/conv.h"

#include <limits>

#include "engine/core/error.h"
#include "engine/kernels/kernels.h"

namespace lanegrad {

namespace {

// The most numbers of an image.
constexpr Index kMostNumbers = std::numeric_limits<std::int32_t>::max();

Shape padded(const Shape& x, Index padding) {
  return {x[0], x[1], x[2] + 2 * padding, x[3] + 2 * padding};
}

// No pool: each window is a single result, and windows lie side by side.
constexpr PoolOptions kNoPool{1, 1};

kernels::ConvPool conv_pool(const Shape& x, const Shape& filters, ConvOptions options,
                            PoolOptions pool = kNoPool, bool relu = false) {
  return {{x[0], x[1], x[2], x[3], filters[0], filters[2], filters[3], options.stride},
          options.padding,
          pool.size,
          pool.stride,
          relu};
}

NdArray workspace_of(const kernels::ConvPool& p) {
  return NdArray::uninitialized({kernels::conv2d_workspace(p)});
}

// The convolution of x with `filters`, whose shapes fit.
NdArray convolve(const NdArray& x, const NdArray& filters, ConvOptions options,
                 const NdArray* bias = nullptr, bool relu = false) {
  const kernels::ConvPool p = conv_pool(x.shape(), filters.shape(), options, kNoPool, relu);
  NdArray y = NdArray::uninitialized({p.conv.n, p.conv.o, p.ph(), p.pw()});
  if (y.size() == 0) return y;
  NdArray workspace = workspace_of(p);
  kernels::conv2d_max_pool(p, x.data(), filters.data(), bias ? bias->data() : nullptr,
                           y.mutable_data(), nullptr, workspace.mutable_data());
  return y;
}

// Images [n, o, h + kh − 1, w + kw − 1] that are 0 except for dy [n, o, oh, ow], each element of
// which stands where the last element of the filter lay on the padded image [h, w].
NdArray spread(const NdArray& dy, Index h, Index w, Index kh, Index kw, ConvOptions options) {
  const Shape& from = dy.shape();
  NdArray out = NdArray::zeros({from[0], from[1], h + kh - 1, w + kw - 1});
  const Real* x = dy.data();
  Real* to = out.mutable_data();
  for (Index plane = 0; plane < from[0] * from[1]; ++plane) {
    for (Index i = 0; i < from[2] * from[3]; ++i, ++x) {
      const Index row = i / from[3] * options.stride + kh - 1 - options.padding;
      const Index column = i % from[3] * options.stride + kw - 1 - options.padding;
      if (row < 0 || row >= h + kh - 1 || column < 0 || column >= w + kw - 1) continue;
      to[(plane * (h + kh - 1) + row) * (w + kw - 1) + column] = *x;
    }
  }
  return out;
}

}  // namespace

NdArray conv2d(const NdArray& x, const NdArray& filters, ConvOptions options, Epilogue epilogue) {
  if (x.rank() != 4 || filters.rank() != 4)
    fail(ErrorCode::ShapeMismatch, "conv2d: input ", x.shape(), " and filters ", filters.shape(),
         ", expected [N, C, H, W] and [O, C, KH, KW]");
  if (x.shape()[1] != filters.shape()[1])
    fail(ErrorCode::ShapeMismatch, "conv2d: input ", x.shape(), " and filters ", filters.shape(),
         " differ in their channels, expected input [N, ", filters.shape()[1], ", H, W]");
  if (options.stride < 1)
    fail(ErrorCode::InvalidArgument, "conv2d: stride ", options.stride, ", expected at least 1");
  if (options.padding < 0)
    fail(ErrorCode::InvalidArgument, "conv2d: padding ", options.padding, ", expected at least 0");
  const Shape large = padded(x.shape(), options.padding);
  const Index kh = filters.shape()[2], kw = filters.shape()[3];
  if (!(kh >= 1 && kw >= 1 && kh <= large[2] && kw <= large[3]))
    fail(ErrorCode::InvalidArgument, "conv2d: a kernel of ", kh, "×", kw, " on images of ",
         large[2], "×", large[3], options.padding > 0 ? " with their padding" : "",
         ", expected a kernel of at least 1×1 that fits into the images");
  if (epilogue.bias && epilogue.bias->shape() != Shape{filters.shape()[0]})
    fail(ErrorCode::ShapeMismatch, "conv2d: bias ", epilogue.bias->shape(), " for filters ",
         filters.shape(), ", expected [", filters.shape()[0], "]");
  if (large[1] * large[2] * large[3] > kMostNumbers)
    fail(ErrorCode::Unsupported, "conv2d: images of ", large[1], " × ", large[2], "×", large[3],
         ", expected at most 2³¹ numbers");
  return convolve(x, filters, options, epilogue.bias, epilogue.relu);
}

NdArray conv2d_filter_gradient(const NdArray& x, const NdArray& dy, const Shape& filters,
                               ConvOptions options) {
  if (dy.size() == 0 || filters.size() == 0) return NdArray::zeros(filters);
  const kernels::ConvPool p = conv_pool(x.shape(), filters, options);
  NdArray workspace = workspace_of(p);
  NdArray dw = NdArray::uninitialized(filters);
  kernels::conv2d_filter_gradient(p, x.data(), dy.data(), dw.mutable_data(),
                                  workspace.mutable_data());
  return dw;
}

NdArray conv2d_input_gradient(const NdArray& filters, const NdArray& dy, const Shape& x,
                              ConvOptions options) {
  if (dy.size() == 0 || x.size() == 0) return NdArray::zeros(x);
  const Shape& from = filters.shape();
  const Index kh = from[2], kw = from[3];
  NdArray turned = NdArray::uninitialized({from[1], from[0], kh, kw});
  Real* to = turned.mutable_data();
  for (Index i = 0; i < filters.size(); ++i) {
    const Index filter = i / (kh * kw);  // the last element of filter [c, o] is the first of [o, c]
    to[(filter % from[1] * from[0] + filter / from[1] + 1) * kh * kw - 1 - i % (kh * kw)] =
        filters.data()[i];
  }
  if (options.stride == 1 && kh == kw && options.padding < kh) {
    return convolve(dy, turned, {.padding = kh - 1 - options.padding});
  }
  return convolve(spread(dy, x[2], x[3], kh, kw, options), turned, {});
}

bool conv2d_max_pool_fits(const Shape& x, const Shape& filters, ConvOptions options,
                          PoolOptions pool) {
  if (x.rank() != 4 || filters.rank() != 4 || x[1] != filters[1] || options.stride < 1 ||
      options.padding < 0 || pool.size < 1 || pool.stride < 1 || pool.size * pool.stride == 1 ||
      x.size() == 0 || filters.size() == 0) {
    return false;
  }
  const Shape large = padded(x, options.padding);
  const auto fits = [&](int axis) {
    const Index results = (large[axis] - filters[axis]) / options.stride + 1;
    return filters[axis] <= large[axis] && pool.size <= results;
  };
  return fits(2) && fits(3) && large.size() / large[0] <= kMostNumbers;
}

NdArray conv2d_max_pool(const NdArray& x, const NdArray& filters, ConvOptions options,
                        PoolOptions pool, Epilogue epilogue, IndexArray& patches) {
  const kernels::ConvPool p = conv_pool(x.shape(), filters.shape(), options, pool, epilogue.relu);
  NdArray y = NdArray::uninitialized({p.conv.n, p.conv.o, p.ph(), p.pw()});
  patches = IndexArray(Shape{p.conv.n, p.ph() * p.pw(), p.conv.o});
  NdArray workspace = workspace_of(p);
  kernels::conv2d_max_pool(p, x.data(), filters.data(),
                           epilogue.bias ? epilogue.bias->data() : nullptr, y.mutable_data(),
                           patches.mutable_data(), workspace.mutable_data());
  return y;
}

ConvGradients conv2d_max_pool_gradients(const NdArray& x, const NdArray& filters,
                                        ConvOptions options, PoolOptions pool,
                                        const IndexArray& patches, const NdArray& dy, bool with_x) {
  const kernels::ConvPool p = conv_pool(x.shape(), filters.shape(), options, pool);
  ConvGradients gradients{std::nullopt, NdArray::uninitialized(filters.shape()),
                          NdArray::uninitialized({p.conv.o})};
  if (with_x) gradients.x = NdArray::uninitialized(x.shape());
  NdArray workspace = workspace_of(p);
  kernels::conv2d_max_pool_backward(p, x.data(), filters.data(), patches.data(), dy.data(),
                                    with_x ? gradients.x->mutable_data() : nullptr,
                                    gradients.filters.mutable_data(), gradients.bias.mutable_data(),
                                    workspace.mutable_data());
  return gradients;
}

}  // namespace lanegrad
