// Matrix product, bias and ReLU as one operation, which nets run in place of three layers.
#pragma once

#include "engine/tensor/tensor.h"

namespace lanegrad {

// relu(x · weight + bias), with the same bits as the three operations one after the other; the ReLU
// is left out where `relu` is false. x: [N, I], weight: [I, O], bias: [O] or undefined for none ->
// [N, O].
Tensor dense(const Tensor& x, const Tensor& weight, const Tensor& bias, bool relu);

}  // namespace lanegrad
