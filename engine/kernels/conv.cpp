// Convolution as products, one panel of b at a time: where gemm.cpp copies a panel from a matrix,
// here it is made from the pixels under the filter. The matrix of all of them, kh · kw times as
// large as the image, never exists.
#include "engine/core/parallel.h"
#include "engine/kernels/kernels.h"
#include "engine/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/conv.cpp"
#include <hwy/foreach_target.h>

#include "engine/kernels/gemm-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lanegrad::kernels {
namespace HWY_NAMESPACE {

// The extents of a convolution, and of the product it is: taps = c · kh · kw pixels of one image go
// into each of places = oh · ow results of each of its o filters.
struct Extents {
  std::size_t n, c, h, w, o, kh, kw, stride, oh, ow, taps, places;
};

Extents ExtentsOf(const Convolution& s) {
  const auto size = [](Index extent) { return static_cast<std::size_t>(extent); };
  return {size(s.n),
          size(s.c),
          size(s.h),
          size(s.w),
          size(s.o),
          size(s.kh),
          size(s.kw),
          size(s.stride),
          size(s.oh()),
          size(s.ow()),
          size(s.c * s.kh * s.kw),
          size(s.oh() * s.ow())};
}

// Walks over taps: where each one's pixel lies for the first place, as an offset into the image.
class TapWalk {
 public:
  TapWalk(const Extents& s, std::size_t tap) : s_(s), row_(tap / s.kw % s.kh), column_(tap % s.kw) {
    offset_ = (tap / (s.kh * s.kw) * s.h + row_) * s.w + column_;
  }
  std::size_t offset() const { return offset_; }
  HWY_INLINE void Next() {
    ++offset_;
    if (++column_ < s_.kw) return;
    column_ = 0;
    offset_ += s_.w - s_.kw;
    if (++row_ < s_.kh) return;
    row_ = 0;
    offset_ += (s_.h - s_.kh) * s_.w;
  }

