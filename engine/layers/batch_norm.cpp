// Batch normalisation with its running averages.
#include "engine/layers/batch_norm.h"

#include <algorithm>

#include "engine/core/error.h"
#include "engine/core/range.h"
#include "engine/tensor/batch_norm.h"

namespace lanegrad {

namespace {

NdArray initial(Index features, Real value) {
  if (features < 1)
    fail(ErrorCode::InvalidArgument, "batch_norm: ", features, " features, expected at least 1");
  return NdArray::full({features}, value);
}

// Moves the average towards the value: average += momentum · (value · correction − average).
void follow(Tensor& average, const Real* values, double correction, double momentum) {
  Real* out = average.mutable_data();
  for (Index i = 0; i < average.size(); ++i) {
    out[i] = static_cast<Real>((1 - momentum) * out[i] + momentum * correction * values[i]);
  }
}

}  // namespace

BatchNorm::BatchNorm(Index features, Options options)
    : weight_(initial(features, 1), true),
      bias_(initial(features, 0), true),
      running_mean_(initial(features, 0)),
      running_var_(initial(features, 1)),
      options_(options) {
  check_number("batch_norm", "momentum", options.momentum, kShare);
  check_number("batch_norm", "epsilon", options.epsilon, kPositive);
}

Tensor BatchNorm::compute(const Tensor& x) {
  const Index features = weight_.size();
  const Shape& shape = x.shape();
  if (!((shape.rank() == 2 || shape.rank() == 4) && shape[1] == features))
    fail(ErrorCode::ShapeMismatch, "batch_norm: input ", shape, " for ", features,
         " features, expected [N, ", features, "] or [N, ", features, ", H, W]");
  if (!training()) {
    NdArray statistics = NdArray::uninitialized({2, features});
    Real* out = statistics.mutable_data();
    std::copy_n(running_mean_.data().data(), features, out);
    std::copy_n(running_var_.data().data(), features, out + features);
    return batch_norm(x, weight_, bias_, statistics, options_.epsilon);
  }
  NdArray statistics;
  Tensor y = batch_norm(x, weight_, bias_, options_.epsilon, &statistics);
  // The variance of a sample is too small on average, by the factor (count − 1) / count.
  const auto count = static_cast<double>(x.size() / features);
  follow(running_mean_, statistics.data(), 1, options_.momentum);
  follow(running_var_, statistics.data() + features, count / (count - 1), options_.momentum);
  return y;
}

}  // namespace lanegrad
