// exp, log, tanh and sigmoid of vectors, and the normal distribution for GELU. The functions are
// Highway's, which are right within a few units in the last place on a limited range, completed for
// infinities, NaN and everything else outside that range.
#if defined(LANEGRAD_KERNELS_MATH_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LANEGRAD_KERNELS_MATH_INL_H_
#undef LANEGRAD_KERNELS_MATH_INL_H_
#else
#define LANEGRAD_KERNELS_MATH_INL_H_
#endif

#include <hwy/contrib/math/math-inl.h>

#include <limits>

#include "engine/kernels/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lanegrad::kernels {
namespace HWY_NAMESPACE {

HWY_NOINLINE inline V Exp(V x) {
  const D d;
  // Beyond these bounds e^x is 0 or infinite in float. NaN becomes 0 here, so that Highway's
  // conversion to an integer is defined, and is put back at the end.
  const V low = hn::Set(d, -110.0f);
  const V high = hn::Set(d, 89.0f);
  V inside = hn::IfThenElse(hn::Gt(x, high), high, x);
  inside = hn::IfThenElse(hn::Lt(x, low), low, inside);
  const M nan = hn::IsNaN(x);
  return hn::IfThenElse(nan, x, hn::Exp(d, hn::IfThenZeroElse(nan, inside)));
}

HWY_NOINLINE inline V Log(V x) {
  const D d;
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  const V zero = hn::Zero(d);
  const V infinity = hn::Set(d, kInfinity);
  const V special = hn::IfThenElse(hn::Eq(x, zero), hn::Set(d, -kInfinity),
                                   hn::IfThenElse(hn::Lt(x, zero), hn::Set(d, kNan), x));
  const M regular = hn::And(hn::Gt(x, zero), hn::Lt(x, infinity));
  return hn::IfThenElse(regular, hn::Log(d, hn::IfThenElse(regular, x, hn::Set(d, 1.0f))), special);
}

HWY_INLINE V Tanh(V x) {
  const D d;
  const V limit = hn::Set(d, 20.0f);  // tanh is 1 in float from 9.1 on
  V inside = hn::IfThenElse(hn::Gt(hn::Abs(x), limit), hn::CopySign(limit, x), x);
  const M nan = hn::IsNaN(x);
  return hn::IfThenElse(nan, x, hn::Tanh(d, hn::IfThenZeroElse(nan, inside)));
}

// 1 / (1 + e^−x) where x ≥ 0, e^x / (1 + e^x) where it is not: no exponential overflows.
HWY_INLINE V Sigmoid(V x) {
  const D d;
  const V one = hn::Set(d, 1.0f);
  const V e = Exp(hn::Neg(hn::Abs(x)));
  const V numerator = hn::IfThenElse(hn::Lt(x, hn::Zero(d)), e, one);
  return hn::Div(numerator, hn::Add(one, e));
}

// The standard normal distribution at |x|: its tail and its bell. Beyond 14 both are 0 in float.
struct Normal {
  V magnitude;  // |x|, at most 15: finite
  V tail;       // 1 − Φ(|x|)
  V bell;       // e^(−x²/2)
};

// The tail is the bell times a function that falls slowly from 1/2. A polynomial in t = 1 / (1 +
// 0.27 · |x|), of the form of Abramowitz and Stegun 7.1.26, gives that function within 2.4e-8; its
// coefficients were fitted to it, relative to its size, for |x| ≤ 15.
HWY_INLINE Normal NormalAt(V x) {
  const D d;
  const V one = hn::Set(d, 1.0f);
  const V limit = hn::Set(d, 15.0f);
  const V absolute = hn::Abs(x);
  Normal normal;
  normal.magnitude = hn::IfThenElse(hn::Gt(absolute, limit), limit, absolute);  // NaN stays
  const V half_square = hn::Mul(hn::Mul(normal.magnitude, normal.magnitude), hn::Set(d, -0.5f));
  normal.bell = Exp(half_square);
  const V t = hn::Div(one, Madd(hn::Set(d, 0.27f), normal.magnitude, one));
  V sum = hn::Set(d, 0.0289955176f);
  sum = Madd(sum, t, hn::Set(d, -0.126658723f));
  sum = Madd(sum, t, hn::Set(d, 0.170156211f));
  sum = Madd(sum, t, hn::Set(d, -0.0696507767f));
  sum = Madd(sum, t, hn::Set(d, 0.108142629f));
  sum = Madd(sum, t, hn::Set(d, 0.0719082952f));
  sum = Madd(sum, t, hn::Set(d, 0.101848572f));
  sum = Madd(sum, t, hn::Set(d, 0.10753727f));
  sum = Madd(sum, t, hn::Set(d, 0.107721001f));
  normal.tail = hn::Mul(normal.bell, hn::Mul(sum, t));
  return normal;
}

}  // namespace HWY_NAMESPACE
}  // namespace lanegrad::kernels
HWY_AFTER_NAMESPACE();

#endif
