// Arrays that are filled, added to another with a factor, or read from bytes.
#include "engine/core/parallel.h"
#include "engine/kernels/kernels.h"
#include "engine/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/elementwise.cpp"
#include <hwy/foreach_target.h>

#include "engine/kernels/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lanegrad::kernels {
namespace HWY_NAMESPACE {

void AxpyKernel(float alpha, const float* x, float* y, std::size_t n) {
  const D d;
  const V a = hn::Set(d, alpha);
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    hn::StoreU(Madd(a, hn::LoadU(d, x + i), hn::LoadU(d, y + i)), d, y + i);
  }
  if (i < n) {
    const std::size_t rest = n - i;
    StoreTail(Madd(a, LoadTail(x + i, rest, 0.0f), LoadTail(y + i, rest, 0.0f)), y + i, rest);
  }
}

void FillKernel(float value, float* x, std::size_t n) {
  const D d;
  const V v = hn::Set(d, value);
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) hn::StoreU(v, d, x + i);
  for (; i < n; ++i) x[i] = value;
}

HWY_INLINE void BytesToReal(const std::uint8_t* x, float scale, float shift, float* out,
                            std::size_t n) {
  const D d;
  const hn::RebindToUnsigned<D> d32;
  const ToFloat to_float;
  const hn::Rebind<std::uint8_t, D> d8;
  const V a = hn::Set(d, scale);
  const V b = hn::Set(d, shift);
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    const V v = to_float(hn::PromoteTo(d32, hn::LoadU(d8, x + i)));
    hn::StoreU(Madd(a, v, b), d, out + i);
  }
  if (i < n) {
    HWY_ALIGN float lanes[kLanes] = {};
    for (std::size_t j = 0; i + j < n; ++j) lanes[j] = static_cast<float>(x[i + j]);
    StoreTail(Madd(a, hn::Load(d, lanes), b), out + i, n - i);
  }
}

void GatherBytesKernel(const std::uint8_t* x, const std::uint32_t* rows, std::size_t count,
                       std::size_t channels, std::size_t width, const Levels* levels, float* out) {
  constexpr std::size_t kFetched = 16;
  // The processor itself goes on with longer rows.
  constexpr std::size_t kShort = 4096;
  const std::size_t size = channels * width;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t* from = x + rows[i] * size;
    if (i % kFetched == 0 && size < kShort) Fetch(x, rows + i, HWY_MIN(kFetched, count - i), size);
    for (std::size_t c = 0; c < channels; ++c, from += width, out += width) {
      BytesToReal(from, levels[c].scale, levels[c].shift, out, width);
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace lanegrad::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lanegrad::kernels {

HWY_EXPORT(AxpyKernel);
HWY_EXPORT(FillKernel);
HWY_EXPORT(GatherBytesKernel);

void axpy(Real alpha, const Real* x, Real* y, Index n) {
  parallel_elements(n, [=](Index i, Index count) {
    HWY_DYNAMIC_DISPATCH(AxpyKernel)(alpha, x + i, y + i, static_cast<std::size_t>(count));
  });
}

void fill(Real value, Real* x, Index n) {
  parallel_elements(n, [=](Index i, Index count) {
    HWY_DYNAMIC_DISPATCH(FillKernel)(value, x + i, static_cast<std::size_t>(count));
  });
}

void gather_bytes(const std::uint8_t* x, const std::uint32_t* rows, Index count, Index channels,
                  Index width, const Levels* levels, Real* out) {
  parallel_rows(count, channels * width, [=](Index row, Index some) {
    HWY_DYNAMIC_DISPATCH(GatherBytesKernel)
    (x, rows + row, static_cast<std::size_t>(some), static_cast<std::size_t>(channels),
     static_cast<std::size_t>(width), levels, out + row * channels * width);
  });
}

}  // namespace lanegrad::kernels
#endif
