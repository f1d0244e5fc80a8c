// Reads .npy files (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "engine/io/model.h"

namespace lanegrad {

// The array of a file of version 1.0, 2.0 or 3.0, row-major, whatever its order in the file:
// halves, floats, doubles, booleans and whole numbers, of either byte order. Doubles are rounded to
// floats. Throws CorruptData for a header or a size that is not as the format says; Unsupported for
// other types, whole numbers that a float cannot hold and more than four axes. Messages call the
// array `name`.
ModelTensor read_npy(std::span<const std::uint8_t> bytes, std::string name);

}  // namespace lanegrad
