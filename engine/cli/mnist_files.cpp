// Reads the files; the parser knows what their bytes mean.
#include "engine/cli/mnist_files.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "engine/cli/files.h"
#include "engine/io/idx.h"

namespace lanegrad::cli {

namespace {

constexpr std::string_view kExpected =
    "the four MNIST files in the folder of --data, or in node_modules after npm ci";

std::string path_of(const std::string& folder, const char* file) {
  return (std::filesystem::path(folder) / file).string();
}

std::shared_ptr<const ImageSet> read_images(const std::string& path,
                                            std::span<const std::uint8_t> labels,
                                            std::string_view name, Index classes) {
  ImageReader reader;
  read_pieces(path, kExpected, [&](std::span<const std::uint8_t> piece, std::size_t size) {
    reader.expect(size);
    reader.append(piece);
  });
  return reader.finish(labels, name, classes);
}

}  // namespace

MnistFiles read_mnist(const std::string& folder) {
  const std::vector<std::uint8_t> labels =
      read_file(path_of(folder, "train-labels-idx1-ubyte"), kExpected);
  const std::span<const std::uint8_t> values = parse_idx(labels, "training labels").values;
  const auto largest = std::max_element(values.begin(), values.end());
  const Index classes = largest == values.end() ? 1 : Index{*largest} + 1;
  return {
      read_images(path_of(folder, "train-images-idx3-ubyte"), labels, "training", classes),
      read_mnist_test(folder, classes),
  };
}

std::shared_ptr<const ImageSet> read_mnist_test(const std::string& folder, Index classes) {
  return read_images(path_of(folder, "t10k-images-idx3-ubyte"),
                     read_file(path_of(folder, "t10k-labels-idx1-ubyte"), kExpected), "test",
                     classes);
}

}  // namespace lanegrad::cli
