// The mask of dropout.
#include "engine/layers/dropout.h"

#include <cmath>

#include "engine/core/range.h"
#include "engine/tensor/arithmetic.h"

namespace lanegrad {

Dropout::Dropout(double rate, std::uint64_t seed) : rate_(rate), random_(seed, streams::kDropout) {
  check_number("dropout", "rate", rate, kExactlyBelowOne);
}

Tensor Dropout::compute(const Tensor& x) {
  if (!training() || rate_ == 0) return x;
  NdArray mask = NdArray::uninitialized(x.shape());
  Real* out = mask.mutable_data();
  const auto kept = static_cast<Real>(1 / (1 - rate_));
  const auto limit = static_cast<std::uint32_t>(std::ldexp(rate_, 32));
  for (Index i = 0; i < mask.size(); ++i) out[i] = random_.bits() < limit ? 0 : kept;
  return mul(x, Tensor(std::move(mask)));
}

}  // namespace lanegrad
