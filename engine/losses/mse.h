// Mean squared error, halved.
#pragma once

#include "engine/tensor/tensor.h"

namespace lanegrad {

class MSE {
 public:
  // L = Σ(ŷ − y)² / (2 · |y|), a scalar, where |y| is the number of elements of y. This is half of
  // PyTorch's mse_loss. Throws ShapeMismatch unless both have the same shape.
  Tensor forward(const Tensor& prediction, const Tensor& target) const;
};

}  // namespace lanegrad
