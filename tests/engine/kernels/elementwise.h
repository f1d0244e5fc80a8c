// Values and lengths at which elementwise kernels are compared with their plain twins: every length
// around the width of a vector, every misalignment, and the values where functions are special.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/core/random.h"
#include "engine/kernels/kernels.h"
#include "engine/kernels/reference.h"
#include "tests/engine/catch.h"
#include "tests/engine/support/compare.h"
#include "tests/engine/support/each_target.h"
#include "tests/engine/support/guarded_array.h"
#include "tests/engine/support/random_array.h"

namespace lanegrad::kernels {

using test::difference;
using test::each_target;
using test::GuardedArray;
using test::random_array;
using test::Tolerance;

inline constexpr Real kInfinity = std::numeric_limits<Real>::infinity();
inline constexpr Real kNan = std::numeric_limits<Real>::quiet_NaN();
inline constexpr Real kSmallest = std::numeric_limits<Real>::denorm_min();
inline constexpr Real kSmallestNormal = std::numeric_limits<Real>::min();
inline constexpr Real kLargest = std::numeric_limits<Real>::max();

inline constexpr std::size_t kMaxLength = 2 * 16 + 1;  // 16: lanes of the widest target

// A few units in the last place, and of the smallest number where results have no more digits.
inline constexpr test::Tolerance kRounding{8 * 1.19e-7, 4 * 1.4e-45};
inline const std::vector<Real> kSpecials = {
    0,      -0.0f,     1,          -1,        0.5f,       -0.5f,     2,       -2,
    kNan,   kInfinity, -kInfinity, kSmallest, -kSmallest, 1e-40f,    -1e-40f, kSmallestNormal,
    1e-30f, -1e-30f,   1e-8f,      -1e-8f,    kLargest,   -kLargest, 1e30f,   -1e30f,
    9.1f,   -9.1f,     18.8f,      20.5f,     -20.5f,     88.5f,     88.72f,  88.73f,
    89.5f,  110,       -87.3f,     -88,       -103,       -103.9f,   -104.1f, -111,
    150,    -150,      0.1733f,    -0.1733f,  0.999999f,  1.000001f, 1e9f,    -1e9f};

// Calls check(n, misaligned_by) for every length around the vector's width.
template <class Check>
void for_lengths(Check check) {
  for (std::size_t n = 0; n <= kMaxLength; ++n) {
    for (std::size_t misaligned_by = 0; misaligned_by < 4; ++misaligned_by) {
      CAPTURE(n, misaligned_by);
      check(n, misaligned_by);
    }
  }
}

}  // namespace lanegrad::kernels
