// The whole command on four small files in the format of MNIST.
#pragma once

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <sstream>
#include <thread>
#include <vector>

#include "engine/cli/files.h"
#include "engine/cli/mnist_files.h"
#include "engine/cli/run.h"
#include "engine/core/error.h"
#include "engine/training/checkpoint.h"
#include "tests/engine/catch.h"
#include "tests/engine/cli/child_process.h"
#include "tests/engine/cli/temporary_folder.h"
#include "tests/engine/dataloaders/idx_bytes.h"

namespace lanegrad::test {

namespace fs = std::filesystem;

// A folder with 40 training and 10 test images of 2 x 2 pixels; the brightest pixel is the label.
class DataFolder {
 public:
  DataFolder() {
    write("train", 40);
    write("t10k", 10);
  }

  std::string path() const { return folder_.path().string(); }

  void write(const std::string& name, const std::vector<std::uint8_t>& bytes) const {
    cli::write_file(folder_ / name, bytes);
  }

 private:
  void write(const std::string& set, Index count) const {
    std::vector<std::uint8_t> pixels;
    std::vector<std::uint8_t> labels;
    for (Index i = 0; i < count; ++i) {
      for (Index pixel = 0; pixel < 4; ++pixel) pixels.push_back(pixel == i % 4 ? 255 : 10);
      labels.push_back(static_cast<std::uint8_t>(i % 4));
    }
    write(set + "-images-idx3-ubyte", idx_bytes({count, 2, 2}, pixels));
    write(set + "-labels-idx1-ubyte", idx_bytes({count}, labels));
  }

  TemporaryFolder folder_;
};

struct Outcome {
  int code = 0;
  std::string out;
  std::string err;
};

inline Outcome run(std::vector<std::string> arguments, bool terminal = false) {
  std::ostringstream out;
  std::ostringstream err;
  const int code = cli::run(arguments, {out, err, terminal});
  return {code, out.str(), err.str()};
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace lanegrad::test
