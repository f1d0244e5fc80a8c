// What a test that compares a kernel with its plain twin is made of.
#pragma once

#include <cstddef>
#include <limits>
#include <vector>

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

// Lets a kernel and its twin change copies of these values, the kernel's `misaligned_by` elements
// after an aligned address: what they make of them must agree, and the kernel may write nothing
// beside it. kernel, twin: void(Real*). tolerance: a Tolerance, or one number for each element.
template <class Closeness, class Kernel, class Twin>
void check_against_twin(const std::vector<Real>& values, std::size_t misaligned_by,
                        const Closeness& tolerance, Kernel kernel, Twin twin) {
  GuardedArray<Real> got(values, misaligned_by);
  std::vector<Real> want = values;
  kernel(got.data());
  twin(want.data());
  CHECK(difference(got.span(), want, tolerance) == "");
  CHECK(got.intact());
}

}  // namespace lanegrad::kernels
