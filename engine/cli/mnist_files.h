// Reads MNIST, or other data in the same four files, from a folder.
#pragma once

#include <memory>
#include <string>

#include "engine/dataloaders/image_loader.h"

namespace lanegrad::cli {

struct MnistFiles {
  std::shared_ptr<const ImageSet> train;
  std::shared_ptr<const ImageSet> test;
};

// Reads the four files under MNIST's names, not compressed: MNIST's own, or others of images.
// The number of classes follows from the largest label of the training set. Throws NotFound with
// the name of a file that is missing, CorruptData for one that is broken.
MnistFiles read_mnist(const std::string& folder);

// Reads the two files of test images alone, whose labels are below `classes`. Throws what
// read_mnist throws.
std::shared_ptr<const ImageSet> read_mnist_test(const std::string& folder, Index classes);

}  // namespace lanegrad::cli
