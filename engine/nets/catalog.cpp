// The list of nets.
#include "engine/nets/catalog.h"

#include "engine/core/error.h"

namespace lanegrad {

namespace {

std::unique_ptr<Net> make_mlp(const NetOptions& options, Random& random) {
  return std::make_unique<Mlp>(options.inputs, options.hidden, options.outputs, random,
                               options.activation);
}

constexpr CatalogEntry kCatalog[] = {
    {"mlp", "A multi-layer perceptron: fully connected layers of any widths.", make_mlp},
};

}  // namespace

std::span<const CatalogEntry> catalog() { return kCatalog; }

std::unique_ptr<Net> make_net(std::string_view name, const NetOptions& options, Random& random) {
  std::string names;
  for (const CatalogEntry& entry : kCatalog) {
    if (entry.name == name) return entry.make(options, random);
    names += str(names.empty() ? "" : ", ", entry.name);
  }
  throw Error(ErrorCode::NotFound, str("net: no net is called '", name, "', known are ", names));
}

}  // namespace lanegrad
