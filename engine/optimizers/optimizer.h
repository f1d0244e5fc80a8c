// The base class of optimizers, which hold tensors and change them by their gradients.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/state.h"
#include "engine/tensor/tensor.h"

namespace lanegrad {

// See catalog.h.
struct OptimizerOptions;

class Optimizer {
 public:
  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;
  virtual ~Optimizer() = default;

  virtual std::string_view kind() const = 0;  // "Adam"

  // Updates every tensor that has a gradient.
  virtual void step() = 0;
  void zero_grad();

  double learning_rate() const { return learning_rate_; }
  // Sets the learning rate; throws what check_learning_rate throws.
  void set_learning_rate(double learning_rate);
  // Throws InvalidArgument unless the rate is finite, as a float too, and at least 0.
  static void check_learning_rate(double learning_rate);
  const std::vector<Tensor>& tensors() const { return tensors_; }
  // All settings that this optimizer has, with their values; those that it does not have are empty.
  virtual OptimizerOptions options() const = 0;

  // What the steps so far have left behind, beside the tensors and the learning rate. `names` are
  // the tensors' names: an entry is called "velocity.dense1.weight".
  virtual std::vector<StateEntry> state(std::span<const std::string> names) = 0;

 protected:
  // Throws InvalidArgument where a tensor is not a leaf.
  Optimizer(std::vector<Tensor> tensors, double learning_rate);

  // Appends an entry for each array; array i belongs to the tensor of name i.
  static void append_state(std::vector<StateEntry>& out, std::string_view what,
                           std::span<const std::string> names, std::span<NdArray> arrays);

  std::vector<Tensor> tensors_;

 private:
  double learning_rate_ = 0;
};

}  // namespace lanegrad
