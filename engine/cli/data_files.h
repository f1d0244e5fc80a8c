// What --data names: a folder with MNIST's four files, or files of any format of pictures.
#pragma once

#include <string>
#include <vector>

#include "engine/cli/mnist_files.h"

namespace lanegrad::cli {

struct DataFiles {
  MnistFiles pictures;
  // The names of the classes; empty where the data have none but numbers.
  std::vector<std::string> class_names = {};
  // Sentences on what was turned, scaled, held back or left out.
  std::vector<std::string> notes = {};
};

// Reads a folder as read_mnist does, else the files, whose names have commas between them; a file
// whose own name has a comma is found, too. Where no test set came along, a fifth of each class is
// held back by the page's rule. Throws what read_mnist and read_pictures throw.
DataFiles read_data(const std::string& data);

// Reads the test images alone, whose labels are below `classes`.
std::shared_ptr<const ImageSet> read_test_data(const std::string& data, Index classes);

}  // namespace lanegrad::cli
