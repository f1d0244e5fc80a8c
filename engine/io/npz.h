// Arrays by name as numpy saves them: a zip archive of .npy files
// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
#pragma once

#include "engine/io/formats.h"

namespace lanegrad {

// Writes `net.npz` with the names and layouts of a PyTorch state_dict; without its statistics'
// counts of batches. Options but the stem change nothing.
std::vector<ExportedFile> write_npz(const Model& model, const ExportOptions& options);

}  // namespace lanegrad
