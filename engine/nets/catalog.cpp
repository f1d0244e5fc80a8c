// The list of nets.
#include "engine/nets/catalog.h"

#include "engine/core/error.h"

namespace lanegrad {

namespace {

constexpr CatalogEntry kCatalog[] = {
    {"mlp", "A multi-layer perceptron: one fully connected layer of 128 units.",
     "dense 128, relu, dense classes"},
    {"lenet", "LeNet-5 (LeCun et al. 1998): two small convolutions with tanh and mean pooling.",
     "conv 6 5x5 pad 2, tanh, avgpool 2, conv 16 5x5, tanh, avgpool 2, dense 120, tanh, dense 84, "
     "tanh, dense classes"},
    {"convnet", "Two convolutions and two fully connected layers, a usual first convolutional net.",
     "conv 24 5x5, pool 2, relu, conv 32 3x3, pool 2, relu, dense 128, relu, dense classes"},
    {"fast", "A small convolutional net, for a good accuracy within seconds.",
     "conv 8 5x5, pool 2, relu, conv 16 5x5, pool 2, relu, dense classes"},
    {"best", "Three convolutions with dropout, for accuracy.",
     "conv 32 3x3, pool 2, relu, conv 32 3x3, relu, conv 64 3x3, pool 2, relu, dropout 0.25, "
     "dense 128, relu, dropout 0.5, dense classes"},
};

}  // namespace

std::span<const CatalogEntry> catalog() { return kCatalog; }

std::unique_ptr<Net> make_net(std::string_view name, const NetOptions& options, Random& random) {
  require(name == "mlp", ErrorCode::NotFound,
          [&] { return str("net: no net is called '", name, "', known are mlp"); });
  return std::make_unique<Mlp>(options.inputs, options.hidden, options.outputs, random,
                               options.activation);
}

}  // namespace lanegrad
