// The number type that the engine is written on: float. A test-only target compiles the reference
// kernels and everything above them with double, where gradient checks are sharp.
#pragma once

#include <cstdint>

namespace lanegrad {

#if defined(LANEGRAD_REAL_DOUBLE)
using Real = double;
#else
using Real = float;
#endif

// Sizes, indices and axes. Signed, so that axis -1 and differences are plain arithmetic.
using Index = std::int64_t;

}  // namespace lanegrad
