// Checks shapes, pads, calls the kernels.
#include "engine/ndarray/conv.h"

#include <algorithm>
#include <limits>

#include "engine/core/error.h"
#include "engine/kernels/kernels.h"

namespace lanegrad {

namespace {

// Copies the middle of larger images [N, C, H + 2p, W + 2p] from or to images [N, C, H, W].
template <class Copy>
void for_each_row(const Shape& small, Index padding, Copy copy) {
  const Index h = small[2], w = small[3];
  for (Index plane = 0; plane < small[0] * small[1]; ++plane) {
    for (Index y = 0; y < h; ++y) {
      copy((plane * h + y) * w,
           ((plane * (h + 2 * padding) + y + padding) * (w + 2 * padding)) + padding);
    }
  }
}

Shape padded(const Shape& x, Index padding) {
  return {x[0], x[1], x[2] + 2 * padding, x[3] + 2 * padding};
}

NdArray pad(const NdArray& x, Index padding) {
  if (padding == 0) return x;
  NdArray out = NdArray::zeros(padded(x.shape(), padding));
  const Real* from = x.data();
  Real* to = out.mutable_data();
  for_each_row(x.shape(), padding, [&](Index small, Index large) {
    std::copy_n(from + small, x.shape()[3], to + large);
  });
  return out;
}

NdArray crop(const NdArray& x, const Shape& shape, Index padding) {
  if (padding == 0) return x;
  NdArray out = NdArray::uninitialized(shape);
  const Real* from = x.data();
  Real* to = out.mutable_data();
  for_each_row(shape, padding,
               [&](Index small, Index large) { std::copy_n(from + large, shape[3], to + small); });
  return out;
}

kernels::Convolution convolution(const Shape& padded_x, const Shape& filters, Index stride) {
  return {padded_x[0], padded_x[1], padded_x[2], padded_x[3],
          filters[0],  filters[2],  filters[3],  stride};
}

kernels::ConvPool conv_pool(const Shape& x, const Shape& filters, ConvOptions options,
                            PoolOptions pool, bool relu) {
  return {convolution(x, filters, options.stride), options.padding, pool.size, pool.stride, relu};
}

NdArray workspace_of(const kernels::ConvPool& p) {
  return NdArray::uninitialized({kernels::conv2d_max_pool_workspace(p)});
}

}  // namespace

NdArray conv2d(const NdArray& x, const NdArray& filters, ConvOptions options, Epilogue epilogue) {
  require(x.rank() == 4 && filters.rank() == 4, ErrorCode::ShapeMismatch, [&] {
    return str("conv2d: input ", x.shape(), " and filters ", filters.shape(),
               ", expected [N, C, H, W] and [O, C, KH, KW]");
  });
  require(x.shape()[1] == filters.shape()[1], ErrorCode::ShapeMismatch, [&] {
    return str("conv2d: input ", x.shape(), " and filters ", filters.shape(),
               " differ in their channels, expected input [N, ", filters.shape()[1], ", H, W]");
  });
  require(options.stride >= 1, ErrorCode::InvalidArgument,
          [&] { return str("conv2d: stride ", options.stride, ", expected at least 1"); });
  require(options.padding >= 0, ErrorCode::InvalidArgument,
          [&] { return str("conv2d: padding ", options.padding, ", expected at least 0"); });
  const Shape large = padded(x.shape(), options.padding);
  const Index kh = filters.shape()[2], kw = filters.shape()[3];
  require(kh >= 1 && kw >= 1 && kh <= large[2] && kw <= large[3], ErrorCode::InvalidArgument, [&] {
    return str("conv2d: a kernel of ", kh, "×", kw, " on images of ", large[2], "×", large[3],
               options.padding > 0 ? " with their padding" : "",
               ", expected a kernel of at least 1×1 that fits into the images");
  });
  require(!epilogue.bias || epilogue.bias->shape() == Shape{filters.shape()[0]},
          ErrorCode::ShapeMismatch, [&] {
            return str("conv2d: bias ", epilogue.bias->shape(), " for filters ", filters.shape(),
                       ", expected [", filters.shape()[0], "]");
          });
  const kernels::Convolution s = convolution(large, filters.shape(), options.stride);
  NdArray out = NdArray::uninitialized({s.n, s.o, s.oh(), s.ow()});
  if (out.size() == 0) return out;
  const NdArray pixels = pad(x, options.padding);
  kernels::conv2d(s, pixels.data(), filters.data(), epilogue.bias ? epilogue.bias->data() : nullptr,
                  epilogue.relu, out.mutable_data());
  return out;
}

NdArray conv2d_filter_gradient(const NdArray& x, const NdArray& dy, const Shape& filters,
                               ConvOptions options) {
  if (dy.size() == 0 || filters.size() == 0) return NdArray::zeros(filters);
  const NdArray pixels = pad(x, options.padding);
  NdArray dw = NdArray::uninitialized(filters);
  kernels::conv2d_filter_gradient(convolution(pixels.shape(), filters, options.stride),
                                  pixels.data(), dy.data(), dw.mutable_data());
  return dw;
}

NdArray conv2d_input_gradient(const NdArray& filters, const NdArray& dy, const Shape& x,
                              ConvOptions options) {
  const Shape large = padded(x, options.padding);
  if (dy.size() == 0 || x.size() == 0) return NdArray::zeros(x);
  NdArray dx = NdArray::uninitialized(large);
  kernels::conv2d_input_gradient(convolution(large, filters.shape(), options.stride),
                                 filters.data(), dy.data(), dx.mutable_data());
  return crop(dx, x, options.padding);
}

bool conv2d_max_pool_fits(const Shape& x, const Shape& filters, ConvOptions options,
                          PoolOptions pool) {
  if (x.rank() != 4 || filters.rank() != 4 || x[1] != filters[1] || options.stride < 1 ||
      options.padding < 0 || pool.size < 1 || pool.stride < 1 || x.size() == 0 ||
      filters.size() == 0) {
    return false;
  }
  const Shape large = padded(x, options.padding);
  const auto fits = [&](int axis) {
    const Index results = (large[axis] - filters[axis]) / options.stride + 1;
    return filters[axis] <= large[axis] && pool.size <= results;
  };
  return fits(2) && fits(3) && large.size() / large[0] <= std::numeric_limits<std::int32_t>::max();
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
                                        ConvOptions options, PoolOptions pool, bool relu,
                                        const IndexArray& patches, const NdArray& y,
                                        const NdArray& dy, bool with_x) {
  const kernels::ConvPool p = conv_pool(x.shape(), filters.shape(), options, pool, relu);
  ConvGradients gradients{std::nullopt, NdArray::uninitialized(filters.shape()),
                          NdArray::uninitialized({p.conv.o})};
  if (with_x) gradients.x = NdArray::uninitialized(x.shape());
  NdArray workspace = workspace_of(p);
  kernels::conv2d_max_pool_backward(p, x.data(), filters.data(), patches.data(), y.data(),
                                    dy.data(), with_x ? gradients.x->mutable_data() : nullptr,
                                    gradients.filters.mutable_data(), gradients.bias.mutable_data(),
                                    workspace.mutable_data());
  return gradients;
}

}  // namespace lanegrad
