// Files that other programs wrote, which golden/make_foreign.py made, and what their nets answer.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "engine/core/random.h"
#include "engine/nets/import_model.h"
#include "engine/nets/net_text.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

using Bytes = std::vector<std::uint8_t>;

struct ForeignFile {
  std::string name;
  // Empty where the file says it.
  std::string net;
  // Two samples and what PyTorch answers; both empty for a file that is refused.
  Shape sample;
  std::vector<Real> x;
  std::vector<Real> y;
  Bytes bytes;
};

inline const std::vector<ForeignFile>& foreign_files() {
  static constexpr const char* kRecords[] = {
#include "tests/engine/golden/foreign.inc"
  };
  static const std::vector<ForeignFile> files = [] {
    std::vector<ForeignFile> all;
    for (const char* record : kRecords) {
      std::istringstream lines(record);
      ForeignFile& file = all.emplace_back();
      std::getline(lines, file.name);
      for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string key;
        words >> key;
        if (key == "net") file.net = line.substr(4);
        for (Real number = 0; (key == "x" || key == "y") && words >> number;) {
          (key == "x" ? file.x : file.y).push_back(number);
        }
        if (key == "sample") {
          std::vector<Index> extents;
          for (std::string extent; std::getline(words, extent, ',');) {
            extents.push_back(std::stoll(extent));
          }
          file.sample = Shape(extents);
        }
        if (key != "bytes") continue;
        std::string hex;
        words >> hex;
        for (std::size_t i = 0; i < hex.size(); i += 2) {
          file.bytes.push_back(static_cast<std::uint8_t>(std::stoi(hex.substr(i, 2), nullptr, 16)));
        }
      }
    }
    return all;
  }();
  return files;
}

inline const ForeignFile& foreign_file(std::string_view name) {
  for (const ForeignFile& file : foreign_files()) {
    if (file.name == name) return file;
  }
  FAIL("no file " << name);
  return foreign_files()[0];
}

inline Model import_of(const ForeignFile& file) {
  return import_model(file.bytes, file.name, {.net = file.net, .sample = file.sample});
}

// What the model answers, by the engine's own net: [N, O].
inline NdArray answers_of(const Model& model, const std::vector<Real>& x) {
  Random random(1);
  const std::unique_ptr<Net> net =
      make_net(model.net, {.sample = model.sample, .outputs = model.outputs}, random);
  net->set_training(false);
  std::vector<NamedTensor> all = net->named_tensors();
  for (NamedTensor& buffer : net->named_buffers()) all.push_back(buffer);
  REQUIRE(all.size() == model.tensors.size());
  for (NamedTensor& own : all) {
    const ModelTensor& tensor = model.tensor(own.name);
    REQUIRE(tensor.shape == own.tensor.shape());
    std::copy(tensor.values.begin(), tensor.values.end(), own.tensor.mutable_data());
  }
  std::vector<Index> extents{static_cast<Index>(x.size()) / model.sample.size()};
  for (const Index extent : model.sample.extents()) extents.push_back(extent);
  std::vector<Real> inputs;
  const Index plane = model.sample.size() / model.mean.count();
  for (const Real value : x) {
    const Index channel = std::ssize(inputs) / plane % model.mean.count();
    inputs.push_back(static_cast<Real>((value - model.mean[channel]) / model.deviation[channel]));
  }
  return net->forward(Tensor(NdArray::from(Shape(extents), inputs))).data();
}

}  // namespace lanegrad::test
