// The step of Adam on a vector of weights, once per target.
#if defined(LANEGRAD_KERNELS_UPDATE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LANEGRAD_KERNELS_UPDATE_INL_H_
#undef LANEGRAD_KERNELS_UPDATE_INL_H_
#else
#define LANEGRAD_KERNELS_UPDATE_INL_H_
#endif

#include <math.h>  // sqrtf: no template or inline function of <cmath>, see vector-inl.h

#include "engine/kernels/types.h"
#include "engine/kernels/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lanegrad::kernels {
namespace HWY_NAMESPACE {

struct AdamStep {
  V decay, shrink, beta1, gain1, beta2, gain2, minus_rate, root_factor, epsilon;

  // The corrections are taken out of the loop: √(v / c₂) = √v · (1 / √c₂), and 1 / c₁ joins the
  // learning rate.
  explicit HWY_INLINE AdamStep(const AdamUpdate& u)
      : decay(hn::Set(D(), u.weight_decay)),
        shrink(hn::Set(D(), u.shrink)),
        beta1(hn::Set(D(), u.beta1)),
        gain1(hn::Set(D(), 1 - u.beta1)),
        beta2(hn::Set(D(), u.beta2)),
        gain2(hn::Set(D(), 1 - u.beta2)),
        minus_rate(hn::Set(D(), -u.learning_rate / u.correction1)),
        root_factor(hn::Set(D(), 1 / sqrtf(u.correction2))),
        epsilon(hn::Set(D(), u.epsilon)) {}

  HWY_INLINE void operator()(V gradient, V& w, V& m, V& v) const {
    const V g = Madd(decay, w, gradient);
    m = FlushDenormal(Madd(beta1, m, hn::Mul(gain1, g)));
    v = FlushDenormal(Madd(beta2, v, hn::Mul(hn::Mul(gain2, g), g)));
    const V root = Madd(hn::Sqrt(v), root_factor, epsilon);
    w = FlushDenormal(Madd(minus_rate, hn::Div(m, root), hn::Mul(shrink, w)));
  }
};

// Adam's step on n weights. The loop is written out: arrays of vectors, as in ForEachVector, are
// kept in memory on wasm.
HWY_NOINLINE inline void AdamRow(const AdamStep& adam, float* w, const float* g, float* m, float* v,
                                 std::size_t n) {
  const D d;
  const AdamStep step = adam;
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    V weight = hn::LoadU(d, w + i);
    V first = hn::LoadU(d, m + i);
    V second = hn::LoadU(d, v + i);
    step(hn::LoadU(d, g + i), weight, first, second);
    hn::StoreU(weight, d, w + i);
    hn::StoreU(first, d, m + i);
    hn::StoreU(second, d, v + i);
  }
  if (i == n) return;
  const std::size_t rest = n - i;
  V weight = LoadTail(w + i, rest, 0);
  V first = LoadTail(m + i, rest, 0);
  V second = LoadTail(v + i, rest, 0);
  step(LoadTail(g + i, rest, 0), weight, first, second);
  StoreTail(weight, w + i, rest);
  StoreTail(first, m + i, rest);
  StoreTail(second, v + i, rest);
}

}  // namespace HWY_NAMESPACE
}  // namespace lanegrad::kernels
HWY_AFTER_NAMESPACE();

#endif
