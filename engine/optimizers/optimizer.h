// The base class of optimizers: they hold the tensors to train and change them by their gradients.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/state.h"
#include "engine/tensor/tensor.h"

namespace lanegrad {

struct OptimizerOptions;  // in catalog.h

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
  // Throws as check_learning_rate.
  void set_learning_rate(double learning_rate);
  // Throws InvalidArgument unless the rate is finite, as a float too, and at least 0.
  static void check_learning_rate(double learning_rate);
  const std::vector<Tensor>& tensors() const { return tensors_; }
  // The settings it has, all of them with their values; the others are left out.
  virtual OptimizerOptions options() const = 0;

  // What the steps so far have left behind beside the tensors and the learning rate. `names` are
  // those of the tensors: an entry is called "velocity.dense1.weight".
  virtual std::vector<StateEntry> state(std::span<const std::string> names) = 0;

 protected:
  // Tensors must be leaves, else InvalidArgument.
  Optimizer(std::vector<Tensor> tensors, double learning_rate);

  // An entry for each array, which belong to the tensors of these names.
  static void append_state(std::vector<StateEntry>& out, std::string_view what,
                           std::span<const std::string> names, std::span<NdArray> arrays);

  std::vector<Tensor> tensors_;

 private:
  double learning_rate_ = 0;
};

}  // namespace lanegrad
