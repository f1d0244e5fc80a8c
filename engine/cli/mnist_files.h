// Reads MNIST, or what comes in the same four files, from a folder.
#pragma once

#include <memory>
#include <string>

#include "engine/dataloaders/mnist.h"

namespace lanegrad::cli {

struct MnistFiles {
  std::shared_ptr<const ImageSet> train;
  std::shared_ptr<const ImageSet> test;
};

// The four files under their usual names, not compressed: MNIST's, or others of grey images. There
// are as many classes as the largest label of the training set says. Throws NotFound naming the
// file that is missing, CorruptData for one that is broken.
MnistFiles read_mnist(const std::string& folder);

}  // namespace lanegrad::cli
