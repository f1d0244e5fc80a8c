// Pooling, plane by plane. The usual windows of 2 × 2 are compared in the lanes.
#include "engine/core/parallel.h"
#include "engine/kernels/kernels.h"
#include "engine/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/pool.cpp"
#include <hwy/foreach_target.h>

#include "engine/kernels/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lanegrad::kernels {
namespace HWY_NAMESPACE {

// The fields of a Pooling as unsigned numbers.
struct Windows {
  std::size_t h, w, size, stride, oh, ow;
};

Windows WindowsOf(const Pooling& p) {
  const auto number = [](Index n) { return static_cast<std::size_t>(n); };
  return {number(p.h),      number(p.w),    number(p.size),
          number(p.stride), number(p.oh()), number(p.ow())};
}

// The largest of each of the windows x … ow − 1 of row y.
HWY_INLINE void MaxOfRow(const Windows& p, const float* plane, std::size_t y, std::size_t x,
                         float* out, std::int32_t* pixels) {
  for (; x < p.ow; ++x) {
    std::size_t best = y * p.stride * p.w + x * p.stride;
    for (std::size_t i = 0; i < p.size; ++i) {
      const std::size_t begin = (y * p.stride + i) * p.w + x * p.stride;
      for (std::size_t pixel = begin; pixel < begin + p.size; ++pixel) {
        const bool first_nan = plane[pixel] != plane[pixel] && plane[best] == plane[best];
        if (plane[pixel] > plane[best] || first_nan) best = pixel;
      }
    }
    out[x] = plane[best];
    pixels[x] = static_cast<std::int32_t>(best);
  }
}

// The largest of each 2 × 2 window of row y, in whole vectors of windows; returns how many windows
// that were.
HWY_INLINE std::size_t MaxOfPairs(const Windows& p, const float* plane, std::size_t y, float* out,
                                  std::int32_t* pixels) {
  const D d;
  const hn::RebindToSigned<D> di;
  using VI = hn::Vec<decltype(di)>;
  const auto take = [&](V value, VI pixel, V& best, VI& best_pixel) HWY_ATTR {
    const M better = hn::Or(hn::Gt(value, best), hn::AndNot(hn::IsNaN(best), hn::IsNaN(value)));
    best = hn::IfThenElse(better, value, best);
    best_pixel = hn::IfThenElse(hn::RebindMask(di, better), pixel, best_pixel);
  };
  const auto width = static_cast<std::int32_t>(p.w);
  std::size_t x = 0;
  for (; x + kLanes <= p.ow; x += kLanes) {
    const std::size_t begin = 2 * y * p.w + 2 * x;
    V best, right, below, below_right;
    hn::LoadInterleaved2(d, plane + begin, best, right);
    hn::LoadInterleaved2(d, plane + begin + p.w, below, below_right);
    const VI lanes = hn::Iota(di, 0);
    VI pixel = hn::Add(hn::Add(lanes, lanes), hn::Set(di, static_cast<std::int32_t>(begin)));
    const VI first = pixel;
    take(right, hn::Add(first, hn::Set(di, 1)), best, pixel);
    take(below, hn::Add(first, hn::Set(di, width)), best, pixel);
    take(below_right, hn::Add(first, hn::Set(di, width + 1)), best, pixel);
    hn::StoreU(best, d, out + x);
    hn::StoreU(pixel, di, pixels + x);
  }
  return x;
}

void MaxPlane(const Pooling& pooling, const float* plane, float* out, std::int32_t* pixels) {
  const Windows p = WindowsOf(pooling);
  for (std::size_t y = 0; y < p.oh; ++y, out += p.ow, pixels += p.ow) {
    const bool pairs = p.size == 2 && p.stride == 2;
    const std::size_t done = pairs ? MaxOfPairs(p, plane, y, out, pixels) : 0;
    MaxOfRow(p, plane, y, done, out, pixels);
  }
}

void MeanPlane(const Pooling& pooling, const float* plane, float* out) {
  const Windows p = WindowsOf(pooling);
  const auto area = static_cast<float>(p.size * p.size);
  for (std::size_t y = 0; y < p.oh; ++y) {
    for (std::size_t x = 0; x < p.ow; ++x) {
      float sum = 0;
      for (std::size_t i = 0; i < p.size; ++i) {
        const float* row = plane + (y * p.stride + i) * p.w + x * p.stride;
        for (std::size_t j = 0; j < p.size; ++j) sum += row[j];
      }
      *out++ = sum / area;
    }
  }
}

void SpreadPlane(const Pooling& pooling, const float* dy, float* dx) {
  const Windows p = WindowsOf(pooling);
  const auto area = static_cast<float>(p.size * p.size);
  for (std::size_t i = 0; i < p.h * p.w; ++i) dx[i] = 0;
  for (std::size_t y = 0; y < p.oh; ++y) {
    for (std::size_t x = 0; x < p.ow; ++x) {
      const float part = *dy++ / area;
      for (std::size_t i = 0; i < p.size; ++i) {
        float* row = dx + (y * p.stride + i) * p.w + x * p.stride;
        for (std::size_t j = 0; j < p.size; ++j) row[j] += part;
      }
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace lanegrad::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lanegrad::kernels {

HWY_EXPORT(MaxPlane);
HWY_EXPORT(MeanPlane);
HWY_EXPORT(SpreadPlane);

namespace {

// Calls body(plane) for every plane, some of them on other threads.
template <class Body>
void for_each_plane(const Pooling& p, Body body) {
  parallel_rows(p.planes, p.h * p.w, [=](Index first, Index count) {
    for (Index plane = first; plane < first + count; ++plane) body(plane);
  });
}

}  // namespace

void max_pool2d(const Pooling& p, const Real* x, Real* y, std::int32_t* pixels) {
  const Index windows = p.oh() * p.ow();
  for_each_plane(p, [=, &p](Index plane) {
    HWY_DYNAMIC_DISPATCH(MaxPlane)
    (p, x + plane * p.h * p.w, y + plane * windows, pixels + plane * windows);
  });
}

void max_pool2d_backward(const Pooling& p, const Real* dy, const std::int32_t* pixels, Real* dx) {
  const Index windows = p.oh() * p.ow();
  for_each_plane(p, [=, &p](Index plane) {
    Real* to = dx + plane * p.h * p.w;
    for (Index i = 0; i < p.h * p.w; ++i) to[i] = 0;
    for (Index i = plane * windows; i < (plane + 1) * windows; ++i) to[pixels[i]] += dy[i];
  });
}

void avg_pool2d(const Pooling& p, const Real* x, Real* y) {
  for_each_plane(p, [=, &p](Index plane) {
    HWY_DYNAMIC_DISPATCH(MeanPlane)(p, x + plane * p.h * p.w, y + plane * p.oh() * p.ow());
  });
}

void avg_pool2d_backward(const Pooling& p, const Real* dy, Real* dx) {
  for_each_plane(p, [=, &p](Index plane) {
    HWY_DYNAMIC_DISPATCH(SpreadPlane)(p, dy + plane * p.oh() * p.ow(), dx + plane * p.h * p.w);
  });
}

}  // namespace lanegrad::kernels
#endif
