// Batch normalisation and its gradients.
#pragma once

#include "engine/ndarray/ndarray.h"

namespace lanegrad {

// y = (x − mean) / √(variance + epsilon) · weight + bias for each channel of x: [N, C] or [N, C, H,
// W], with weight and bias: [C] (Ioffe and Szegedy 2015), as torch.nn.functional.batch_norm.
// statistics: [2, C] holds the means and the variances. `batch_norm_training` computes them from x,
// the variance being the mean of (x − mean)², and writes them there; `batch_norm` reads them.
// Throws ShapeMismatch where shapes disagree and, in training, InvalidArgument where a channel has
// fewer than two values.
NdArray batch_norm_training(const NdArray& x, const NdArray& weight, const NdArray& bias,
                            double epsilon, NdArray& statistics);
NdArray batch_norm(const NdArray& x, const NdArray& weight, const NdArray& bias,
                   const NdArray& statistics, double epsilon);

struct BatchNormGradients {
  NdArray dx;       // of x's shape; no elements unless it was wanted
  NdArray dweight;  // [C]
  NdArray dbias;    // [C]
};

// The gradients of batch normalisation, given the gradient dy of its result. `training` tells
// whether the statistics were computed from x.
BatchNormGradients batch_norm_backward(const NdArray& x, const NdArray& weight,
                                       const NdArray& statistics, double epsilon, bool training,
                                       const NdArray& dy, bool wants_dx);

}  // namespace lanegrad
