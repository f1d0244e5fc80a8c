// Functions of one tensor, element by element.
#pragma once

#include "engine/tensor/tensor.h"

namespace lanegrad {

Tensor neg(const Tensor& x);
Tensor abs(const Tensor& x);  // derivative at 0: 0
Tensor exp(const Tensor& x);
Tensor log(const Tensor& x);  // natural
Tensor sqrt(const Tensor& x);
Tensor tanh(const Tensor& x);
Tensor sigmoid(const Tensor& x);  // 1 / (1 + exp(-x))
Tensor relu(const Tensor& x);     // max(x, 0); derivative at 0: 0
Tensor gelu(const Tensor& x);     // x · Φ(x), Φ the normal distribution's function
// x where positive, else slope · x; derivative at 0: slope
Tensor leaky_relu(const Tensor& x, double slope = 0.01);

inline Tensor operator-(const Tensor& x) { return neg(x); }

}  // namespace lanegrad
