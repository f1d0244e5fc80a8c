// Layers that apply one function to each element and have no weights.
#pragma once

#include "engine/layers/layer.h"

namespace lanegrad {

class ReLU final : public Layer {
 public:
  std::string_view kind() const override { return "ReLU"; }
  Fusable fusable() const override { return Fusable::ReLU; }
  Tensor compute(const Tensor& x) override;  // max(x, 0)
};

class Sigmoid : public Layer {
 public:
  std::string_view kind() const override { return "Sigmoid"; }
  Tensor compute(const Tensor& x) override;  // 1 / (1 + exp(-x))
};

class Tanh : public Layer {
 public:
  std::string_view kind() const override { return "Tanh"; }
  Tensor compute(const Tensor& x) override;
};

}  // namespace lanegrad
