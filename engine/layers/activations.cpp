// The activations; each is one tensor function.
#include "engine/layers/activations.h"

#include "engine/core/range.h"
#include "engine/tensor/functions.h"
#include "engine/tensor/softmax.h"

namespace lanegrad {

Tensor ReLU::compute(const Tensor& x) { return relu(x); }

LeakyReLU::LeakyReLU(double slope) : slope_(slope) {
  check_number("leaky_relu", "slope", slope, kFinite);
}

Tensor LeakyReLU::compute(const Tensor& x) { return leaky_relu(x, slope_); }

Tensor GELU::compute(const Tensor& x) { return gelu(x); }

Tensor Sigmoid::compute(const Tensor& x) { return sigmoid(x); }

Tensor Tanh::compute(const Tensor& x) { return tanh(x); }

Tensor Softmax::compute(const Tensor& x) { return softmax(x); }

}  // namespace lanegrad
