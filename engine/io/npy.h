// Reads .npy files (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "engine/io/model.h"
#include "engine/io/number_types.h"

namespace lanegrad {

// An array as its file has it.
struct NpyView {
  NumberType type = NumberType::F32;
  bool big_endian = false;
  // Whether the first axis is the fastest one, instead of the last.
  bool fortran = false;
  Shape shape = {};
  // The bytes of its numbers, a view of the file.
  std::span<const std::uint8_t> data = {};
};

// Finds out what the file says of its array. Throws what read_npy throws, but for the numbers.
NpyView parse_npy(std::span<const std::uint8_t> bytes, const std::string& name);

// The array of a file of version 1.0, 2.0 or 3.0, row-major, whatever its order in the file:
// halves, floats, doubles, booleans and whole numbers, of either byte order. Doubles are rounded to
// floats. Throws CorruptData for a header or a size that is not as the format says; Unsupported for
// other types, whole numbers that a float cannot hold and more than four axes. Messages call the
// array `name`.
ModelTensor read_npy(std::span<const std::uint8_t> bytes, std::string name);

}  // namespace lanegrad
