// The formats of other programs that a net can be written to.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/io/model.h"

namespace lanegrad {

struct ExportedFile {
  std::string name;  // "net.onnx"
  std::vector<std::uint8_t> bytes;
};

struct ExportOptions {
  // What the names of the files begin with.
  std::string stem = "net";
  // Whether the net takes numbers from 0 to 1, as pixels are, and normalizes them itself.
  bool normalization = true;
  // Whether its answer are probabilities instead of the last layer's numbers.
  bool softmax = false;
};

struct Format {
  std::string_view name;    // "onnx"
  std::string_view ending;  // ".onnx", by which the terminal knows it
  // Throws Unsupported for a layer that the format has no words for.
  std::vector<ExportedFile> (*write)(const Model& model, const ExportOptions& options);
};

// All formats, in the order in which messages list them.
std::span<const Format> formats();

// Writes the model in the format of this name; the first file is the one to open. Throws NotFound
// for an unknown format, Unsupported for a layer that it has no words for.
std::vector<ExportedFile> export_model(const Model& model, std::string_view format,
                                       const ExportOptions& options = {});

}  // namespace lanegrad
