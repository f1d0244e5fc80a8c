// The IDX format of MNIST: two zero bytes, a type byte, the number of axes, each extent as a
// big-endian 32-bit number, then the values. (http://yann.lecun.com/exdb/mnist)
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/core/real.h"

namespace lanegrad {

struct Idx {
  // The extents of 1 to 4 axes.
  std::vector<Index> extents;
  // A view into the bytes that were parsed.
  std::span<const std::uint8_t> values;
};

// Parses a whole file of unsigned bytes (type 0x08). `name` stands for the file in messages. Throws
// CorruptData where the bytes are empty, truncated, too long or start wrongly, or the product of
// the extents overflows; Unsupported for another type of values.
Idx parse_idx(std::span<const std::uint8_t> bytes, std::string_view name);

}  // namespace lanegrad
