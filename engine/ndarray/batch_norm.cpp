// Batch normalisation of arrays: checks shapes, then calls the kernels.
#include "engine/ndarray/batch_norm.h"

#include "engine/core/error.h"
#include "engine/kernels/kernels.h"

namespace lanegrad {

namespace {

kernels::BatchNorm normalization(const Shape& x, double epsilon, bool training) {
  const bool images = x.rank() == 4;
  return {x[0], x[1], images ? x[2] * x[3] : 1, static_cast<Real>(epsilon), training};
}

void require_shapes(const NdArray& x, const NdArray& weight, const NdArray& bias) {
  if (x.rank() != 2 && x.rank() != 4)
    fail(ErrorCode::ShapeMismatch, "batch_norm: input ", x.shape(),
         ", expected [N, C] or [N, C, H, W]");
  const Shape channels{x.shape()[1]};
  if (weight.shape() != channels || bias.shape() != channels)
    fail(ErrorCode::ShapeMismatch, "batch_norm: weight ", weight.shape(), " and bias ",
         bias.shape(), " for input ", x.shape(), ", expected ", channels, " each");
}

}  // namespace

NdArray batch_norm_training(const NdArray& x, const NdArray& weight, const NdArray& bias,
                            double epsilon, NdArray& statistics) {
  require_shapes(x, weight, bias);
  const kernels::BatchNorm b = normalization(x.shape(), epsilon, true);
  if (b.n * b.size < 2)
    fail(ErrorCode::InvalidArgument, "batch_norm: input ", x.shape(), " has ", b.n * b.size,
         b.n * b.size == 1 ? " value" : " values",
         " for each channel, expected at least 2 in training");
  statistics = NdArray::uninitialized({2, b.channels});
  NdArray y = NdArray::uninitialized(x.shape());
  Real* mean = statistics.mutable_data();
  kernels::batch_norm(b, x.data(), weight.data(), bias.data(), mean, mean + b.channels,
                      y.mutable_data());
  return y;
}

NdArray batch_norm(const NdArray& x, const NdArray& weight, const NdArray& bias,
                   const NdArray& statistics, double epsilon) {
  require_shapes(x, weight, bias);
  const kernels::BatchNorm b = normalization(x.shape(), epsilon, false);
  if (statistics.shape() != Shape{2, b.channels})
    fail(ErrorCode::ShapeMismatch, "batch_norm: statistics ", statistics.shape(), " for input ",
         x.shape(), ", expected [2, ", b.channels, "]");
  NdArray y = NdArray::uninitialized(x.shape());
  NdArray own = statistics;  // the kernel may write to them, in training
  Real* mean = own.mutable_data();
  kernels::batch_norm(b, x.data(), weight.data(), bias.data(), mean, mean + b.channels,
                      y.mutable_data());
  return y;
}

BatchNormGradients batch_norm_backward(const NdArray& x, const NdArray& weight,
                                       const NdArray& statistics, double epsilon, bool training,
                                       const NdArray& dy, bool wants_dx) {
  const kernels::BatchNorm b = normalization(x.shape(), epsilon, training);
  BatchNormGradients gradients;
  if (wants_dx) gradients.dx = NdArray::uninitialized(x.shape());
  gradients.dweight = NdArray::uninitialized(weight.shape());
  gradients.dbias = NdArray::uninitialized(weight.shape());
  const Real* mean = statistics.data();
  kernels::batch_norm_backward(b, x.data(), weight.data(), mean, mean + b.channels, dy.data(),
                               wants_dx ? gradients.dx.mutable_data() : nullptr,
                               gradients.dweight.mutable_data(), gradients.dbias.mutable_data());
  return gradients;
}

}  // namespace lanegrad
