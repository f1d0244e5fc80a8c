// Elementwise arithmetic and functions of arrays. Two arrays broadcast against each other by
// numpy's rule; shapes that do not fit throw ShapeMismatch.
#pragma once

#include "engine/kernels/types.h"
#include "engine/ndarray/ndarray.h"

namespace lanegrad {

NdArray add(const NdArray& a, const NdArray& b);
NdArray sub(const NdArray& a, const NdArray& b);
NdArray mul(const NdArray& a, const NdArray& b);
NdArray div(const NdArray& a, const NdArray& b);
NdArray pow(const NdArray& a, const NdArray& b);      // a to the power of b
NdArray maximum(const NdArray& a, const NdArray& b);  // NaN where either is NaN

// x where positive, else slope · x.
NdArray leaky_relu(const NdArray& x, Real slope);

// Functions that take the kernels' name of the operation, for code that is generic over it.
NdArray binary(kernels::Binary op, const NdArray& a, const NdArray& b);
NdArray unary(kernels::Unary op, const NdArray& x);
// dy · op'(x), given x and y = op(x), all of one shape.
NdArray unary_backward(kernels::Unary op, const NdArray& x, const NdArray& y, const NdArray& dy);
// dy where x is positive, else slope · dy, of one shape.
NdArray leaky_relu_backward(const NdArray& x, const NdArray& dy, Real slope);
const char* name_of(kernels::Binary op);

// The functions of one array in the table of engine/kernels/unary.h, by their names: exp(x),
// relu(x), …
#define LANEGRAD_DEFINE(Function, name, ...) \
  inline NdArray name(const NdArray& x) { return unary(kernels::Unary::Function, x); }
LANEGRAD_UNARY(LANEGRAD_DEFINE)
#undef LANEGRAD_DEFINE

inline NdArray operator+(const NdArray& a, const NdArray& b) { return add(a, b); }
inline NdArray operator-(const NdArray& a, const NdArray& b) { return sub(a, b); }
inline NdArray operator*(const NdArray& a, const NdArray& b) { return mul(a, b); }
inline NdArray operator/(const NdArray& a, const NdArray& b) { return div(a, b); }
inline NdArray operator-(const NdArray& x) { return neg(x); }

}  // namespace lanegrad
