// Layers that apply a function to each element, or to each row, and have no weights.
#pragma once

#include "engine/layers/layer.h"

namespace lanegrad {

class ReLU final : public Layer {
 public:
  std::string_view kind() const override { return "ReLU"; }
  Fusable fusable() const override { return Fusable::ReLU; }
  Tensor compute(const Tensor& x) override;  // max(x, 0)
};

class LeakyReLU : public Layer {
 public:
  // Throws InvalidArgument unless the slope is finite.
  explicit LeakyReLU(double slope = 0.01);
  std::string_view kind() const override { return "LeakyReLU"; }
  Tensor compute(const Tensor& x) override;  // x where positive, else slope · x

 private:
  double slope_;
};

class GELU : public Layer {
 public:
  std::string_view kind() const override { return "GELU"; }
  Tensor compute(const Tensor& x) override;  // x · Φ(x), Φ the normal distribution's function
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

// Softmax is for nets whose output is used as probabilities. The loss SoftmaxCrossEntropy takes the
// numbers before it, so a net that is trained with that loss needs no Softmax.
class Softmax : public Layer {
 public:
  std::string_view kind() const override { return "Softmax"; }
  Tensor compute(const Tensor& x) override;  // exp(x) / Σ exp(x) over the last axis
};

}  // namespace lanegrad
