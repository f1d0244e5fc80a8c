// Variances of initial weights.
#include "engine/layers/init.h"

#include <cmath>

#include "engine/core/error.h"

namespace lanegrad {

NdArray init_weights(Init init, Index inputs, Index outputs, Random& random) {
  if (inputs < 1 || outputs < 1)
    fail(ErrorCode::InvalidArgument, "weights: ", inputs, " inputs and ", outputs,
         " outputs, expected at least 1 of each");
  const bool kaiming = init == Init::KaimingUniform || init == Init::KaimingNormal;
  const double fan_in = static_cast<double>(inputs);
  const double fan_sum = fan_in + static_cast<double>(outputs);
  const double variance = 2 / (kaiming ? fan_in : fan_sum);
  const Shape shape{inputs, outputs};
  if (init == Init::KaimingNormal || init == Init::XavierNormal) {
    return NdArray::normal(shape, 0, static_cast<Real>(std::sqrt(variance)), random);
  }
  const auto bound = static_cast<Real>(std::sqrt(3 * variance));
  return NdArray::uniform(shape, -bound, bound, random);
}

}  // namespace lanegrad
