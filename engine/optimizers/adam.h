// Adam (Kingma and Ba, "Adam: a method for stochastic optimization", 2015).
#pragma once

#include "engine/optimizers/optimizer.h"

namespace lanegrad {

struct AdamOptions {
  double learning_rate = 0.001;
  double beta1 = 0.9;       // 0 ≤ β1 < 1
  double beta2 = 0.999;     // 0 ≤ β2 < 1
  double epsilon = 1e-8;    // > 0
  double weight_decay = 0;  // added to the gradient: weight_decay · w
  // Whether, instead, each step multiplies the weights by 1 − learning_rate · weight_decay
  // (Loshchilov and Hutter, "Decoupled weight decay regularization", 2019).
  bool decoupled = false;
};

// Adam as in torch.optim.Adam: m = β1·m + (1−β1)·g; v = β2·v + (1−β2)·g²; w −= learning_rate · (m /
// (1−β1^t)) / (√(v / (1−β2^t)) + ε).
class Adam : public Optimizer {
 public:
  Adam(std::vector<Tensor> tensors, const AdamOptions& options);
  std::string_view kind() const override { return options_.decoupled ? "AdamW" : "Adam"; }
  void step() override;
  OptimizerOptions options() const override;
  std::vector<StateEntry> state(std::span<const std::string> names) override;

 private:
  AdamOptions options_;
  // The state has one entry per tensor.
  std::vector<NdArray> first_moments_;   // m
  std::vector<NdArray> second_moments_;  // v
  std::vector<std::int64_t> steps_;      // t
};

// The default weight decay of AdamW.
inline constexpr double kAdamWDecay = 0.01;

// Adam with decoupled weight decay, as torch.optim.AdamW.
class AdamW final : public Adam {
 public:
  AdamW(std::vector<Tensor> tensors, AdamOptions options = {.weight_decay = kAdamWDecay})
      : Adam(std::move(tensors), decouple(options)) {}

 private:
  static AdamOptions decouple(AdamOptions options) {
    options.decoupled = true;
    return options;
  }
};

}  // namespace lanegrad
