// Dropout: leaves out a part of the numbers while training (Srivastava et al. 2014).
#pragma once

#include "engine/core/random.h"
#include "engine/layers/layer.h"

namespace lanegrad {

class Dropout final : public Layer {
 public:
  // In each forward pass, each number becomes 0 with the probability `rate` and is divided by 1 −
  // rate otherwise. Throws InvalidArgument unless 0 ≤ rate < 1.
  Dropout(double rate, std::uint64_t seed);
  std::string_view kind() const override { return "Dropout"; }
  // Outside of training, the result is x itself.
  Tensor compute(const Tensor& x) override;
  Random* random() override { return &random_; }

 private:
  double rate_;
  Random random_;
};

}  // namespace lanegrad
