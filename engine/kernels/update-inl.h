// What optimizers do to vectors of weights, once per target.
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

// Calls step(gradient, state …) for every kLanes elements of g and of the arrays that it reads and
// writes; the last few elements go through a copy. Vectors are never kept in arrays, which
// compilers for wasm leave in memory.
template <class Step>
HWY_INLINE void ForEachVector(const Step& step, const float* g, std::size_t n, float* x) {
  const D d;
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    V a = hn::LoadU(d, x + i);
    step(hn::LoadU(d, g + i), a);
    hn::StoreU(a, d, x + i);
  }
  if (i == n) return;
  V a = LoadTail(x + i, n - i, 0);
  step(LoadTail(g + i, n - i, 0), a);
  StoreTail(a, x + i, n - i);
}

template <class Step>
HWY_INLINE void ForEachVector(const Step& step, const float* g, std::size_t n, float* x, float* y) {
  const D d;
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    V a = hn::LoadU(d, x + i);
    V b = hn::LoadU(d, y + i);
    step(hn::LoadU(d, g + i), a, b);
    hn::StoreU(a, d, x + i);
    hn::StoreU(b, d, y + i);
  }
  if (i == n) return;
  V a = LoadTail(x + i, n - i, 0);
  V b = LoadTail(y + i, n - i, 0);
  step(LoadTail(g + i, n - i, 0), a, b);
  StoreTail(a, x + i, n - i);
  StoreTail(b, y + i, n - i);
}

template <class Step>
HWY_INLINE void ForEachVector(const Step& step, const float* g, std::size_t n, float* x, float* y,
                              float* z) {
  const D d;
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    V a = hn::LoadU(d, x + i);
    V b = hn::LoadU(d, y + i);
    V c = hn::LoadU(d, z + i);
    step(hn::LoadU(d, g + i), a, b, c);
    hn::StoreU(a, d, x + i);
    hn::StoreU(b, d, y + i);
    hn::StoreU(c, d, z + i);
  }
  if (i == n) return;
  V a = LoadTail(x + i, n - i, 0);
  V b = LoadTail(y + i, n - i, 0);
  V c = LoadTail(z + i, n - i, 0);
  step(LoadTail(g + i, n - i, 0), a, b, c);
  StoreTail(a, x + i, n - i);
  StoreTail(b, y + i, n - i);
  StoreTail(c, z + i, n - i);
}

struct AdamStep {
  // `flush` is kFlush, kept in a register: with a constant in the loop V8 15 takes 4 % longer.
  V decay, shrink, beta1, gain1, beta2, gain2, minus_rate, root_factor, epsilon, flush;

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
        epsilon(hn::Set(D(), u.epsilon)),
        flush(hn::Set(D(), kFlush)) {}

  HWY_INLINE void operator()(V gradient, V& w, V& m, V& v) const {
    const V g = Madd(decay, w, gradient);
    m = FlushDenormal(Madd(beta1, m, hn::Mul(gain1, g)), flush);
    v = FlushDenormal(Madd(beta2, v, hn::Mul(hn::Mul(gain2, g), g)), flush);
    const V root = Madd(hn::Sqrt(v), root_factor, epsilon);
    w = FlushDenormal(Madd(minus_rate, hn::Div(m, root), hn::Mul(shrink, w)), flush);
  }
};

// Adam's step on n weights.
HWY_NOINLINE inline void AdamRow(const AdamStep& adam, float* w, const float* g, float* m, float* v,
                                 std::size_t n) {
  const AdamStep step = adam;
  ForEachVector(step, g, n, w, m, v);
}

}  // namespace HWY_NAMESPACE
}  // namespace lanegrad::kernels
HWY_AFTER_NAMESPACE();

#endif
