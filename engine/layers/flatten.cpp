// The shape of a row.
#include "engine/layers/flatten.h"

#include "engine/core/error.h"
#include "engine/tensor/reshape.h"

namespace lanegrad {

Tensor Flatten::compute(const Tensor& x) {
  if (x.shape().rank() < 1)
    fail(ErrorCode::ShapeMismatch, "flatten: input ", x.shape(), ", expected [N, …]");
  Index numbers = 1;
  for (int axis = 1; axis < x.shape().rank(); ++axis) numbers *= x.shape()[axis];
  return reshape(x, {x.shape()[0], numbers});
}

}  // namespace lanegrad
