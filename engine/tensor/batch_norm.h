// Batch normalisation.
#pragma once

#include "engine/tensor/tensor.h"

namespace lanegrad {

// Each channel of x: [N, C] or [N, C, H, W] less its mean, divided by √(variance + epsilon), times
// weight: [C], plus bias: [C]. The mean and the variance are the batch's own and are written to
// `statistics`: [2, C] where that is not null. Throws what NdArray's batch_norm_training throws.
Tensor batch_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, double epsilon = 1e-5,
                  NdArray* statistics = nullptr);

// Each channel of x: [N, C] or [N, C, H, W] less its mean, divided by √(variance + epsilon), times
// weight: [C], plus bias: [C], with given means and variances, statistics: [2, C]. Throws
// ShapeMismatch where shapes disagree.
Tensor batch_norm(const Tensor& x, const Tensor& weight, const Tensor& bias,
                  const NdArray& statistics, double epsilon = 1e-5);

}  // namespace lanegrad
