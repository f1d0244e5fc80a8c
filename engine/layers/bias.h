// Bias: adds one number per output, which is 0 at first.
#pragma once

#include "engine/layers/layer.h"

namespace lanegrad {

class Bias final : public Layer {
 public:
  explicit Bias(Index outputs);
  std::string_view kind() const override { return "Bias"; }
  Fusable fusable() const override { return Fusable::Bias; }
  Tensor compute(const Tensor& x) override;  // x: [N, O] -> [N, O]
  std::vector<NamedTensor> named_tensors() const override { return {{"bias", bias_}}; }
  const Tensor& bias() const { return bias_; }  // [O]

 private:
  Tensor bias_;
};

}  // namespace lanegrad
