// exp, log, tanh and sigmoid of vectors. The functions are Highway's, which are right within a few
// units in the last place on a limited range, completed for infinities, NaN and everything else
// outside that range.
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

}  // namespace HWY_NAMESPACE
}  // namespace lanegrad::kernels
HWY_AFTER_NAMESPACE();

#endif
