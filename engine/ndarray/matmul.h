// The matrix product. Transposes are flags, not copies.
#pragma once

#include "engine/ndarray/ndarray.h"

namespace lanegrad {

struct Transposed {
  bool a = false;
  bool b = false;
};

// What else is done to the result while it is still in the processor's registers.
struct Epilogue {
  // Added to each row: [N].
  const NdArray* bias = nullptr;
  // Whether negative results then become 0.
  bool relu = false;
};

// Throws ShapeMismatch unless matrices of these shapes multiply and the epilogue's bias fits;
// returns the shape of the product.
Shape check_matmul(const Shape& a, const Shape& b, Transposed transposed, const Epilogue& epilogue);

// op(a) · op(b) with op(a): [M, K], op(b): [K, N] -> [M, N]; op transposes where the flag is set.
// Throws ShapeMismatch unless both have two axes, the inner extents agree and the bias has N
// elements.
NdArray matmul(const NdArray& a, const NdArray& b, Transposed transposed = {},
               Epilogue epilogue = {});

}  // namespace lanegrad
