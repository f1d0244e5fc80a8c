// The argument types that kernels and their plain twins share.
#pragma once

#include <cstdint>

#include "engine/core/real.h"
#include "engine/kernels/unary.h"

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

// A matrix [rows, columns] of which most elements are `background`, by what its other elements have
// beyond that: row r holds background + value in column `index` for the entries starts[r] ≤ i <
// ends[r].
struct SparseRows {
  struct Entry {
    std::int32_t index;
    Real value;
  };
  Index rows = 0;
  Index columns = 0;
  Real background = 0;
  std::int32_t* starts = nullptr;
  std::int32_t* ends = nullptr;
  Entry* entries = nullptr;
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

// A convolution of images that get `padding` rows and columns of 0 around them, followed by max
// pooling with windows of size × size results, `step` apart, followed by max(·, 0) where `relu`.
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

// Pooling of planes [planes, h, w] to [planes, oh, ow]: windows of size × size pixels, `stride`
// apart, each wholly inside the plane.
struct Pooling {
  Index planes = 0;
  Index h = 0;
  Index w = 0;
  Index size = 1;
  Index stride = 1;
  Index oh() const { return (h - size) / stride + 1; }
  Index ow() const { return (w - size) / stride + 1; }
};

// A map from pixels of a result to places of the picture that they come from: (x, y) comes from (xx
// · x + xy · y + x0, yx · x + yy · y + y0). The middle of the first pixel is (0, 0), x goes to the
// right and y down.
struct Affine {
  Real xx = 1;
  Real xy = 0;
  Real x0 = 0;
  Real yx = 0;
  Real yy = 1;
  Real y0 = 0;
};

// How the bytes of a channel become numbers: scale · byte + shift.
struct Levels {
  Real scale = 1;
  Real shift = 0;
};

// The exact sums Σ x and Σ x² of bytes.
struct ByteMoments {
  std::uint64_t sum = 0;
  std::uint64_t squares = 0;
};

// Values x [n, channels, size], of which each channel is normalised by itself.
struct BatchNorm {
  Index n = 0;
  Index channels = 0;
  Index size = 1;
  Real epsilon = 0;
  // Whether x is normalised by its own mean and variance, rather than by given ones.
  bool training = false;
};

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
  // The factor that each weight is multiplied by before the step (decoupled weight decay).
  Real shrink = 1;
};

}  // namespace lanegrad::kernels
