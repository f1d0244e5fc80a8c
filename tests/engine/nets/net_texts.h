// Nets made of texts, for tests.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>

#include "engine/layers/conv2d.h"
#include "engine/nets/catalog.h"
#include "engine/nets/net_text.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

inline const NetInput kDigits{.sample = {1, 28, 28}, .outputs = 10};
inline const NetInput kRows{.sample = {6}, .outputs = 3};

inline std::unique_ptr<Net> make(std::string_view text, const NetInput& input = kDigits,
                                 std::uint64_t seed = 1) {
  Random weights(seed, streams::kWeights);
  return make_net(text, input, weights);
}

inline std::string joined(const NetDescription& description,
                          std::string LayerDescription::*member = &LayerDescription::name) {
  std::string all;
  for (const LayerDescription& layer : description.layers) all += layer.*member + " ";
  return all;
}

inline std::string layers_of(const Net& net) {
  std::string names;
  for (const auto& [name, layer] : net.parameters()) names += name + " ";
  return names;
}

inline bool same_bits(const Net& a, const Net& b) {
  const std::vector<NamedTensor> of_a = a.named_tensors();
  const std::vector<NamedTensor> of_b = b.named_tensors();
  return std::equal(of_a.begin(), of_a.end(), of_b.begin(), of_b.end(),
                    [](const NamedTensor& x, const NamedTensor& y) {
                      return x.name == y.name && values(x.tensor.data()) == values(y.tensor.data());
                    });
}

inline double largest(const Tensor& tensor) {
  double most = 0;
  for (const Real value : tensor.data().values()) {
    most = std::max(most, std::abs(static_cast<double>(value)));
  }
  return most;
}

// The error of a text, which making and describing have to share.
inline std::string refusal(std::string_view text, const NetInput& input = kDigits) {
  const std::string said = error_of([&] { make(text, input); });
  CHECK(error_of([&] { describe(text, input); }) == said);
  return said;
}

}  // namespace lanegrad::test
