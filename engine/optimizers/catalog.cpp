// From names and settings to optimizers.
#include "engine/optimizers/catalog.h"

#include <utility>

#include "engine/core/error.h"
#include "engine/optimizers/adam.h"
#include "engine/optimizers/sgd.h"

namespace lanegrad {

namespace {

constexpr std::string_view kNames[] = {"adam", "sgd"};

void refuse(std::string_view optimizer, const char* setting, const std::optional<double>& value) {
  require(!value, ErrorCode::InvalidArgument, [&] {
    return str(optimizer, ": ", setting, " ", *value, ", expected none for this optimizer");
  });
}

}  // namespace

std::span<const std::string_view> optimizer_names() { return kNames; }

std::unique_ptr<Optimizer> make_optimizer(std::string_view name, std::vector<Tensor> tensors,
                                          const OptimizerOptions& options) {
  if (name == "adam") {
    refuse(name, "momentum", options.momentum);
    AdamOptions adam;
    adam.learning_rate = options.learning_rate.value_or(adam.learning_rate);
    adam.weight_decay = options.weight_decay.value_or(adam.weight_decay);
    adam.beta1 = options.beta1.value_or(adam.beta1);
    adam.beta2 = options.beta2.value_or(adam.beta2);
    adam.epsilon = options.epsilon.value_or(adam.epsilon);
    return std::make_unique<Adam>(std::move(tensors), adam);
  }
  if (name == "sgd") {
    refuse(name, "beta1", options.beta1);
    refuse(name, "beta2", options.beta2);
    refuse(name, "epsilon", options.epsilon);
    SgdOptions sgd;
    sgd.learning_rate = options.learning_rate.value_or(sgd.learning_rate);
    sgd.weight_decay = options.weight_decay.value_or(sgd.weight_decay);
    sgd.momentum = options.momentum.value_or(sgd.momentum);
    return std::make_unique<SGD>(std::move(tensors), sgd);
  }
  std::string names;
  for (const std::string_view known : kNames) names += str(names.empty() ? "" : ", ", known);
  throw Error(ErrorCode::NotFound,
              str("optimizer: no optimizer is called '", name, "', known are ", names));
}

}  // namespace lanegrad
