// Stochastic gradient descent.
#pragma once

#include "engine/optimizers/optimizer.h"

namespace lanegrad {

// SGD as in torch.optim.SGD: v = momentum · v + g; w −= learning_rate · v or, with Nesterov's
// momentum (Sutskever et al. 2013), learning_rate · (g + momentum · v).
class SGD : public Optimizer {
 public:
  SGD(std::vector<Tensor> tensors, const OptimizerOptions& options = {});
  // The rows of the settings that only SGD has.
  static std::vector<Setting> settings(OptimizerOptions& options);
  std::string_view kind() const override { return "SGD"; }
  void step() override;
  std::vector<StateEntry> state(std::span<const std::string> names) override;

 private:
  // One velocity per tensor; empty where momentum is 0.
  std::vector<NdArray> velocities_;
};

}  // namespace lanegrad
