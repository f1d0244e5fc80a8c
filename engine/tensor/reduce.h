// Sums, means and maxima of tensors, over all elements or over one axis (removed, or kept with
// extent 1). The gradient of a maximum goes to the first largest element.
#pragma once

#include "engine/tensor/tensor.h"

namespace lanegrad {

Tensor sum(const Tensor& x);
Tensor mean(const Tensor& x);
Tensor max(const Tensor& x);
Tensor sum(const Tensor& x, int axis, bool keepdims = false);
Tensor mean(const Tensor& x, int axis, bool keepdims = false);
Tensor max(const Tensor& x, int axis, bool keepdims = false);

}  // namespace lanegrad
