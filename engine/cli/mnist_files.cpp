// Reads the files; the parser knows what their bytes mean.
#include "engine/cli/mnist_files.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "engine/cli/files.h"
#include "engine/io/idx.h"

namespace lanegrad::cli {

MnistFiles read_mnist(const std::string& folder) {
  const auto read = [&](const char* file) {
    return read_file((std::filesystem::path(folder) / file).string(),
                     "the four MNIST files in the folder of --data, or in node_modules after "
                     "npm ci");
  };
  const std::vector<std::uint8_t> labels = read("train-labels-idx1-ubyte");
  const std::span<const std::uint8_t> values = parse_idx(labels, "training labels").values;
  const auto largest = std::max_element(values.begin(), values.end());
  const Index classes = largest == values.end() ? 1 : Index{*largest} + 1;
  return {parse_idx_images(read("train-images-idx3-ubyte"), labels, "training", classes),
          parse_idx_images(read("t10k-images-idx3-ubyte"), read("t10k-labels-idx1-ubyte"), "test",
                           classes)};
}

}  // namespace lanegrad::cli
