// Elementwise arithmetic of tensors, broadcasting by numpy's rule; gradients are summed back to the
// shapes of the operands.
#pragma once

#include "engine/tensor/tensor.h"

namespace lanegrad {

Tensor add(const Tensor& a, const Tensor& b);
Tensor sub(const Tensor& a, const Tensor& b);
Tensor mul(const Tensor& a, const Tensor& b);
Tensor div(const Tensor& a, const Tensor& b);
// a to the power of b. The gradient of b is 0 where a = 0 and b ≥ 0, and NaN where a < 0, since
// there aᵇ is defined only for whole b.
Tensor pow(const Tensor& a, const Tensor& b);
Tensor maximum(const Tensor& a, const Tensor& b);  // where equal, each side gets half the gradient

inline Tensor operator+(const Tensor& a, const Tensor& b) { return add(a, b); }
inline Tensor operator-(const Tensor& a, const Tensor& b) { return sub(a, b); }
inline Tensor operator*(const Tensor& a, const Tensor& b) { return mul(a, b); }
inline Tensor operator/(const Tensor& a, const Tensor& b) { return div(a, b); }

// Operations with a number on one side.
inline Tensor scalar(Real value) { return Tensor(NdArray::scalar(value)); }
inline Tensor operator+(const Tensor& a, Real b) { return add(a, scalar(b)); }
inline Tensor operator-(const Tensor& a, Real b) { return sub(a, scalar(b)); }
inline Tensor operator*(const Tensor& a, Real b) { return mul(a, scalar(b)); }
inline Tensor operator/(const Tensor& a, Real b) { return div(a, scalar(b)); }
inline Tensor operator+(Real a, const Tensor& b) { return add(scalar(a), b); }
inline Tensor operator-(Real a, const Tensor& b) { return sub(scalar(a), b); }
inline Tensor operator*(Real a, const Tensor& b) { return mul(scalar(a), b); }
inline Tensor operator/(Real a, const Tensor& b) { return div(scalar(a), b); }
inline Tensor pow(const Tensor& a, Real b) { return pow(a, scalar(b)); }

}  // namespace lanegrad
