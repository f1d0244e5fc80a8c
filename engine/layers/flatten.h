// Flatten: turns each sample into one row of numbers.
#pragma once

#include "engine/layers/layer.h"

namespace lanegrad {

class Flatten : public Layer {
 public:
  std::string_view kind() const override { return "Flatten"; }
  Tensor compute(const Tensor& x) override;  // x: [N, …] -> [N, product of the rest]
};

}  // namespace lanegrad
