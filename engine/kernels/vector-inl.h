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
#include <cstdint>

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

// The larger one of two numbers, a where they are equal or b is NaN. On wasm hn::Max takes eight
// instructions to pass NaN on.
HWY_INLINE V Larger(V a, V b) {
#if HWY_TARGET == HWY_WASM
  return V{wasm_f32x4_pmax(a.raw, b.raw)};
#else
  return hn::IfThenElse(hn::Gt(b, a), b, a);
#endif
}

// The smaller one of two numbers, a where they are equal or b is NaN.
HWY_INLINE V Smaller(V a, V b) {
#if HWY_TARGET == HWY_WASM
  return V{wasm_f32x4_pmin(a.raw, b.raw)};
#else
  return hn::IfThenElse(hn::Lt(b, a), b, a);
#endif
}

constexpr float kFlush = 0x1.8p-102f;

// x without its digits below 2^-125, which leaves no denormal number and no other one below 2^-78
// in doubt: processors take a hundred times as long with denormal numbers. Two additions are faster
// than a comparison. `shift` is kFlush.
HWY_INLINE V FlushDenormal(V x, V shift) { return hn::Sub(hn::Add(x, shift), shift); }
HWY_INLINE V FlushDenormal(V x) { return FlushDenormal(x, hn::Set(D(), kFlush)); }

// Makes floats of whole numbers below 2^31. What the compiler knows not to be negative it would
// convert to wasm as an unsigned number, for which x86 has no instruction but takes eight. So it
// must not know that `nothing` is 0.
struct ToFloat {
  using Whole = hn::Vec<hn::RebindToUnsigned<D>>;
#if HWY_TARGET == HWY_WASM
  Whole nothing;
  HWY_INLINE ToFloat() {
    std::uint32_t zero = 0;
    asm("" : "+r"(zero));
    nothing = hn::Set(hn::RebindToUnsigned<D>(), zero);
  }
  HWY_INLINE V operator()(Whole x) const {
    return V{wasm_f32x4_convert_i32x4(hn::Or(x, nothing).raw)};
  }
#else
  HWY_INLINE V operator()(Whole x) const {
    return hn::ConvertTo(D(), hn::BitCast(hn::RebindToSigned<D>(), x));
  }
#endif
};

// Fetches rows of bytes that are needed soon, all at once: they lie anywhere in memory, and each
// would be waited for in turn. Wasm has no instruction for that but to read.
HWY_NOINLINE inline void Fetch(const std::uint8_t* x, const std::uint32_t* rows, std::size_t count,
                               std::size_t size) {
  constexpr std::size_t kCacheLine = 64;
  for (std::size_t row = 0; row < count; ++row) {
    for (std::size_t i = 0; i < size; i += kCacheLine) {
      const std::uint32_t byte = x[rows[row] * size + i];
      asm volatile("" : : "r"(byte));
    }
  }
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
