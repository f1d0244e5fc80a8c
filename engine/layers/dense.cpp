// The checked matrix product of a layer.
#include "engine/layers/dense.h"

#include "engine/core/error.h"
#include "engine/tensor/matmul.h"

namespace lanegrad {

Dense::Dense(Index inputs, Index outputs, Random& random, Init init)
    : weight_(init_weights(init, inputs, outputs, random), true) {}

Tensor Dense::compute(const Tensor& x) {
  if (!(x.shape().rank() == 2 && x.shape()[1] == weight_.shape()[0]))
    fail(ErrorCode::ShapeMismatch, "dense: input ", x.shape(), " and weight ", weight_.shape(),
         " do not multiply, expected input [N, ", weight_.shape()[0], "]");
  return matmul(x, weight_);
}

}  // namespace lanegrad
