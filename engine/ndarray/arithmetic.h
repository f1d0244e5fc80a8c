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

NdArray neg(const NdArray& x);
NdArray abs(const NdArray& x);
NdArray exp(const NdArray& x);
NdArray log(const NdArray& x);  // natural; log(0) = -infinity, NaN below
NdArray sqrt(const NdArray& x);
NdArray tanh(const NdArray& x);
NdArray sigmoid(const NdArray& x);  // 1 / (1 + exp(-x))
NdArray relu(const NdArray& x);     // max(x, 0)
NdArray gelu(const NdArray& x);     // x · Φ(x), Φ the normal distribution's function
NdArray leaky_relu(const NdArray& x, Real slope);  // x where positive, else slope · x

inline NdArray operator+(const NdArray& a, const NdArray& b) { return add(a, b); }
inline NdArray operator-(const NdArray& a, const NdArray& b) { return sub(a, b); }
inline NdArray operator*(const NdArray& a, const NdArray& b) { return mul(a, b); }
inline NdArray operator/(const NdArray& a, const NdArray& b) { return div(a, b); }
inline NdArray operator-(const NdArray& x) { return neg(x); }

// Functions that take the kernels' name of the operation, for code that is generic over it.
NdArray binary(kernels::Binary op, const NdArray& a, const NdArray& b);
NdArray unary(kernels::Unary op, const NdArray& x);
// dy · op'(x), given x and y = op(x), all of one shape.
NdArray unary_backward(kernels::Unary op, const NdArray& x, const NdArray& y, const NdArray& dy);
// dy where x is positive, else slope · dy, of one shape.
NdArray leaky_relu_backward(const NdArray& x, const NdArray& dy, Real slope);
const char* name_of(kernels::Binary op);
const char* name_of(kernels::Unary op);

}  // namespace lanegrad
