// The matrix product of tensors.
#pragma once

#include "engine/tensor/tensor.h"

namespace lanegrad {

// a: [M, K], b: [K, N] -> [M, N]. da = dy · bᵀ, db = aᵀ · dy.
Tensor matmul(const Tensor& a, const Tensor& b);

}  // namespace lanegrad
