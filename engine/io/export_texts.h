// What files of other programs say of a net's input and answer.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/io/formats.h"

namespace lanegrad {

// "pixels" where samples are images, else "inputs"; "normalized_pixels" and "normalized_inputs"
// where the net was trained on normalized numbers and the file leaves that to its user.
std::string input_name(const Model& model, const ExportOptions& options);
// "probabilities" with softmax; else "logits" where samples are images, "outputs" where they are
// rows of numbers.
std::string_view output_name(const Model& model, const ExportOptions& options);

// Whether the file has to normalize what goes in.
bool normalizes(const Model& model, const ExportOptions& options);

// Texts by name: the net, what goes in, what comes out, and the class names, as JSON, where there
// are some. `axes` are those of the input: "[batch, 1, 28, 28]".
std::vector<std::pair<std::string, std::string>> export_texts(const Model& model,
                                                              const ExportOptions& options,
                                                              std::string_view axes);

}  // namespace lanegrad
