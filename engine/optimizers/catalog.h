// The optimizers that the page, the terminal and JavaScript may ask for by name.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "engine/optimizers/optimizer.h"

namespace lanegrad {

// The names of all optimizers.
std::span<const std::string_view> optimizer_names();

// The settings of all optimizers, as rows.
std::vector<Setting> settings_of(OptimizerOptions& options);

// Makes the optimizer of this name. Throws NotFound "optimizer: no optimizer is called 'rms', known
// are adam, adamw, sgd", and InvalidArgument for a setting that this optimizer does not have or a
// value that makes no sense.
std::unique_ptr<Optimizer> make_optimizer(std::string_view name, std::vector<Tensor> tensors,
                                          const OptimizerOptions& options);

}  // namespace lanegrad
