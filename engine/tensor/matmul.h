// The matrix product of tensors, alone or with bias and ReLU.
#pragma once

#include "engine/tensor/tensor.h"

namespace lanegrad {

// a: [M, K], b: [K, N] -> [M, N]. da = dy · bᵀ, db = aᵀ · dy. Where most of a is one number, only
// what differs is multiplied, see engine/ndarray/sparse.h.
Tensor matmul(const Tensor& a, const Tensor& b);

// relu(x · weight + bias) as one operation, which nets run in place of three layers, with the same
// bits as the three one after the other; the ReLU is left out where `relu` is false. x: [N, I],
// weight: [I, O], bias: [O] or undefined for none -> [N, O].
Tensor dense(const Tensor& x, const Tensor& weight, const Tensor& bias, bool relu);

}  // namespace lanegrad
