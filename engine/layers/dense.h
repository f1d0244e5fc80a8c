// Dense: the matrix product of the input with the weights. The bias is a layer of its own.
#pragma once

#include "engine/layers/init.h"
#include "engine/layers/layer.h"

namespace lanegrad {

class Dense final : public Layer {
 public:
  Dense(Index inputs, Index outputs, Random& random, Init init = Init::KaimingUniform);
  std::string_view kind() const override { return "Dense"; }
  Fusable fusable() const override { return Fusable::Dense; }
  Tensor compute(const Tensor& x) override;  // x: [N, I] -> [N, O]
  std::vector<NamedTensor> named_tensors() const override { return {{"weight", weight_}}; }
  double multiply_adds(const Shape& y) const override {
    return static_cast<double>(y[0]) * static_cast<double>(weight_.size());
  }
  const Tensor& weight() const { return weight_; }  // [I, O]

 private:
  Tensor weight_;
};

}  // namespace lanegrad
