// Batch normalisation and its gradients.
#pragma once

#include "engine/ndarray/ndarray.h"

namespace lanegrad {

// y = (x − mean) / √(variance + epsilon) · weight + bias for each channel of x: [N, C] or
// [N, C, H, W], weight and bias: [C] (Ioffe and Szegedy 2015), as torch.nn.functional.batch_norm.
// statistics: [2, C], the means and the variances. `batch_norm_training` takes those of x, the
// variance being the mean of (x − mean)², and puts them there; `batch_norm` is given them. Throws
// ShapeMismatch where shapes disagree and, in training, InvalidArgument where a channel has fewer
// than two values.
NdArray batch_norm_training(const NdArray& x, const NdArray& weight, const NdArray& bias,
                            double epsilon, NdArray& statistics);
NdArray batch_norm(const NdArray& x, const NdArray& weight, const NdArray& bias,
                   const NdArray& statistics, double epsilon);

struct BatchNormGradients {
  NdArray dx;       // of x's shape; no elements unless it was wanted
  NdArray dweight;  // [C]
  NdArray dbias;    // [C]
};

// Of a result with gradient dy. `training` tells whether the statistics were those of x.
BatchNormGradients batch_norm_backward(const NdArray& x, const NdArray& weight,
                                       const NdArray& statistics, double epsilon, bool training,
                                       const NdArray& dy, bool wants_dx);

}  // namespace lanegrad
