// Mean squared error.
#pragma once

#include "engine/tensor/tensor.h"

namespace lanegrad {

class MSE {
 public:
  // L = Σ(ŷ − y)² / (2·|y|), |y| = number of elements of y; a scalar. Both of the same shape.
  Tensor forward(const Tensor& prediction, const Tensor& target) const;
};

}  // namespace lanegrad
