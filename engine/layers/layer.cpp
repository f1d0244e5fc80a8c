// Keeps a layer's output, and goes backward from it.
#include "engine/layers/layer.h"

#include "engine/core/error.h"

namespace lanegrad {

Tensor Layer::forward(const Tensor& x) {
  Tensor y = compute(x);
  if (Context::current().grad_enabled()) last_output_ = y;
  return y;
}

void Layer::backward(const NdArray& dy) const {
  if (!last_output_.defined())
    fail(ErrorCode::InvalidState, "layer: backward of ", kind(),
         " before its first forward with gradients on");
  last_output_.backward(dy);
}

}  // namespace lanegrad
