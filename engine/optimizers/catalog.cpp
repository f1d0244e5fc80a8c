// Makes optimizers from names and settings.
#include "engine/optimizers/catalog.h"

#include <utility>

#include "engine/core/error.h"
#include "engine/optimizers/adam.h"
#include "engine/optimizers/sgd.h"

namespace lanegrad {

namespace {

constexpr std::string_view kNames[] = {"adam", "adamw", "sgd"};

void refuse(std::string_view optimizer, const char* setting, const std::optional<double>& value) {
  if (value)
    fail(ErrorCode::InvalidArgument, optimizer, ": ", setting, " ", *value,
         ", expected none for this optimizer");
}

void take(double& setting, const std::optional<double>& value) {
  setting = value.value_or(setting);
}

}  // namespace

std::span<const std::string_view> optimizer_names() { return kNames; }

std::unique_ptr<Optimizer> make_optimizer(std::string_view name, std::vector<Tensor> tensors,
                                          const OptimizerOptions& options) {
  if (name == "adam" || name == "adamw") {
    refuse(name, "momentum", options.momentum);
    refuse(name, "nesterov", options.nesterov ? std::optional(1.0) : std::nullopt);
    AdamOptions adam;
    adam.decoupled = name == "adamw";
    if (adam.decoupled) adam.weight_decay = kAdamWDecay;
    take(adam.learning_rate, options.learning_rate);
    take(adam.weight_decay, options.weight_decay);
    take(adam.beta1, options.beta1);
    take(adam.beta2, options.beta2);
    take(adam.epsilon, options.epsilon);
    return std::make_unique<Adam>(std::move(tensors), adam);
  }
  if (name == "sgd") {
    refuse(name, "beta1", options.beta1);
    refuse(name, "beta2", options.beta2);
    refuse(name, "epsilon", options.epsilon);
    SgdOptions sgd;
    take(sgd.learning_rate, options.learning_rate);
    take(sgd.weight_decay, options.weight_decay);
    take(sgd.momentum, options.momentum);
    sgd.nesterov = options.nesterov;
    return std::make_unique<SGD>(std::move(tensors), sgd);
  }
  std::string names;
  for (const std::string_view known : kNames) names += str(names.empty() ? "" : ", ", known);
  fail(ErrorCode::NotFound, "optimizer: no optimizer is called '", name, "', known are ", names);
}

}  // namespace lanegrad
