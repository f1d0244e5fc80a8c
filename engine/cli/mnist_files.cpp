// From paths to bytes; what the bytes mean is the parser's business.
#include "engine/cli/mnist_files.h"

#include <cstdint>
#include <filesystem>
#include <vector>

#include "engine/cli/files.h"

namespace lanegrad::cli {

MnistFiles read_mnist(const std::string& folder) {
  const auto read = [&](const char* images, const char* labels, const char* name) {
    const auto bytes = [&](const char* file) {
      return read_file((std::filesystem::path(folder) / file).string(),
                       "the four MNIST files in the folder of --data, or in node_modules after "
                       "npm ci");
    };
    const std::vector<std::uint8_t> image_bytes = bytes(images);
    const std::vector<std::uint8_t> label_bytes = bytes(labels);
    return parse_mnist(image_bytes, label_bytes, name);
  };
  return {read("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "training"),
          read("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", "test")};
}

}  // namespace lanegrad::cli
