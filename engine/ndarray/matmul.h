// The matrix product. Transposes are flags, not copies.
#pragma once

#include "engine/ndarray/ndarray.h"

namespace lanegrad {

struct Transposed {
  bool a = false;
  bool b = false;
};

// op(a) · op(b) with op(a): [M, K], op(b): [K, N] -> [M, N]; op transposes where the flag is set.
// Throws ShapeMismatch unless both have two axes and the inner extents agree.
NdArray matmul(const NdArray& a, const NdArray& b, Transposed transposed = {});

}  // namespace lanegrad
