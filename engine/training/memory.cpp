// Counts the numbers that are kept, and what fused layers never have.
#include "engine/training/memory.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "engine/core/error.h"

namespace lanegrad {

namespace {

constexpr double kMegabyte = 1 << 20;
// The code's own data, stacks, packed matrices, and what is lost between blocks.
constexpr double kRest = 6 * kMegabyte;
// Blocks of the pool are up to a quarter larger than what they hold.
constexpr double kRounding = 1.25;

// Whether forward_fused runs these layers together, so that there is nothing in between. It may run
// a pool or a rectifier alone where that stands behind anything else, which is rare.
bool are_fused(std::string_view kind, std::string_view next) {
  return kind != "BatchNorm" && (next == "Bias" || next == "ReLU" || next == "MaxPool2D");
}

}  // namespace

TrainingMemory training_memory(const Recipe& recipe, const NetInput& input, Index samples,
                               double data) {
  const NetDescription net = describe(recipe.net, input);
  const auto inputs = static_cast<double>(input.sample.size());
  double outputs = 0;
  double widest = inputs;
  for (std::size_t i = 0; i < net.layers.size(); ++i) {
    const LayerDescription& layer = net.layers[i];
    if (i + 1 < net.layers.size() && are_fused(layer.kind, net.layers[i + 1].kind)) continue;
    // Where a maximum was, or what was dropped, is kept beside the output.
    const bool twice = layer.kind == "MaxPool2D" || layer.kind == "Dropout";
    outputs += static_cast<double>(layer.output.size()) * (twice ? 2 : 1);
    widest = std::max(widest, static_cast<double>(layer.output.size()));
  }
  const bool sgd = recipe.optimizer == "sgd";
  const double moments = !sgd ? 2 : recipe.optimizer_options.momentum.value_or(0) > 0 ? 1 : 0;
  const double copies =
      2 + moments + (recipe.averaging > 0 ? 1 : 0) + (recipe.patience > 0 ? 1 : 0);
  const auto weights = static_cast<double>(net.parameters) * sizeof(Real);
  // The numbers of the samples give their order.
  const double order = static_cast<double>(samples) * sizeof(std::uint32_t);
  // A batch may be one sample larger, see DataLoader.
  const double batch = static_cast<double>(std::min(recipe.batch_size + 1, samples)) * sizeof(Real);
  const double evaluated = static_cast<double>(kEvaluationBatch + 1) * sizeof(Real);
  const double evaluation = evaluated * (inputs + outputs + widest);
  return {
      .least = data + order + weights * copies + batch * (inputs + outputs),
      // A new part of a gradient comes beside the gradient, a layer's two gradients beside its
      // output.
      .about = data + 2 * order + kRest +
               kRounding * (weights * (copies + 1) + batch * (inputs + 3 * outputs) + evaluation)};
}

void check_memory(const TrainingMemory& memory, double most) {
  if (memory.least > most)
    fail(ErrorCode::OutOfMemory, {.op = "training", .field = "net"},
         "training: the net and its data need at least ", megabytes(memory.least),
         " MB of memory, expected at most ", megabytes(most), " MB");
}

Index megabytes(double bytes) { return static_cast<Index>(std::ceil(bytes / kMegabyte)); }

}  // namespace lanegrad
