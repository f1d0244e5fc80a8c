// The list of nets.
#include "engine/nets/catalog.h"

namespace lanegrad {

namespace {

// The descriptions give the accuracy on MNIST's test images after the recommended training, see
// tests/bench/RECIPES.md. They name both, since they also stand beside other settings and
// pictures.
constexpr CatalogEntry kCatalog[] = {
    {"mlp", "One hidden layer of 128 neurons. On MNIST, as recommended: 98.2 % after 4 epochs.",
     "dense 128, relu, dense classes"},
    {"lenet",
     "LeNet-5 (LeCun et al. 1998), with tanh and mean pooling. On MNIST, as recommended: 99.1 % "
     "after 5 epochs.",
     "conv 6 5x5 pad 2, tanh, avgpool 2, conv 16 5x5, tanh, avgpool 2, dense 120, tanh, dense 84, "
     "tanh, dense classes"},
    {"convnet",
     "Two convolutions, a usual first convolutional net. On MNIST, as recommended: 99.4 % after 5 "
     "epochs.",
     "conv 24 5x5, pool 2, relu, conv 32 3x3, pool 2, relu, dense 128, relu, dense classes"},
    {"fast",
     "A small convolutional net, for 99 % in the shortest time. On MNIST, as recommended: 99.2 % "
     "after 1 epoch.",
     "conv 8 5x5, pool 2, batchnorm, relu, conv 16 3x3, pool 2, batchnorm, relu, dense 256, "
     "batchnorm, relu, dense classes"},
    {"best",
     "Three wide convolutions, for accuracy. On MNIST, as recommended: 99.65 % after 12 epochs.",
     "conv 24 5x5, pool 2, batchnorm, relu, conv 48 3x3, batchnorm, relu, conv 48 3x3, pool 2, "
     "batchnorm, relu, dense 256, batchnorm, relu, dense classes"},
};

}  // namespace

std::span<const CatalogEntry> catalog() { return kCatalog; }

}  // namespace lanegrad
