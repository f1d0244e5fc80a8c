// From paths to bytes; what the bytes mean is the parser's business.
#include "engine/cli/mnist_files.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <vector>

#include "engine/core/error.h"

namespace lanegrad::cli {

namespace {

std::vector<std::uint8_t> read_file(const std::filesystem::path& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  std::ifstream file(path, std::ios::binary);
  std::vector<std::uint8_t> bytes(error ? 0 : size);
  require(!error && file &&
              file.read(reinterpret_cast<char*>(bytes.data()),
                        static_cast<std::streamsize>(bytes.size())),
          ErrorCode::NotFound, [&] {
            return str("train: ", path.string(),
                       " cannot be read, expected the four MNIST files in the folder of --data, "
                       "or in node_modules after npm ci");
          });
  return bytes;
}

}  // namespace

MnistFiles read_mnist(const std::string& folder) {
  const auto read = [&](const char* images, const char* labels, const char* name) {
    const std::vector<std::uint8_t> image_bytes = read_file(std::filesystem::path(folder) / images);
    const std::vector<std::uint8_t> label_bytes = read_file(std::filesystem::path(folder) / labels);
    return parse_mnist(image_bytes, label_bytes, name);
  };
  return {read("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "training"),
          read("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", "test")};
}

}  // namespace lanegrad::cli
