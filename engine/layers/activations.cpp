// The activations; each is one tensor function.
#include "engine/layers/activations.h"

#include "engine/core/range.h"
#include "engine/tensor/functions.h"
#include "engine/tensor/softmax.h"

namespace lanegrad {

std::string_view Activation::kind() const {
  switch (function_) {
#define LANEGRAD_CASE(Function, name, value, gradient, Kind, ...) \
  case kernels::Unary::Function:                                  \
    return #Kind;
    LANEGRAD_ACTIVATIONS(LANEGRAD_CASE)
#undef LANEGRAD_CASE
    default:
      return "";
  }
}

Fusable Activation::fusable() const {
  return function_ == kernels::Unary::Relu ? Fusable::ReLU : Fusable::No;
}

Tensor Activation::compute(const Tensor& x) { return unary(function_, x); }

LeakyReLU::LeakyReLU(double slope) : slope_(slope) {
  check_number("leaky_relu", "slope", slope, kFinite);
}

Tensor LeakyReLU::compute(const Tensor& x) { return leaky_relu(x, slope_); }

Tensor Softmax::compute(const Tensor& x) { return softmax(x); }

}  // namespace lanegrad
