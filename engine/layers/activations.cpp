// Activations are one tensor function each.
#include "engine/layers/activations.h"

#include <cmath>

#include "engine/core/error.h"
#include "engine/tensor/functions.h"
#include "engine/tensor/softmax.h"

namespace lanegrad {

Tensor ReLU::compute(const Tensor& x) { return relu(x); }

LeakyReLU::LeakyReLU(double slope) : slope_(slope) {
  if (!std::isfinite(slope))
    fail(ErrorCode::InvalidArgument, "leaky_relu: slope ", slope, ", expected a finite number");
}

Tensor LeakyReLU::compute(const Tensor& x) { return leaky_relu(x, slope_); }

Tensor GELU::compute(const Tensor& x) { return gelu(x); }

Tensor Sigmoid::compute(const Tensor& x) { return sigmoid(x); }

Tensor Tanh::compute(const Tensor& x) { return tanh(x); }

Tensor Softmax::compute(const Tensor& x) { return softmax(x); }

}  // namespace lanegrad
