// A bias is added to every row of a batch.
#include "engine/layers/bias.h"

#include "engine/core/error.h"
#include "engine/tensor/arithmetic.h"

namespace lanegrad {

namespace {

NdArray initial_bias(Index outputs) {
  if (outputs < 1)
    fail(ErrorCode::InvalidArgument, "bias: ", outputs, " outputs, expected at least 1");
  return NdArray::zeros({outputs});
}

}  // namespace

Bias::Bias(Index outputs) : bias_(initial_bias(outputs), true) {}

Tensor Bias::compute(const Tensor& x) {
  if (!(x.shape().rank() == 2 && x.shape()[1] == bias_.size()))
    fail(ErrorCode::ShapeMismatch, "bias: input ", x.shape(), " and bias ", bias_.shape(),
         " do not add, expected input [N, ", bias_.size(), "]");
  return add(x, bias_);
}

}  // namespace lanegrad
