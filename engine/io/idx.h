// The IDX format of MNIST: two zero bytes, a type byte, the number of axes, each extent as a
// big-endian 32-bit number, then the values. (http://yann.lecun.com/exdb/mnist)
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/core/real.h"

namespace lanegrad {

struct IdxHeader {
  // The extents of 1 to 4 axes.
  std::vector<Index> extents = {};
  // The bytes of the header, after which the values begin.
  std::size_t size = 0;
};

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
// The extent along an axis that a header states, which has so many bytes.
Index idx_extent(std::span<const std::uint8_t> header, std::size_t axis);
// Parses the header of a file of `size` bytes, of which `bytes` are the first 20 at least, or all.
// Throws what parse_idx throws.
IdxHeader parse_idx_header(std::span<const std::uint8_t> bytes, std::size_t size,
                           std::string_view name);

}  // namespace lanegrad
