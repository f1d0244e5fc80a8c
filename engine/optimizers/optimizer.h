// The base class of optimizers, which hold tensors and change them by their gradients.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/setting.h"
#include "engine/core/state.h"
#include "engine/tensor/tensor.h"

namespace lanegrad {

// The settings of all optimizers. Each optimizer uses its own; one that is left out has that
// optimizer's default.
struct OptimizerOptions {
  // By default 0.001, in SGD 0.01.
  std::optional<double> learning_rate = {};
  // Added to the gradient: weight_decay · w. In AdamW each step multiplies the weights by 1 −
  // learning_rate · weight_decay instead. By default 0, in AdamW 0.01.
  std::optional<double> weight_decay = {};
  // The momentum of SGD, 0 ≤ momentum < 1; by default 0.
  std::optional<double> momentum = {};
  // Whether the step of SGD looks ahead; needs a momentum above 0.
  bool nesterov = false;
  // The decay of Adam's first moment, 0 ≤ β1 < 1; by default 0.9.
  std::optional<double> beta1 = {};
  // The decay of Adam's second moment, 0 ≤ β2 < 1; by default 0.999.
  std::optional<double> beta2 = {};
  // The positive number that Adam adds to the divisor; by default 1e-8.
  std::optional<double> epsilon = {};

  bool operator==(const OptimizerOptions&) const = default;
};

class Optimizer {
 public:
  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;
  virtual ~Optimizer() = default;

  virtual std::string_view kind() const = 0;  // "Adam"

  // Updates every tensor that has a gradient.
  virtual void step() = 0;
  void zero_grad();

  // The rows of the settings that all optimizers have.
  static std::vector<Setting> settings(OptimizerOptions& options);

  double learning_rate() const { return *options_.learning_rate; }
  // Sets the learning rate; throws what check_learning_rate throws.
  void set_learning_rate(double learning_rate);
  // Throws InvalidArgument unless the rate is finite, as a float too, and at least 0.
  static void check_learning_rate(double learning_rate);
  const std::vector<Tensor>& tensors() const { return tensors_; }
  // All settings that this optimizer has, with their values; those that it does not have are empty.
  const OptimizerOptions& options() const { return options_; }

  // What the steps so far have left behind, beside the tensors and the learning rate. `names` are
  // the tensors' names: an entry is called "velocity.dense1.weight".
  virtual std::vector<StateEntry> state(std::span<const std::string> names) = 0;

 protected:
  // Throws InvalidArgument where a tensor is not a leaf. `usual_rate` is the default learning rate.
  Optimizer(std::vector<Tensor> tensors, const OptimizerOptions& options, double usual_rate);

  // Appends an entry for each array; array i belongs to the tensor of name i.
  static void append_state(std::vector<StateEntry>& out, std::string_view what,
                           std::span<const std::string> names, std::span<NdArray> arrays);

  std::vector<Tensor> tensors_;
  // Constructors put the defaults of what is left out here.
  OptimizerOptions options_;
};

}  // namespace lanegrad
