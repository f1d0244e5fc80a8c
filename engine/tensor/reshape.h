// The same elements in another shape or order.
#pragma once

#include "engine/tensor/tensor.h"

namespace lanegrad {

Tensor reshape(const Tensor& x, const Shape& shape);                // same number of elements
Tensor transpose(const Tensor& x, int axis0 = -2, int axis1 = -1);  // swaps two axes

}  // namespace lanegrad
