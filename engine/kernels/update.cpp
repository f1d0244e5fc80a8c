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

// Calls `step` for every kLanes elements of arrays that it reads and writes; the last few elements
// go through a copy.
template <std::size_t kArrays, class Step>
void ForEachVector(float* const (&arrays)[kArrays], const float* g, std::size_t n, Step step) {
  const D d;
  std::size_t i = 0;
  V state[kArrays];
  for (; i + kLanes <= n; i += kLanes) {
    for (std::size_t a = 0; a < kArrays; ++a) state[a] = hn::LoadU(d, arrays[a] + i);
    step(hn::LoadU(d, g + i), state);
    for (std::size_t a = 0; a < kArrays; ++a) hn::StoreU(state[a], d, arrays[a] + i);
  }
  if (i < n) {
    const std::size_t rest = n - i;
    for (std::size_t a = 0; a < kArrays; ++a) state[a] = LoadTail(arrays[a] + i, rest, 0.0f);
    step(LoadTail(g + i, rest, 0.0f), state);
    for (std::size_t a = 0; a < kArrays; ++a) StoreTail(state[a], arrays[a] + i, rest);
  }
}

struct SgdStep {
  V decay, minus_rate;
  HWY_INLINE void operator()(V g, V (&state)[1]) const {
    V& w = state[0];
    w = Madd(minus_rate, Madd(decay, w, g), w);
  }
};

struct MomentumStep {
  V decay, minus_rate, momentum;
  HWY_INLINE void operator()(V g, V (&state)[2]) const {
    V& w = state[0];
    V& velocity = state[1];
    velocity = FlushDenormal(Madd(momentum, velocity, Madd(decay, w, g)));
    w = Madd(minus_rate, velocity, w);
  }
};

struct NesterovStep {
  V decay, minus_rate, momentum;
  HWY_INLINE void operator()(V gradient, V (&state)[2]) const {
    V& w = state[0];
    V& velocity = state[1];
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
    ForEachVector({w, velocity}, g, n, NesterovStep{decay, minus_rate, hn::Set(d, u.momentum)});
  } else if (velocity) {
    ForEachVector({w, velocity}, g, n, MomentumStep{decay, minus_rate, hn::Set(d, u.momentum)});
  } else {
    ForEachVector({w}, g, n, SgdStep{decay, minus_rate});
  }
}

void AdamUpdateKernel(const AdamUpdate& u, float* w, const float* g, float* m, float* v,
                      std::size_t n) {
  AdamRow(AdamStep(u), w, g, m, v, n);
}

struct AverageStep {
  V share;
  HWY_INLINE void operator()(V w, V (&state)[1]) const {
    V& average = state[0];
    average = FlushDenormal(Madd(share, hn::Sub(w, average), average));
  }
};

void AverageUpdateKernel(float share, const float* w, float* average, std::size_t n) {
  ForEachVector({average}, w, n, AverageStep{hn::Set(D(), share)});
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
