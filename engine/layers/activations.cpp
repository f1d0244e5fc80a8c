// Activations are one tensor function each.
#include "engine/layers/activations.h"

#include "engine/tensor/functions.h"

namespace lanegrad {

Tensor ReLU::compute(const Tensor& x) { return relu(x); }

Tensor Sigmoid::compute(const Tensor& x) { return sigmoid(x); }

Tensor Tanh::compute(const Tensor& x) { return tanh(x); }

}  // namespace lanegrad