 private:
  const Extents& s_;
  std::size_t row_, column_, offset_;
};

// Places that follow each other in one row of results: `count` of them, from the place `first` of
// the panel on; the pixels of the first lie at `offset` from those of the first place of all.
struct Run {
  std::size_t first, offset, count;
};

// Calls body(run) for the places begin … begin + count − 1, row by row.
template <class Body>
HWY_INLINE void ForEachRun(const Extents& s, std::size_t begin, std::size_t count, Body body) {
  std::size_t y = begin / s.ow;
  std::size_t x = begin % s.ow;
  for (std::size_t first = 0; first < count; ++y, x = 0) {
    const std::size_t some = HWY_MIN(s.ow - x, count - first);
    body(Run{first, (y * s.w + x) * s.stride, some});
    first += some;
  }
}

// out[i · stride] += x[i], i < n.
HWY_INLINE void AddRun(const float* x, std::size_t stride, std::size_t n, float* out) {
  const hn::CappedTag<float, 4> d;
  constexpr std::size_t kFew = HWY_MIN(kLanes, 4);
  std::size_t i = 0;
  if (stride == 1) {
    for (; i + kFew <= n; i += kFew) {
      hn::StoreU(hn::Add(hn::LoadU(d, out + i), hn::LoadU(d, x + i)), d, out + i);
    }
  }
  for (; i < n; ++i) out[i * stride] += x[i];
}

constexpr std::size_t InWholeVectors(std::size_t n) { return (n + kLanes - 1) / kLanes * kLanes; }

// --- forward: y [o, places] = filters [o, taps] · pixels [taps, places]
// -------------------------------------

// A vector of four may be stored where one element is wanted: the rest is overwritten by what comes
// next, or lies in so many elements behind the panel.
constexpr std::size_t kSlack = 4;

// out[tap][place] for `count` taps and `cols` places, in rows of whole vectors.
HWY_NOINLINE void PackPlaces(const Extents& s, const float* image, std::size_t tap,
                             std::size_t count, std::size_t place, std::size_t cols, float* out) {
  const hn::CappedTag<float, 4> d;
  constexpr std::size_t kFew = HWY_MIN(kLanes, 4);
  Run runs[kCols];
  std::size_t run_count = 0;
  ForEachRun(s, place, cols, [&](const Run& run) { runs[run_count++] = run; });
  const std::size_t pixels = s.c * s.h * s.w;
  const std::size_t width = InWholeVectors(cols);
  TapWalk walk(s, tap);
  for (std::size_t t = 0; t < count; ++t, walk.Next(), out += width) {
    for (std::size_t r = 0; r < run_count; ++r) {
      const Run& run = runs[r];
      const std::size_t from = walk.offset() + run.offset;
      float* to = out + run.first;
      if (s.stride == 1 && from + run.count + kFew <= pixels) {
        for (std::size_t i = 0; i < run.count; i += kFew) {
          hn::StoreU(hn::LoadU(d, image + from + i), d, to + i);
        }
      } else {
        for (std::size_t i = 0; i < run.count; ++i) to[i] = image[from + i * s.stride];
      }
    }
    for (std::size_t i = cols; i < width; ++i) out[i] = 0;
  }
}

void ForwardImage(const Extents& s, const float* image, const float* filters, const float* bias,
                  bool relu, float* y) {
  HWY_ALIGN float packed[kBlockK * kCols + kSlack];
  const std::size_t block = PartOf(s.taps, kBlockK);
  for (std::size_t place = 0; place < s.places; place += kCols) {
    const std::size_t cols = HWY_MIN(kCols, s.places - place);
    for (std::size_t tap = 0; tap < s.taps; tap += block) {
      const std::size_t count = HWY_MIN(block, s.taps - tap);
      const bool complete = tap + count == s.taps;
      PackPlaces(s, image, tap, count, place, cols, packed);
      MultiplyPanel({filters + tap, s.taps, 1}, s.o, packed, InWholeVectors(cols), count, y + place,
                    s.places, cols,
                    {tap > 0, nullptr, tap == 0 ? bias : nullptr, complete && relu});
    }
  }
}

void Conv2dKernel(const Convolution& shape, const float* x, const float* filters, const float* bias,
                  bool relu, float* y) {
  const Extents s = ExtentsOf(shape);
  parallel_for(shape.n, [&](Index n) {
    const auto image = static_cast<std::size_t>(n);
    ForwardImage(s, x + image * s.c * s.h * s.w, filters, bias, relu, y + image * s.o * s.places);
  });
}

// --- the filters' gradient: dw [o, taps] = Σ over images of dy [o, places] · pixels [places, taps]
// ---------

// out[place][tap] for `count` places and `cols` taps, in rows of whole vectors.
HWY_NOINLINE void PackTaps(const Extents& s, const float* image, std::size_t place,
                           std::size_t count, std::size_t tap, std::size_t cols, float* out) {
  const std::size_t width = InWholeVectors(cols);
  const float* from[kCols];
  TapWalk walk(s, tap);
  for (std::size_t t = 0; t < cols; ++t, walk.Next()) from[t] = image + walk.offset();
  ForEachRun(s, place, count, [&](const Run& run) {
    float* to = out + run.first * width;
    std::size_t t = 0;
#if HWY_TARGET != HWY_SCALAR
    if (s.stride == 1) {
      for (; t + 4 <= cols; t += 4) {
        Transpose4(from[t] + run.offset, from[t + 1] + run.offset, from[t + 2] + run.offset,
                   from[t + 3] + run.offset, run.count, to + t, width);
      }
    }
#endif
    for (; t < cols; ++t) {
      const float* x = from[t] + run.offset;
      for (std::size_t i = 0; i < run.count; ++i) to[i * width + t] = x[i * s.stride];
    }
    for (; t < width; ++t) {
      for (std::size_t i = 0; i < run.count; ++i) to[i * width + t] = 0;
    }
  });
}

void Conv2dFilterGradientKernel(const Convolution& shape, const float* x, const float* dy,
                                float* dw) {
  const Extents s = ExtentsOf(shape);
  const std::size_t block = PartOf(s.places, kBlockK);
  parallel_for(static_cast<Index>((s.taps + kCols - 1) / kCols), [&](Index panel) {
    HWY_ALIGN float packed[kBlockK * kCols];
    const std::size_t tap = static_cast<std::size_t>(panel) * kCols;
    const std::size_t cols = HWY_MIN(kCols, s.taps - tap);
    bool add = false;
    for (std::size_t n = 0; n < s.n; ++n) {
      for (std::size_t place = 0; place < s.places; place += block) {
        const std::size_t count = HWY_MIN(block, s.places - place);
        PackTaps(s, x + n * s.c * s.h * s.w, place, count, tap, cols, packed);
        MultiplyPanel({dy + n * s.o * s.places + place, s.places, 1}, s.o, packed,
                      InWholeVectors(cols), count, dw + tap, s.taps, cols,
                      {add, nullptr, nullptr, false});
        add = true;
      }
    }
  });
}

// --- the input's gradient: filtersᵀ [taps, o] · dy [o, places], each added to the pixel it came
// from
// -------

void InputGradientImage(const Extents& s, const float* filters, const float* dy, float* dx) {
  HWY_ALIGN float packed[kBlockK * kCols];
  HWY_ALIGN float sums[kBlockK * kCols];
  for (std::size_t i = 0; i < s.c * s.h * s.w; ++i) dx[i] = 0;
  const std::size_t block_o = PartOf(s.o, kBlockK);
  const std::size_t block_taps = PartOf(s.taps, kBlockK);
  for (std::size_t place = 0; place < s.places; place += kCols) {
    const std::size_t cols = HWY_MIN(kCols, s.places - place);
    const std::size_t width = InWholeVectors(cols);
    for (std::size_t tap = 0; tap < s.taps; tap += block_taps) {
      const std::size_t count = HWY_MIN(block_taps, s.taps - tap);
      for (std::size_t o = 0; o < s.o; o += block_o) {
        const std::size_t some = HWY_MIN(block_o, s.o - o);
        PackRows(dy + o * s.places + place, s.places, cols, some, packed, width);
        MultiplyPanel({filters + o * s.taps + tap, 1, s.taps}, count, packed, width, some, sums,
                      width, width, {o > 0, nullptr, nullptr, false});
      }
      ForEachRun(s, place, cols, [&](const Run& run) {
        TapWalk walk(s, tap);
        float* to = dx + run.offset;
        for (std::size_t t = 0; t < count; ++t, walk.Next()) {
          AddRun(sums + t * width + run.first, s.stride, run.count, to + walk.offset());
        }
      });
    }
  }
}

void Conv2dInputGradientKernel(const Convolution& shape, const float* filters, const float* dy,
                               float* dx) {
  const Extents s = ExtentsOf(shape);
  parallel_for(shape.n, [&](Index n) {
    const auto image = static_cast<std::size_t>(n);
    InputGradientImage(s, filters, dy + image * s.o * s.places, dx + image * s.c * s.h * s.w);
  });
}

}  // namespace HWY_NAMESPACE
}  // namespace lanegrad::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lanegrad::kernels {

HWY_EXPORT(Conv2dKernel);
HWY_EXPORT(Conv2dFilterGradientKernel);
HWY_EXPORT(Conv2dInputGradientKernel);

void conv2d(const Convolution& s, const Real* x, const Real* filters, const Real* bias, bool relu,
            Real* y) {
  HWY_DYNAMIC_DISPATCH(Conv2dKernel)(s, x, filters, bias, relu, y);
}

void conv2d_filter_gradient(const Convolution& s, const Real* x, const Real* dy, Real* dw) {
  HWY_DYNAMIC_DISPATCH(Conv2dFilterGradientKernel)(s, x, dy, dw);
}

void conv2d_input_gradient(const Convolution& s, const Real* filters, const Real* dy, Real* dx) {
  HWY_DYNAMIC_DISPATCH(Conv2dInputGradientKernel)(s, filters, dy, dx);
}

}  // namespace lanegrad::kernels
#endif
