// The optimizers that the page, the terminal and JavaScript may ask for by name.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/optimizers/optimizer.h"

namespace lanegrad {

// Settings of all optimizers; each reads its own, and what is left out has its usual value.
struct OptimizerOptions {
  std::optional<double> learning_rate = {};
  std::optional<double> weight_decay = {};
  std::optional<double> momentum = {};  // sgd, like nesterov
  bool nesterov = false;
  std::optional<double> beta1 = {};  // adam and adamw, like the next two
  std::optional<double> beta2 = {};
  std::optional<double> epsilon = {};

  bool operator==(const OptimizerOptions&) const = default;
};

std::span<const std::string_view> optimizer_names();

// Throws NotFound "optimizer: no optimizer is called 'rms', known are adam, adamw, sgd",
// InvalidArgument
// for a setting that this optimizer does not have or a value that makes no sense.
std::unique_ptr<Optimizer> make_optimizer(std::string_view name, std::vector<Tensor> tensors,
                                          const OptimizerOptions& options);

}  // namespace lanegrad
