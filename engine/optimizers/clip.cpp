// Clipping: one norm over all gradients, then one multiplication.
#include "engine/optimizers/clip.h"

#include <cmath>
#include <limits>

#include "engine/core/range.h"
#include "engine/ndarray/reduce.h"

namespace lanegrad {

double clip_gradients(std::span<const Tensor> tensors, double max_norm) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  check_number("clip gradients", "norm", max_norm, Range{"one above 0", 0, kInfinity, false, true});
  double squares = 0;
  for (const Tensor& tensor : tensors) {
    if (tensor.grad()) squares += sum_of_squares(*tensor.grad());
  }
  const double norm = std::sqrt(squares);
  if (!(norm > max_norm) || !std::isfinite(norm)) return norm;
  const auto factor = static_cast<Real>(max_norm / norm);
  for (const Tensor& tensor : tensors) tensor.scale_grad(factor);
  return norm;
}

}  // namespace lanegrad
