// Makes IDX files for tests.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/real.h"

namespace lanegrad::test {

// A file of unsigned bytes with these extents, whether or not they agree with the values.
inline std::vector<std::uint8_t> idx_bytes(const std::vector<Index>& extents,
                                           const std::vector<std::uint8_t>& values) {
  std::vector<std::uint8_t> bytes = {0, 0, 8, static_cast<std::uint8_t>(extents.size())};
  for (const Index extent : extents) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes.push_back(static_cast<std::uint8_t>(extent >> shift));
    }
  }
  bytes.insert(bytes.end(), values.begin(), values.end());
  return bytes;
}

}  // namespace lanegrad::test
