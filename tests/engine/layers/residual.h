// A block of a residual net (He et al. 2015), as a user of the engine writes one: y = relu(c(x) +
// x) with a convolution c that keeps the shape.
#pragma once

#include "engine/layers/conv2d.h"
#include "engine/tensor/arithmetic.h"
#include "engine/tensor/functions.h"

namespace lanegrad::test {

class ResidualBlock : public Layer {
 public:
  ResidualBlock(Index channels, Random& random)
      : conv_(channels, channels, 3, random, {.stride = 1, .padding = 1}) {}
  std::string_view kind() const override { return "ResidualBlock"; }
  Tensor compute(const Tensor& x) override { return relu(conv_.compute(x) + x); }
  std::vector<NamedTensor> named_tensors() const override { return conv_.named_tensors(); }

 private:
  Conv2D conv_;
};

}  // namespace lanegrad::test
