// Conv2D: filters that slide over images, each with a bias unless the layer has none.
#pragma once

#include "engine/layers/init.h"
#include "engine/layers/layer.h"
#include "engine/tensor/conv.h"

namespace lanegrad {

class Conv2D final : public Layer {
 public:
  // Makes `outputs` filters of kernel × kernel pixels and `inputs` channels. Throws InvalidArgument
  // unless all extents are at least 1; conv2d checks stride and padding.
  Conv2D(Index inputs, Index outputs, Index kernel, Random& random, ConvOptions options = {},
         Init init = Init::KaimingUniform, bool bias = true);
  std::string_view kind() const override { return "Conv2D"; }
  Fusable fusable() const override { return Fusable::Conv2D; }
  Tensor compute(const Tensor& x) override;  // x: [N, C, H, W] -> [N, O, OH, OW], see conv2d
  std::vector<NamedTensor> named_tensors() const override;
  double multiply_adds(const Shape& y) const override {
    return static_cast<double>(y[0] * y[2] * y[3]) * static_cast<double>(weight_.size());
  }
  const Tensor& weight() const { return weight_; }  // [O, C, K, K]
  const Tensor& bias() const { return bias_; }      // [O], 0 at first; undefined without a bias
  const ConvOptions& options() const { return options_; }

 private:
  Tensor weight_;
  Tensor bias_;
  ConvOptions options_;
};

}  // namespace lanegrad
