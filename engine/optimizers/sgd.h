// Stochastic gradient descent.
#pragma once

#include "engine/optimizers/optimizer.h"

namespace lanegrad {

struct SgdOptions {
  double learning_rate = 0.01;
  double momentum = 0;      // 0 ≤ momentum < 1
  double weight_decay = 0;  // added to the gradient: weight_decay · w
  // Whether the step looks ahead; needs a momentum above 0.
  bool nesterov = false;
};

// SGD as in torch.optim.SGD: v = momentum · v + g; w −= learning_rate · v or, with Nesterov's
// momentum (Sutskever et al. 2013), learning_rate · (g + momentum · v).
class SGD : public Optimizer {
 public:
  SGD(std::vector<Tensor> tensors, const SgdOptions& options);
  std::string_view kind() const override { return "SGD"; }
  void step() override;
  OptimizerOptions options() const override;
  std::vector<StateEntry> state(std::span<const std::string> names) override;

 private:
  SgdOptions options_;
  // One velocity per tensor; empty where momentum is 0.
  std::vector<NdArray> velocities_;
};

}  // namespace lanegrad
