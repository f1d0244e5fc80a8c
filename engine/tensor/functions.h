// Functions of one tensor, element by element.
#pragma once

#include "engine/ndarray/arithmetic.h"
#include "engine/tensor/tensor.h"

namespace lanegrad {

Tensor unary(kernels::Unary op, const Tensor& x);

// The functions of the table of engine/kernels/unary.h by their names: exp(x), relu(x), …
#define LANEGRAD_DEFINE(Function, name, ...) \
  inline Tensor name(const Tensor& x) { return unary(kernels::Unary::Function, x); }
LANEGRAD_UNARY(LANEGRAD_DEFINE)
#undef LANEGRAD_DEFINE

// x where positive, else slope · x; the derivative at 0 is the slope.
Tensor leaky_relu(const Tensor& x, double slope = 0.01);

inline Tensor operator-(const Tensor& x) { return neg(x); }

}  // namespace lanegrad
