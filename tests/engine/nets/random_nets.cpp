// Draws layers, and keeps those that fit what comes before them.
#include "tests/engine/nets/random_nets.h"

#include <algorithm>

#include "engine/core/error.h"
#include "engine/nets/model_file.h"

namespace lanegrad::test {

namespace {

std::string random_layer(Random& random) {
  const auto from = [&](Index low, Index high) {
    return low + static_cast<Index>(random.below(static_cast<std::uint32_t>(high - low + 1)));
  };
  const auto maybe = [&](const std::string& text) { return random.below(2) ? text : ""; };
  switch (random.below(16)) {
    case 0:
    case 1:
    case 2:
      return str("conv ", from(1, 6), " ", from(1, 5), maybe(str(" stride ", from(1, 3))),
                 maybe(str(" pad ", from(0, 4))), maybe(" no bias"));
    case 3:
      return str("pool ", from(1, 3), maybe(str(" stride ", from(1, 3))));
    case 4:
      return str("avgpool ", from(1, 3), maybe(str(" stride ", from(1, 3))));
    case 5:
      return random.below(3) ? "batchnorm" : "globalpool";
    case 6:
      return "softmax";
    case 7:
      return str("leakyrelu", maybe(" 0.3"));
    case 8:
      return "dropout 0.3";
    case 9:
      return str("dense ", from(1, 12), maybe(" no bias"));
    case 10:
      return random.below(2) ? "flatten" : "batchnorm";
    default: {
      constexpr const char* kFunctions[] = {"relu", "gelu", "silu", "softplus", "sigmoid", "tanh"};
      return kFunctions[random.below(6)];
    }
  }
}

}  // namespace

std::optional<RandomNet> random_net(Random& random, const Shape& sample) {
  std::string text;
  const auto layers_of = [&](const std::string& net) {
    return model_layers(net, {.sample = sample, .outputs = 4});
  };
  const std::uint32_t wanted = 1 + random.below(8);
  for (std::uint32_t tries = 0, count = 0; tries < 60 && count < wanted; ++tries) {
    const std::string longer = str(text, text.empty() ? "" : ", ", random_layer(random));
    try {
      layers_of(longer);
    } catch (const Error&) {
      continue;
    }
    text = longer;
    ++count;
  }
  if (text.empty()) return std::nullopt;
  const std::vector<ModelLayer> layers = layers_of(text);
  const auto has_weights = [](const ModelLayer& layer) { return !tensors_of(layer).empty(); };
  if (std::none_of(layers.begin(), layers.end(), has_weights)) return std::nullopt;
  const Shape last = layers.back().output;
  if (last.rank() == 3) text += random.below(4) ? ", dense classes" : ", flatten";
  if (last.rank() == 1 && random.below(4)) text += ", dense classes";
  return RandomNet{text, layers_of(text).back().output.size()};
}

}  // namespace lanegrad::test
