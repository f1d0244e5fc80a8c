// Arrays by name as numpy saves them: a zip archive of .npy files
// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/io/formats.h"

namespace lanegrad {

// Writes `net.npz` with the names and layouts of a PyTorch state_dict; without its statistics'
// counts of batches. Options but the stem change nothing.
std::vector<ExportedFile> write_npz(const Model& model, const ExportOptions& options);

// Reads the arrays of an archive, in its order, under the names of its .npy files without the
// ending. Other members are passed over. Throws what ZipReader and read_npy throw, and CorruptData
// where two arrays have one name.
std::vector<ModelTensor> read_npz(std::span<const std::uint8_t> bytes);

}  // namespace lanegrad
