// The initial weights and the forward of a convolution.
#include "engine/layers/conv2d.h"

#include "engine/core/error.h"

namespace lanegrad {

namespace {

NdArray initial_filters(Index inputs, Index outputs, Index kernel, Random& random, Init init) {
  if (inputs < 1 || outputs < 1 || kernel < 1)
    fail(ErrorCode::InvalidArgument, "conv2d: ", inputs, " input channels, ", outputs,
         " filters of ", kernel, "×", kernel, ", expected at least 1 of each");
  return init_weights(init, inputs * kernel * kernel, outputs, random)
      .reshape({outputs, inputs, kernel, kernel});
}

}  // namespace

Conv2D::Conv2D(Index inputs, Index outputs, Index kernel, Random& random, ConvOptions options,
               Init init, bool bias)
    : weight_(initial_filters(inputs, outputs, kernel, random, init), true), options_(options) {
  if (bias) bias_ = Tensor(NdArray::zeros({outputs}), true);
  if (options.stride < 1 || options.padding < 0)
    fail(ErrorCode::InvalidArgument, "conv2d: stride ", options.stride, " and padding ",
         options.padding, ", expected at least 1 and 0");
}

std::vector<NamedTensor> Conv2D::named_tensors() const {
  if (!bias_.defined()) return {{"weight", weight_}};
  return {{"weight", weight_}, {"bias", bias_}};
}

Tensor Conv2D::compute(const Tensor& x) { return conv2d(x, weight_, bias_, options_); }

}  // namespace lanegrad
