// Convolution of images.
#pragma once

#include "engine/ndarray/conv.h"
#include "engine/tensor/tensor.h"

namespace lanegrad {

// x: [N, C, H, W], filters: [O, C, KH, KW], bias: [O] or undefined for none -> [N, O, OH, OW],
// then, where `relu`, no less than 0. Shapes and errors as NdArray's conv2d.
Tensor conv2d(const Tensor& x, const Tensor& filters, const Tensor& bias, ConvOptions options = {},
              bool relu = false);

// The same, then max_pool2d, then the rectifier: as a single operation several times as fast, whose
// gradients are summed in another order. Requires that conv2d_max_pool_fits.
Tensor conv2d_max_pool(const Tensor& x, const Tensor& filters, const Tensor& bias,
                       ConvOptions options, PoolOptions pool, bool relu);

}  // namespace lanegrad
