// What all kernels share, once per target: the vector type, the last few elements of an array, and
// the multiply-add. Nothing here instantiates a template of the standard library: the linker could
// keep this target's copy of it for code that has to run on every processor.
#if defined(LANEGRAD_KERNELS_VECTOR_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LANEGRAD_KERNELS_VECTOR_INL_H_
#undef LANEGRAD_KERNELS_VECTOR_INL_H_
#else
#define LANEGRAD_KERNELS_VECTOR_INL_H_
#endif

#include <hwy/highway.h>

#include <cstddef>

#include "engine/core/real.h"

HWY_BEFORE_NAMESPACE();
namespace lanegrad::kernels {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;
using M = hn::Mask<D>;

// The number of lanes is known to the compiler: targets with vectors of unknown length are
// disabled.
constexpr std::size_t kLanes = HWY_LANES(float);

// a · b + c, rounded once where the target can. On wasm Highway multiplies, then adds: only relaxed
// SIMD has one instruction for both.
HWY_INLINE V Madd(V a, V b, V c) {
#if HWY_TARGET == HWY_WASM && defined(__wasm_relaxed_simd__)
  return V{wasm_f32x4_relaxed_madd(a.raw, b.raw, c.raw)};
#else
  return hn::MulAdd(a, b, c);
#endif
}

// max(x, 0); NaN where x is NaN.
HWY_INLINE V Relu(V x) { return hn::IfThenZeroElse(hn::Lt(x, hn::Zero(D())), x); }

// The larger one of two numbers, a where they are equal; any number where one of them is NaN. On
// wasm hn::Max takes eight instructions to pass NaN on.
HWY_INLINE V Larger(V a, V b) {
#if HWY_TARGET == HWY_WASM
  return V{wasm_f32x4_pmax(a.raw, b.raw)};
#else
  return hn::IfThenElse(hn::Gt(b, a), b, a);
#endif
}

// x without its digits below 2^-125, which leaves no denormal number and no other one below 2^-78
// in doubt: processors take a hundred times as long with denormal numbers. Two additions are faster
// than a comparison.
HWY_INLINE V FlushDenormal(V x) {
  const V shift = hn::Set(D(), 0x1.8p-102f);
  return hn::Sub(hn::Add(x, shift), shift);
}

// The ends of arrays are rare and their code is long, so they have functions of their own, which
// keeps modules small.

// The first `count` < kLanes elements of p, then `rest`; reads nothing beyond them.
HWY_NOINLINE inline V LoadTail(const float* p, std::size_t count, float rest) {
  HWY_ALIGN float lanes[kLanes];
  for (std::size_t i = 0; i < kLanes; ++i) lanes[i] = i < count ? p[i] : rest;
  return hn::Load(D(), lanes);
}

// Writes the first `count` < kLanes lanes of v and nothing beyond them.
HWY_NOINLINE inline void StoreTail(V v, float* p, std::size_t count) {
  HWY_ALIGN float lanes[kLanes];
  hn::Store(v, D(), lanes);
  for (std::size_t i = 0; i < count; ++i) p[i] = lanes[i];
}

}  // namespace HWY_NAMESPACE
}  // namespace lanegrad::kernels
HWY_AFTER_NAMESPACE();

#endif
