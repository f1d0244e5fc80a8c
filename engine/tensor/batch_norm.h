// Batch normalisation.
#pragma once

#include "engine/tensor/tensor.h"

namespace lanegrad {

// Each channel of x: [N, C] or [N, C, H, W] less its mean, divided by √(variance + epsilon), times
// weight: [C], plus bias: [C]; the mean and the variance are the batch's own and go into
// `statistics`: [2, C] where that is not null. Errors as NdArray's batch_norm_training.
Tensor batch_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, double epsilon = 1e-5,
                  NdArray* statistics = nullptr);

// The same with given means and variances, statistics: [2, C].
Tensor batch_norm(const Tensor& x, const Tensor& weight, const Tensor& bias,
                  const NdArray& statistics, double epsilon = 1e-5);

}  // namespace lanegrad
