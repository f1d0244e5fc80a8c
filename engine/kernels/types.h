// The argument types that kernels and their plain twins share.
#pragma once

#include <cstdint>

#include "engine/core/real.h"

namespace lanegrad::kernels {

// c = op(a) · op(b), or c += where `accumulate`. op(a): [m, k], op(b): [k, n], c: [m, n], all
// row-major and dense. a is stored [m, k], or [k, m] where `transpose_a`; b is stored [k, n], or
// [n, k] where `transpose_b`. k = 0 gives zeros. Each element is summed over k in an order that
// depends on the shape only. Then, where asked for, `bias` [n] is added to each row and negative
// results become 0, exactly as if it were done in steps of its own.
struct Gemm {
  const Real* a = nullptr;
  const Real* b = nullptr;
  Real* c = nullptr;
  Index m = 0;
  Index n = 0;
  Index k = 0;
  bool transpose_a = false;
  bool transpose_b = false;
  bool accumulate = false;
  const Real* bias = nullptr;
  bool relu = false;
};

// A convolution of n images x [n, c, h, w] with o filters [o, c, kh, kw], as deep learning calls it
// (the filters are not mirrored), at every place where the filter lies inside.
struct Convolution {
  Index n = 0;
  Index c = 0;
  Index h = 0;
  Index w = 0;
  Index o = 0;
  Index kh = 1;
  Index kw = 1;
  Index stride = 1;
};

// A convolution of images that get `padding` rows and columns of 0 around them, then the largest of
// each window of size × size of its results, `step` apart, then no less than 0 where `relu`.
struct ConvPool {
  Convolution conv;  // h and w without the padding
  Index padding = 0;
  Index size = 2;
  Index step = 2;
  bool relu = false;
  Index ph() const { return windows(conv.h, conv.kh); }
  Index pw() const { return windows(conv.w, conv.kw); }
  Index windows(Index extent, Index kernel) const {
    return ((extent + 2 * padding - kernel) / conv.stride + 1 - size) / step + 1;
  }
};

// Windows of size × size pixels on planes [planes, h, w], `stride` apart, each wholly inside:
// [planes, oh, ow].
struct Pooling {
  Index planes = 0;
  Index h = 0;
  Index w = 0;
  Index size = 1;
  Index stride = 1;
  Index oh() const { return (h - size) / stride + 1; }
  Index ow() const { return (w - size) / stride + 1; }
};

// Where the pixel (x, y) of a picture comes from: (xx · x + xy · y + x0, yx · x + yy · y + y0). The
// middle of the first pixel is (0, 0), x goes to the right and y down.
struct Affine {
  Real xx = 1;
  Real xy = 0;
  Real x0 = 0;
  Real yx = 0;
  Real yy = 1;
  Real y0 = 0;
};

// Σ x and Σ x² of bytes, exactly.
struct ByteMoments {
  std::uint64_t sum = 0;
  std::uint64_t squares = 0;
};

// Values x [n, channels, size], each channel of which is normalised by itself.
struct BatchNorm {
  Index n = 0;
  Index channels = 0;
  Index size = 1;
  Real epsilon = 0;
  bool training = false;  // by the mean and variance that x has, else by given ones
};

enum class Unary { Neg, Abs, Exp, Log, Sqrt, Tanh, Sigmoid, Relu, Gelu };
enum class Binary { Add, Sub, Mul, Div, Pow, Maximum };

// Settings of one optimizer step; the formulas stand at the updates in kernels.h.
struct SgdUpdate {
  Real learning_rate = 0;
  Real momentum = 0;
  Real weight_decay = 0;
  bool nesterov = false;
};

struct AdamUpdate {
  Real learning_rate = 0;
  Real beta1 = 0;
  Real beta2 = 0;
  Real epsilon = 0;
  Real weight_decay = 0;
  Real correction1 = 1;  // 1 − beta1^t, t = 1 for the first step
  Real correction2 = 1;  // 1 − beta2^t
  Real shrink = 1;       // what each weight is multiplied by besides
};

}  // namespace lanegrad::kernels
