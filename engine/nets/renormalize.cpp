// (x − m) / d = (d' / d) · x' + (m' − m) / d, where x' = (x − m') / d': the factor goes into the
// weights, the sum into what is added behind them.
#include "engine/nets/renormalize.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "engine/core/error.h"

namespace lanegrad {

namespace {

ModelTensor& find(Model& model, const std::string& name) {
  return const_cast<ModelTensor&>(model.tensor(name));
}

[[noreturn]] void refuse(const Model& model, const PerChannel& mean, const PerChannel& deviation) {
  fail(ErrorCode::Unsupported, "weights: of a net that normalizes by a mean of ", model.mean,
       " and a deviation of ", model.deviation, ", expected ", mean, " and ", deviation,
       ", those of the training, or a dense layer or a conv without pad first, with a bias");
}

// Where a layer's outputs get a constant added: a bias, or what a BatchNorm subtracts.
struct Constant {
  ModelTensor* tensor = nullptr;
  double sign = 1;
};

Constant constant_after(Model& model, std::vector<ModelLayer>::const_iterator layer) {
  if (layer->kind == "Conv2D" && layer->bias) return {&find(model, layer->name + ".bias")};
  const auto next = layer + 1;
  if (next == model.layers.cend()) return {};
  if (next->kind == "Bias") return {&find(model, next->name + ".bias")};
  if (next->kind == "BatchNorm") return {&find(model, next->name + ".running_mean"), -1};
  return {};
}

}  // namespace

void renormalize(Model& model, const PerChannel& mean, const PerChannel& deviation) {
  if (!model.normalizes()) return;
  const Index channels = std::max(mean.count(), model.mean.count());
  PerChannel scale(channels, 1);
  PerChannel shift(channels, 0);
  double farthest = 0;
  double most = 0;
  for (Index c = 0; c < channels; ++c) {
    const auto at = static_cast<std::size_t>(c);
    scale.values()[at] = deviation[c] / model.deviation[c];
    shift.values()[at] = (mean[c] - model.mean[c]) / model.deviation[c];
    most = std::max(most, std::abs(shift[c]));
    farthest = std::max({farthest, most, std::abs(scale[c] - 1)});
  }
  // Formats that keep floats have the same mean and deviation as the data no closer than this.
  constexpr double kSame = 1e-6;
  if (farthest <= kSame) return;
  const auto first = std::find_if(
      model.layers.cbegin(), model.layers.cend(),
      [](const ModelLayer& layer) { return layer.kind != "Flatten" && layer.kind != "Dropout"; });
  if (first == model.layers.cend()) refuse(model, mean, deviation);
  const bool dense = first->kind == "Dense";
  // Zeros around an image stay zeros, so that a padded convolution is a little off at its borders.
  constexpr double kAtBorders = 0.01;
  const bool conv = first->kind == "Conv2D" && (first->padding == 0 || most <= kAtBorders);
  if (!dense && !conv) refuse(model, mean, deviation);
  const Constant constant = constant_after(model, first);
  if (!constant.tensor) refuse(model, mean, deviation);
  ModelTensor& weight = find(model, first->name + ".weight");
  const std::size_t outputs = constant.tensor->values.size();
  const std::size_t inputs = weight.values.size() / outputs;
  std::vector<double> sums(outputs);
  for (std::size_t i = 0; i < weight.values.size(); ++i) {
    // Dense weights are [I, O], those of convolutions [O, C, k, k]; channels are the slowest of the
    // inputs.
    const std::size_t output = dense ? i % outputs : i / inputs;
    const std::size_t input = dense ? i / outputs : i % inputs;
    const auto c = static_cast<Index>(input / (inputs / static_cast<std::size_t>(channels)));
    sums[output] += weight.values[i] * shift[c];
    weight.values[i] = static_cast<Real>(weight.values[i] * scale[c]);
  }
  for (std::size_t i = 0; i < outputs; ++i) {
    Real& value = constant.tensor->values[i];
    value = static_cast<Real>(value + constant.sign * sums[i]);
  }
}

}  // namespace lanegrad
