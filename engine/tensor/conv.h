// Convolution of images.
#pragma once

#include "engine/ndarray/conv.h"
#include "engine/tensor/tensor.h"

namespace lanegrad {

// The convolution x: [N, C, H, W], filters: [O, C, KH, KW], bias: [O] or undefined for none -> [N,
// O, OH, OW], then max(·, 0) where `relu`. Shapes and errors are those of NdArray's conv2d.
Tensor conv2d(const Tensor& x, const Tensor& filters, const Tensor& bias, ConvOptions options = {},
              bool relu = false);

// The convolution x: [N, C, H, W], filters: [O, C, KH, KW], bias: [O] or undefined for none, then
// max_pool2d, then max(·, 0) where `relu`. As a single operation it is several times as fast; its
// gradients are summed in another order. Requires conv2d_max_pool_fits.
Tensor conv2d_max_pool(const Tensor& x, const Tensor& filters, const Tensor& bias,
                       ConvOptions options, PoolOptions pool, bool relu);

}  // namespace lanegrad
