// Convolution of images and its gradients.
#pragma once

#include <optional>

#include "engine/ndarray/index_array.h"
#include "engine/ndarray/matmul.h"
#include "engine/ndarray/ndarray.h"
#include "engine/ndarray/pool.h"

namespace lanegrad {

struct ConvOptions {
  // The pixels from one place of the filter to the next, in both directions.
  Index stride = 1;
  // The rows and columns of 0 around each image.
  Index padding = 0;
};

// Convolution as deep learning calls it (the filters are not mirrored), as
// torch.nn.functional.conv2d: x: [N, C, H, W], filters: [O, C, KH, KW], bias: [O] -> [N, O, OH, OW]
// with OH = ⌊(H + 2 · padding − KH) / stride⌋ + 1, OW likewise. Throws ShapeMismatch where channels
// or bias disagree, InvalidArgument where the filter is larger than the padded image, the stride is
// below 1 or the padding below 0.
NdArray conv2d(const NdArray& x, const NdArray& filters, ConvOptions options = {},
               Epilogue epilogue = {});

// The gradients of conv2d, given the gradient dy: [N, O, OH, OW] of its result: that of its
// filters, whose shape is `filters`, and that of its input, whose shape is `x`.
NdArray conv2d_filter_gradient(const NdArray& x, const NdArray& dy, const Shape& filters,
                               ConvOptions options);
NdArray conv2d_input_gradient(const NdArray& filters, const NdArray& dy, const Shape& x,
                              ConvOptions options);

// True where conv2d_max_pool can take arrays of these shapes. What it cannot take goes to conv2d
// and max_pool2d, which say what is wrong.
bool conv2d_max_pool_fits(const Shape& x, const Shape& filters, ConvOptions options,
                          PoolOptions pool);

// conv2d, then max_pool2d, then max(·, 0) where the epilogue says `relu`, as one operation.
// `patches` receives where the largest results came from, and −1 where `relu` let nothing through.
// Requires conv2d_max_pool_fits.
NdArray conv2d_max_pool(const NdArray& x, const NdArray& filters, ConvOptions options,
                        PoolOptions pool, Epilogue epilogue, IndexArray& patches);

// The gradients of conv2d_max_pool, given its `patches` and the gradient dy of its result.
struct ConvGradients {
  // Empty where it was not asked for.
  std::optional<NdArray> x;
  NdArray filters;
  NdArray bias;  // [O]
};
ConvGradients conv2d_max_pool_gradients(const NdArray& x, const NdArray& filters,
                                        ConvOptions options, PoolOptions pool,
                                        const IndexArray& patches, const NdArray& dy, bool with_x);

}  // namespace lanegrad
