// Adam (Kingma and Ba, "Adam: a method for stochastic optimization", 2015).
#pragma once

#include <utility>
#include <vector>

#include "engine/optimizers/optimizer.h"

namespace lanegrad {

// Adam as in torch.optim.Adam: m = β1·m + (1−β1)·g; v = β2·v + (1−β2)·g²; w −= learning_rate · (m /
// (1−β1^t)) / (√(v / (1−β2^t)) + ε).
class Adam : public Optimizer {
 public:
  Adam(std::vector<Tensor> tensors, const OptimizerOptions& options = {})
      : Adam(std::move(tensors), options, false) {}
  // The rows of the settings that only Adam and AdamW have.
  static std::vector<Setting> settings(OptimizerOptions& options);
  std::string_view kind() const override { return decoupled_ ? "AdamW" : "Adam"; }
  void step() override;
  std::vector<StateEntry> state(std::span<const std::string> names) override;

 protected:
  Adam(std::vector<Tensor> tensors, const OptimizerOptions& options, bool decoupled);

 private:
  bool decoupled_;
  // The state has one entry per tensor.
  std::vector<NdArray> first_moments_;   // m
  std::vector<NdArray> second_moments_;  // v
  std::vector<std::int64_t> steps_;      // t
};

// Adam with decoupled weight decay (Loshchilov and Hutter, "Decoupled weight decay regularization",
// 2019), as torch.optim.AdamW.
class AdamW final : public Adam {
 public:
  AdamW(std::vector<Tensor> tensors, const OptimizerOptions& options = {})
      : Adam(std::move(tensors), options, true) {}
};

}  // namespace lanegrad
