// Optimizer steps in one pass over weights, gradients and state.
#include "engine/core/parallel.h"
#include "engine/kernels/kernels.h"
#include "engine/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/update.cpp"
#include <hwy/foreach_target.h>

#include "engine/kernels/update-inl.h"
#include "engine/kernels/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lanegrad::kernels {
namespace HWY_NAMESPACE {

struct SgdStep {
  V decay, minus_rate;
  HWY_INLINE void operator()(V g, V& w) const { w = Madd(minus_rate, Madd(decay, w, g), w); }
};

struct MomentumStep {
  V decay, minus_rate, momentum;
  HWY_INLINE void operator()(V g, V& w, V& velocity) const {
    velocity = FlushDenormal(Madd(momentum, velocity, Madd(decay, w, g)));
    w = Madd(minus_rate, velocity, w);
  }
};

struct NesterovStep {
  V decay, minus_rate, momentum;
  HWY_INLINE void operator()(V gradient, V& w, V& velocity) const {
    const V g = Madd(decay, w, gradient);
    velocity = FlushDenormal(Madd(momentum, velocity, g));
    w = Madd(minus_rate, Madd(momentum, velocity, g), w);
  }
};

void SgdUpdateKernel(const SgdUpdate& u, float* w, const float* g, float* velocity, std::size_t n) {
  const D d;
  const V decay = hn::Set(d, u.weight_decay);
  const V minus_rate = hn::Set(d, -u.learning_rate);
  if (velocity && u.nesterov) {
    ForEachVector(NesterovStep{decay, minus_rate, hn::Set(d, u.momentum)}, g, n, w, velocity);
  } else if (velocity) {
    ForEachVector(MomentumStep{decay, minus_rate, hn::Set(d, u.momentum)}, g, n, w, velocity);
  } else {
    ForEachVector(SgdStep{decay, minus_rate}, g, n, w);
  }
}

void AdamUpdateKernel(const AdamUpdate& u, float* w, const float* g, float* m, float* v,
                      std::size_t n) {
  AdamRow(AdamStep(u), w, g, m, v, n);
}

struct AverageStep {
  V share;
  HWY_INLINE void operator()(V w, V& average) const {
    average = FlushDenormal(Madd(share, hn::Sub(w, average), average));
  }
};

void AverageUpdateKernel(float share, const float* w, float* average, std::size_t n) {
  ForEachVector(AverageStep{hn::Set(D(), share)}, w, n, average);
}

}  // namespace HWY_NAMESPACE
}  // namespace lanegrad::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lanegrad::kernels {

HWY_EXPORT(SgdUpdateKernel);
HWY_EXPORT(AdamUpdateKernel);
HWY_EXPORT(AverageUpdateKernel);

void sgd_update(const SgdUpdate& u, Real* w, const Real* g, Real* velocity, Index n) {
  parallel_elements(n, [=, &u](Index i, Index count) {
    HWY_DYNAMIC_DISPATCH(SgdUpdateKernel)
    (u, w + i, g + i, velocity ? velocity + i : nullptr, static_cast<std::size_t>(count));
  });
}

void adam_update(const AdamUpdate& u, Real* w, const Real* g, Real* m, Real* v, Index n) {
  parallel_elements(n, [=, &u](Index i, Index count) {
    HWY_DYNAMIC_DISPATCH(AdamUpdateKernel)
    (u, w + i, g + i, m + i, v + i, static_cast<std::size_t>(count));
  });
}

void average_update(Real share, const Real* w, Real* average, Index n) {
  parallel_elements(n, [=](Index i, Index count) {
    HWY_DYNAMIC_DISPATCH(AverageUpdateKernel)
    (share, w + i, average + i, static_cast<std::size_t>(count));
  });
}

}  // namespace lanegrad::kernels
#endif
