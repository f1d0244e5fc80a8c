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

}  // namespace

MnistFiles read_mnist(const std::string& folder) {
  const auto path = [&](const char* file) {
    return (std::filesystem::path(folder) / file).string();
  };
  const auto images = [&](const char* file, std::span<const std::uint8_t> labels,
                          std::string_view name, Index classes) {
    ImageReader reader;
    read_pieces(path(file), kExpected, [&](std::span<const std::uint8_t> piece, std::size_t size) {
      reader.expect(size);
      reader.append(piece);
    });
    return reader.finish(labels, name, classes);
  };
  const std::vector<std::uint8_t> labels = read_file(path("train-labels-idx1-ubyte"), kExpected);
  const std::span<const std::uint8_t> values = parse_idx(labels, "training labels").values;
  const auto largest = std::max_element(values.begin(), values.end());
  const Index classes = largest == values.end() ? 1 : Index{*largest} + 1;
  return {images("train-images-idx3-ubyte", labels, "training", classes),
          images("t10k-images-idx3-ubyte", read_file(path("t10k-labels-idx1-ubyte"), kExpected),
                 "test", classes)};
}

}  // namespace lanegrad::cli
