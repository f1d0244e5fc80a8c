// The base class of optimizers: they hold the tensors to train and change them by their gradients.
#pragma once

#include <string_view>
#include <vector>

#include "engine/tensor/tensor.h"

namespace lanegrad {

class Optimizer {
 public:
  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;
  virtual ~Optimizer() = default;

  virtual std::string_view kind() const = 0;  // "Adam"

  // One update of every tensor that has a gradient.
  virtual void step() = 0;
  void zero_grad();

  double learning_rate() const { return learning_rate_; }
  void set_learning_rate(double learning_rate);  // finite and at least 0, else InvalidArgument
  const std::vector<Tensor>& tensors() const { return tensors_; }

 protected:
  // Tensors must be leaves, else InvalidArgument.
  Optimizer(std::vector<Tensor> tensors, double learning_rate);

  std::vector<Tensor> tensors_;

 private:
  double learning_rate_ = 0;
};

}  // namespace lanegrad
