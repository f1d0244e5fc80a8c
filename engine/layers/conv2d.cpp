// The weights of a convolution.
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
               Init init)
    : weight_(initial_filters(inputs, outputs, kernel, random, init), true),
      bias_(NdArray::zeros({outputs}), true),
      options_(options) {
  if (options.stride < 1 || options.padding < 0)
    fail(ErrorCode::InvalidArgument, "conv2d: stride ", options.stride, " and padding ",
         options.padding, ", expected at least 1 and 0");
}

Tensor Conv2D::compute(const Tensor& x) { return conv2d(x, weight_, bias_, options_); }

}  // namespace lanegrad
