// Arrays of random numbers for tests; the same seed gives the same numbers everywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/core/random.h"

namespace lanegrad::test {

// n numbers, uniform over [low, high).
inline std::vector<Real> random_array(std::size_t n, std::uint64_t seed, double low = -1,
                                      double high = 1) {
  Random random(seed);
  std::vector<Real> out(n);
  for (Real& value : out) value = static_cast<Real>(random.uniform(low, high));
  return out;
}

}  // namespace lanegrad::test
