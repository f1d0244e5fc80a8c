// The optimizers that the page, the terminal and JavaScript may ask for by name.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/optimizers/optimizer.h"

namespace lanegrad {

// The settings of all optimizers. Each optimizer reads its own; a setting that is left out has that
// optimizer's default.
struct OptimizerOptions {
  std::optional<double> learning_rate = {};
  std::optional<double> weight_decay = {};
  // The momentum of sgd, at least 0 and below 1.
  std::optional<double> momentum = {};
  // Whether sgd uses Nesterov's momentum.
  bool nesterov = false;
  // The decay of the first moment in adam and adamw, at least 0 and below 1.
  std::optional<double> beta1 = {};
  // The decay of the second moment in adam and adamw, at least 0 and below 1.
  std::optional<double> beta2 = {};
  // A positive number that adam and adamw add to the divisor.
  std::optional<double> epsilon = {};

  bool operator==(const OptimizerOptions&) const = default;
};

std::span<const std::string_view> optimizer_names();

// Makes the optimizer of this name. Throws NotFound "optimizer: no optimizer is called 'rms', known
// are adam, adamw, sgd", and InvalidArgument for a setting that this optimizer does not have or a
// value that makes no sense.
std::unique_ptr<Optimizer> make_optimizer(std::string_view name, std::vector<Tensor> tensors,
                                          const OptimizerOptions& options);

}  // namespace lanegrad
