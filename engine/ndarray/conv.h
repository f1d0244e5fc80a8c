// Convolution of images and its gradients.
#pragma once

#include "engine/ndarray/matmul.h"
#include "engine/ndarray/ndarray.h"

namespace lanegrad {

struct ConvOptions {
  Index stride = 1;   // pixels from one place of the filter to the next, both ways
  Index padding = 0;  // rows and columns of 0 around each image
};

// Convolution as deep learning calls it (the filters are not mirrored), as
// torch.nn.functional.conv2d: x: [N, C, H, W], filters: [O, C, KH, KW], bias: [O] -> [N, O, OH, OW]
// with OH = ⌊(H + 2 · padding − KH) / stride⌋ + 1, OW likewise. Throws ShapeMismatch where channels
// or bias disagree, InvalidArgument where the filter is larger than the padded image, the stride is
// below 1 or the padding below 0.
NdArray conv2d(const NdArray& x, const NdArray& filters, ConvOptions options = {},
               Epilogue epilogue = {});

// Of the result dy of conv2d: the gradients of its filters and of its input, which had these
// shapes.
NdArray conv2d_filter_gradient(const NdArray& x, const NdArray& dy, const Shape& filters,
                               ConvOptions options);
NdArray conv2d_input_gradient(const NdArray& filters, const NdArray& dy, const Shape& x,
                              ConvOptions options);

}  // namespace lanegrad
