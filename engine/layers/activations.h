// Layers that apply a function to each element, or to each row, and have no weights.
#pragma once

#include "engine/layers/layer.h"
#include "engine/ndarray/arithmetic.h"

namespace lanegrad {

// A function of the table in engine/kernels/unary.h, element by element.
class Activation : public Layer {
 public:
  std::string_view kind() const final;
  Fusable fusable() const final;
  Tensor compute(const Tensor& x) final;

 protected:
  explicit Activation(kernels::Unary function) : function_(function) {}

 private:
  kernels::Unary function_;
};

// The layers of that table: ReLU(), GELU(), …
#define LANEGRAD_LAYER(Function, name, value, gradient, Kind, ...) \
  class Kind final : public Activation {                           \
   public:                                                         \
    Kind() : Activation(kernels::Unary::Function) {}               \
  };
LANEGRAD_ACTIVATIONS(LANEGRAD_LAYER)
#undef LANEGRAD_LAYER

class LeakyReLU : public Layer {
 public:
  // Throws InvalidArgument unless the slope is finite.
  explicit LeakyReLU(double slope = 0.01);
  std::string_view kind() const override { return "LeakyReLU"; }
  Tensor compute(const Tensor& x) override;  // x where positive, else slope · x

 private:
  double slope_;
};

// Softmax is for nets whose output is used as probabilities. The loss SoftmaxCrossEntropy takes the
// numbers before it, so a net that is trained with that loss needs no Softmax.
class Softmax : public Layer {
 public:
  std::string_view kind() const override { return "Softmax"; }
  Tensor compute(const Tensor& x) override;  // exp(x) / Σ exp(x) over the last axis
};

}  // namespace lanegrad
