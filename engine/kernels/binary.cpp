// Functions of two operands, element by element; an operand may be a single number.
#include <limits>

#include "engine/core/parallel.h"
#include "engine/kernels/kernels.h"
#include "engine/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/binary.cpp"
#include <hwy/foreach_target.h>

#include "engine/kernels/map-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lanegrad::kernels {
namespace HWY_NAMESPACE {

struct AddOp {
  HWY_INLINE V operator()(V a, V b) const { return hn::Add(a, b); }
};
struct SubOp {
  HWY_INLINE V operator()(V a, V b) const { return hn::Sub(a, b); }
};
struct MulOp {
  HWY_INLINE V operator()(V a, V b) const { return hn::Mul(a, b); }
};
struct DivOp {
  HWY_INLINE V operator()(V a, V b) const { return hn::Div(a, b); }
};
struct MaximumOp {
  HWY_INLINE V operator()(V a, V b) const {
    return hn::IfThenElse(hn::Or(hn::Gt(a, b), hn::IsNaN(a)), a, b);
  }
};

// log2 x for positive, finite and normal x: its exponent, plus 2 atanh((m − 1) / (m + 1)) / ln 2 by
// its series, where m in [√½, √2] is the rest.
double Log2(double x) {
  auto bits = __builtin_bit_cast(std::uint64_t, x);
  double exponent = static_cast<double>(bits >> 52) - 1023;
  bits = (bits & ((std::uint64_t{1} << 52) - 1)) | (std::uint64_t{1023} << 52);
  double m = __builtin_bit_cast(double, bits);
  if (m > 1.4142135623730951) {
    m /= 2;
    ++exponent;
  }
  const double s = (m - 1) / (m + 1);
  const double t = s * s;
  const double sum =
      1 + t * (1. / 3 + t * (1. / 5 + t * (1. / 7 + t * (1. / 9 + t * (1. / 11 + t / 13)))));
  return exponent + sum * s * 2.8853900817779268;  // 2 / ln 2
}

// 2^x for |x| ≤ 200: a power of two, and the exponential series for what is left, at most ½ ln 2.
double Exp2(double x) {
  const auto whole = static_cast<std::int64_t>(x < 0 ? x - 0.5 : x + 0.5);
  x = (x - static_cast<double>(whole)) * 0.69314718055994531;
  double sum = 1. / 120 + x * (1. / 720 + x * (1. / 5040 + x / 40320));
  sum = 1 + x * (1 + x * (1. / 2 + x * (1. / 6 + x * (1. / 24 + x * sum))));
  const std::uint64_t bits = static_cast<std::uint64_t>(whole + 1023) << 52;
  return sum * __builtin_bit_cast(double, bits);
}

// x^y as C's pow() defines it, computed in double, so that the result is the nearest float or,
// seldom, its neighbour. It is the same on every platform and a kilobyte smaller than libm's pow().
float Power(float x, float y) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (y == 0 || x == 1) return 1;
  if (x != x || y != y) return x + y;
  const double size = __builtin_fabs(x);
  const double exponent = y;
  const double steps = __builtin_fabs(exponent);
  // True where y is so large that it is whole and even; infinity is, too.
  const bool large = steps >= 16777216;
  const auto whole = static_cast<std::int64_t>(large ? 0 : steps);
  double result = 1;  // also of −1 to an infinite power
  if (size == 0 || size == kInfinity || (steps == kInfinity && size != 1)) {
    result = (size > 1) == (y > 0) ? kInfinity : 0;
  } else if (x < 0 && !large && static_cast<double>(whole) != steps) {
    return std::numeric_limits<float>::quiet_NaN();
  } else if (size != 1) {
    const double log2 = exponent * Log2(size);
    result = log2 >= 128 ? kInfinity : log2 < -200 ? 0 : Exp2(log2);
  }
  const bool odd = !large && static_cast<double>(whole) == steps && whole % 2 == 1;
  return static_cast<float>(odd && __builtin_signbit(x) ? -result : result);
}

template <class Op>
struct OfTwo {
  Op op;
  HWY_INLINE V operator()(V a, V b, V) const { return op(a, b); }
};
template <class Op>
void MapBinary(Op op, const float* a, std::size_t a_step, const float* b, std::size_t b_step,
               float* out, std::size_t n) {
  Map(OfTwo<Op>{op}, a, a_step, b, b_step, a, a_step, out, n);
}

void BinaryKernel(Binary op, const float* a, bool a_scalar, const float* b, bool b_scalar,
                  float* out, std::size_t n) {
  if (n == 0) return;
  // A single value becomes a vector that repeats it.
  const D d;
  HWY_ALIGN float a_lanes[kLanes];
  HWY_ALIGN float b_lanes[kLanes];
  hn::Store(hn::Set(d, *a), d, a_lanes);
  hn::Store(hn::Set(d, *b), d, b_lanes);
  const std::size_t a_step = a_scalar ? 0 : kLanes;
  const std::size_t b_step = b_scalar ? 0 : kLanes;
  const float* const a_from = a_scalar ? a_lanes : a;
  const float* const b_from = b_scalar ? b_lanes : b;
  switch (op) {
    case Binary::Add:
      return MapBinary(AddOp(), a_from, a_step, b_from, b_step, out, n);
    case Binary::Sub:
      return MapBinary(SubOp(), a_from, a_step, b_from, b_step, out, n);
    case Binary::Mul:
      return MapBinary(MulOp(), a_from, a_step, b_from, b_step, out, n);
    case Binary::Div:
      return MapBinary(DivOp(), a_from, a_step, b_from, b_step, out, n);
    case Binary::Maximum:
      return MapBinary(MaximumOp(), a_from, a_step, b_from, b_step, out, n);
    // Pow has many special cases, so it goes one by one.
    case Binary::Pow: {
      for (std::size_t i = 0; i < n; ++i) out[i] = Power(a[a_scalar ? 0 : i], b[b_scalar ? 0 : i]);
      return;
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace lanegrad::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lanegrad::kernels {

HWY_EXPORT(BinaryKernel);

void binary(Binary op, const Real* a, Index a_step, const Real* b, Index b_step, Real* out,
            Index n) {
  parallel_elements(n, [=](Index i, Index count) {
    HWY_DYNAMIC_DISPATCH(BinaryKernel)
    (op, a + i * a_step, a_step == 0, b + i * b_step, b_step == 0, out + i,
     static_cast<std::size_t>(count));
  });
}

}  // namespace lanegrad::kernels
#endif
