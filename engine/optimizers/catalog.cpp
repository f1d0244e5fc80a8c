// Makes optimizers from names and settings.
#include "engine/optimizers/catalog.h"

#include <utility>

#include "engine/core/error.h"
#include "engine/optimizers/adam.h"
#include "engine/optimizers/sgd.h"

namespace lanegrad {

namespace {

constexpr std::string_view kNames[] = {"adam", "adamw", "sgd"};

}  // namespace

std::span<const std::string_view> optimizer_names() { return kNames; }

std::vector<Setting> settings_of(OptimizerOptions& options) {
  return joined({Optimizer::settings(options), SGD::settings(options), Adam::settings(options)});
}

std::unique_ptr<Optimizer> make_optimizer(std::string_view name, std::vector<Tensor> tensors,
                                          const OptimizerOptions& options) {
  place_of(name, kNames, "optimizer");
  OptimizerOptions given = options;
  for (const Setting& setting : settings_of(given)) {
    const bool left_out = setting.read().empty() || setting.read() == "false";
    if (setting.belongs_to(name) || left_out) continue;
    fail(ErrorCode::InvalidArgument, name, ": ", setting.key, " ", setting.number(),
         ", expected none for this optimizer");
  }
  if (name == "sgd") return std::make_unique<SGD>(std::move(tensors), options);
  if (name == "adamw") return std::make_unique<AdamW>(std::move(tensors), options);
  return std::make_unique<Adam>(std::move(tensors), options);
}

}  // namespace lanegrad
