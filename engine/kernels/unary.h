// The table of unary functions: what works on each element by itself and has no settings. Enum,
// names, kernels and their twins, functions of arrays and tensors, layers, words of net texts and
// bindings are made from it; beside it, a function is written in vectors in unary.cpp, and
// documented in wasm/src/unary.ts and web/labs/unary.ts. leaky_relu, which has a setting, is
// written out everywhere.
#pragma once

#include <algorithm>
#include <cmath>

#include "engine/core/real.h"

namespace lanegrad::kernels {

// What the table uses where an expression would be too long.
namespace reference {

// 1 / (1 + e^−x). In both forms exp gets a number that is not positive, so it does not overflow.
inline Real sigmoid(Real x) {
  return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x));
}

// Φ(x), the normal distribution's part below x. It is accurate far below 0, too.
inline double normal_below(double x) { return std::erfc(-x * std::sqrt(0.5)) / 2; }

// x · Φ(x) (Hendrycks and Gimpel 2016, the exact form), and its derivative Φ(x) + x · Φ'(x).
inline Real gelu(Real x) {
  return std::isinf(x) ? std::max(x, Real{0}) : static_cast<Real>(x * normal_below(x));
}
inline double gelu_slope(double x) {
  const double density = std::exp(-0.5 * x * x) * 0.39894228040143268;  // 1 / √(2π)
  return normal_below(x) + (std::isinf(x) ? 0 : x * density);
}

// log(1 + e^x). No exponential overflows, and far below 0 the result keeps its digits.
inline Real softplus(Real x) { return std::max(x, Real{0}) + std::log1p(std::exp(-std::abs(x))); }

// x / (1 + e^−x), and its derivative s · (1 + x · (1 − s)), where s is the sigmoid of x (Elfwing et
// al. 2018; Ramachandran et al. 2017 call it Swish).
inline Real silu(Real x) {
  return std::isinf(x) ? std::max(x, Real{0})
                       : static_cast<Real>(x / (1 + std::exp(-static_cast<double>(x))));
}
inline double silu_slope(double x) {
  if (std::isinf(x)) return x > 0 ? 1 : 0;
  const double s = 1 / (1 + std::exp(-x));
  return s * (1 + x * (1 - s));
}

}  // namespace reference

// clang-format off

// X(Function, name, y, dx): the value y of the function at x, and the gradient dx of x that follows
// from the gradient dy of y. At a kink the derivative is 0.
#define LANEGRAD_FUNCTIONS(X)                                                           \
  X(Neg,  neg,  -x,           -dy)                                                      \
  X(Abs,  abs,  std::abs(x),  x > 0 ? dy : x < 0 ? -dy : x == 0 ? Real{0} : x)          \
  X(Exp,  exp,  std::exp(x),  dy * y)                                                   \
  X(Log,  log,  std::log(x),  dy / x)                                                   \
  X(Sqrt, sqrt, std::sqrt(x), dy / (2 * y))

// X(Function, name, y, dx, Layer, Role): the functions that are layers, too, and words of net texts.
// A Rectifier lets through what is positive, so the weights before it are drawn for a ReLU.
#define LANEGRAD_ACTIVATIONS(X)                                                              \
  X(Relu,     relu,     x < 0 ? Real{0} : x, x <= 0 ? Real{0} : dy,    ReLU,     Rectifier)  \
  X(Gelu,     gelu,     gelu(x),             Real(dy * gelu_slope(x)), GELU,     Rectifier)  \
  X(Silu,     silu,     silu(x),             Real(dy * silu_slope(x)), SiLU,     Rectifier)  \
  X(Softplus, softplus, softplus(x),         dy * sigmoid(x),          Softplus, Rectifier)  \
  X(Sigmoid,  sigmoid,  sigmoid(x),          dy * (y * (1 - y)),       Sigmoid,  Activation) \
  X(Tanh,     tanh,     std::tanh(x),        dy * ((1 - y) * (1 + y)), Tanh,     Activation)

// clang-format on

#define LANEGRAD_UNARY(X) \
  LANEGRAD_FUNCTIONS(X)   \
  LANEGRAD_ACTIVATIONS(X)

#define LANEGRAD_ENUMERATOR(Function, ...) Function,
enum class Unary { LANEGRAD_UNARY(LANEGRAD_ENUMERATOR) };
#undef LANEGRAD_ENUMERATOR

#define LANEGRAD_NAME(Function, name, ...) #name,
inline constexpr const char* kUnaryNames[] = {LANEGRAD_UNARY(LANEGRAD_NAME)};
#undef LANEGRAD_NAME

constexpr const char* name_of(Unary op) { return kUnaryNames[static_cast<int>(op)]; }

}  // namespace lanegrad::kernels
