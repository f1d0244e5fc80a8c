// Matrix product, bias and ReLU as one operation: what nets run in the place of the three layers.
#pragma once

#include "engine/tensor/tensor.h"

namespace lanegrad {

// relu(x · weight + bias), the same bits as the three operations one after the other.
// x: [N, I], weight: [I, O], bias: [O] or undefined for none -> [N, O].
Tensor dense(const Tensor& x, const Tensor& weight, const Tensor& bias, bool relu);

}  // namespace lanegrad
