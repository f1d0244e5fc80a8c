// Pooling of images: one number for each window of pixels.
#pragma once

#include "engine/ndarray/pool.h"
#include "engine/tensor/tensor.h"

namespace lanegrad {

// Pooling x: [N, C, H, W] -> [N, C, OH, OW] with OH = ⌊(H − size) / stride⌋ + 1 and OW = ⌊(W −
// size) / stride⌋ + 1, as torch.nn.functional's. max_pool2d sends the gradient to the largest pixel
// of the window, the first one where several are equal. Throws ShapeMismatch unless x has four
// axes, InvalidArgument where a window does not fit into the image.
Tensor max_pool2d(const Tensor& x, PoolOptions options = {});
Tensor avg_pool2d(const Tensor& x, PoolOptions options = {});

// The mean of each channel. x: [N, C, H, W] -> [N, C].
Tensor global_avg_pool2d(const Tensor& x);

}  // namespace lanegrad
