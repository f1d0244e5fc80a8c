// Pooling of images and its gradients.
#pragma once

#include "engine/ndarray/index_array.h"
#include "engine/ndarray/ndarray.h"

namespace lanegrad {

// Windows of size × size pixels, `stride` pixels apart, each wholly inside the image.
struct PoolOptions {
  Index size = 2;
  Index stride = 2;
};

// The largest pixel of each window: x: [N, C, H, W] -> [N, C, OH, OW] with OH = ⌊(H − size) /
// stride⌋ + 1 and OW = ⌊(W − size) / stride⌋ + 1. `pixels` receives where in its image each of them
// stood: the first one where several are equal. Throws ShapeMismatch unless x has four axes,
// InvalidArgument where a window does not fit into the image.
NdArray max_pool2d(const NdArray& x, PoolOptions options, IndexArray& pixels);
// The mean of each window, with the shapes and errors of max_pool2d.
NdArray avg_pool2d(const NdArray& x, PoolOptions options);

// The gradients of x: [N, C, H, W], given its shape and the gradient dy: [N, C, OH, OW].
NdArray max_pool2d_backward(const Shape& x, PoolOptions options, const IndexArray& pixels,
                            const NdArray& dy);
NdArray avg_pool2d_backward(const Shape& x, PoolOptions options, const NdArray& dy);

}  // namespace lanegrad
