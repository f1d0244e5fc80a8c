// The nets that the page, the terminal and JavaScript may ask for by name.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "engine/core/random.h"
#include "engine/nets/mlp.h"
#include "engine/nets/net.h"

namespace lanegrad {

struct NetOptions {
  Index inputs = 784;
  Index outputs = 10;
  std::vector<Index> hidden = {128};
  Activation activation = Activation::ReLU;
};

struct CatalogEntry {
  std::string_view name;         // "mlp"
  std::string_view description;  // a few words: what it is, costs and reaches
  std::string_view text;         // a net text, see net_text.h
};

std::span<const CatalogEntry> catalog();

// The multi-layer perceptron, "mlp", with widths of one's own. Throws NotFound "net: no net is
// called 'mpl', known are mlp".
std::unique_ptr<Net> make_net(std::string_view name, const NetOptions& options, Random& random);

}  // namespace lanegrad
