// Convolution, alone or with max pooling in one operation, image by image. The results of all
// filters are summed at once, a few places at a time: vectors lie across the filters, so every
// vector is full whatever the image's width is. The filters' gradient is the same loop with other
// operands. With a pool, the results of the convolution never leave the cache.
#include "engine/core/parallel.h"
#include "engine/kernels/kernels.h"
#include "engine/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/conv.cpp"
#include <hwy/foreach_target.h>

#include "engine/kernels/conv-inl.h"
#include "engine/kernels/gemm-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lanegrad::kernels {
namespace HWY_NAMESPACE {

// ---- Forward ----------------------------------------------------------------

// The sums to make: of `taps` products at each of `places` places in each of `rows` rows. The
// pixels of the next place are `stride` further on, those of the next row `row_step`.
struct Sums {
  std::size_t taps, width, places, stride, rows, row_step;
};

// sums [tiles · R, W vectors of filters] for consecutive places of a row: for each tap, the pixel
// that it meets times all filters' weights for that tap. `filters` is a row of biases, then one row
// for each tap.
template <std::size_t R, std::size_t W>
HWY_NOINLINE void SumPlaces(const Sums& s, const float* pixels, const std::int32_t* offsets,
                            const float* HWY_RESTRICT filters, std::size_t tiles,
                            float* HWY_RESTRICT sums) {
  const D d;
  const std::size_t width = s.width;
  const std::size_t taps = s.taps;
  const std::size_t stride = s.stride;
  for (; tiles > 0; --tiles, pixels += R * stride, sums += R * width) {
    V sum[R][W];
    HWY_UNROLL(16)
    for (std::size_t r = 0; r < R; ++r) {
      HWY_UNROLL(16)
      for (std::size_t w = 0; w < W; ++w) sum[r][w] = hn::LoadU(d, filters + w * kLanes);
    }
    const float* weights = filters + width;
    for (std::size_t tap = 0; tap < taps; ++tap, weights += width) {
      V weight[W];
      HWY_UNROLL(16)
      for (std::size_t w = 0; w < W; ++w) weight[w] = hn::LoadU(d, weights + w * kLanes);
      const float* pixel = pixels + offsets[tap];
      HWY_UNROLL(16)
      for (std::size_t r = 0; r < R; ++r, pixel += stride) {
        const V x = hn::Set(d, *pixel);
        HWY_UNROLL(16)
        for (std::size_t w = 0; w < W; ++w) sum[r][w] = Madd(x, weight[w], sum[r][w]);
      }
    }
    HWY_UNROLL(16)
    for (std::size_t r = 0; r < R; ++r) {
      HWY_UNROLL(16)
      for (std::size_t w = 0; w < W; ++w) hn::StoreU(sum[r][w], d, sums + r * width + w * kLanes);
    }
  }
}

using SumPlacesKernel = void (*)(const Sums& s, const float* pixels, const std::int32_t* offsets,
                                 const float* HWY_RESTRICT filters, std::size_t tiles,
                                 float* HWY_RESTRICT sums);

template <std::size_t R, std::size_t W>
SumPlacesKernel ChoosePlaces(std::size_t places) {
  if constexpr (R > 1) {
    if (places < R) return ChoosePlaces<R - 1, W>(places);
  }
  return SumPlaces<R, W>;
}

// SumPlaces for all places, W vectors of filters at a time, from the vector that starts at `v` on.
// Returns where fewer than W vectors are left.
template <std::size_t W>
std::size_t SumVectors(const Sums& s, const float* pixels, const std::int32_t* offsets,
                       const float* filters, float* sums, std::size_t v) {
  constexpr std::size_t kPlaces = RowsFor(2);
  const std::size_t part = PartOf(s.places, kPlaces);
  const std::size_t rest = s.places % part;
  const std::size_t done = s.places - rest;
  const SumPlacesKernel main = ChoosePlaces<kPlaces, W>(part);
  const SumPlacesKernel last = ChoosePlaces<kPlaces, W>(rest);
  for (; v + W * kLanes <= s.width; v += W * kLanes) {
    for (std::size_t row = 0; row < s.rows; ++row) {
      const float* from = pixels + row * s.row_step;
      float* to = sums + row * s.places * s.width + v;
      main(s, from, offsets, filters + v, s.places / part, to);
      if (rest == 0) continue;
      last(s, from + done * s.stride, offsets, filters + v, 1, to + done * s.width);
    }
  }
  return v;
}

// All filters at all places: sums [rows · places, width].
HWY_NOINLINE void SumAll(const Sums& s, const float* pixels, const std::int32_t* offsets,
                         const float* filters, float* sums) {
  SumVectors<1>(s, pixels, offsets, filters, sums,
                SumVectors<2>(s, pixels, offsets, filters, sums, 0));
}

// The largest result of each window for each filter: y [windows, width]; and the offset of the
// patch that gave it, in the image with its channels last: patches [windows, o]. Size is the
// windows' size, or 0 for any size. Returns true where a result may be NaN; then only a call with
// kCareful finds the first NaN of each window.
template <std::size_t Size, bool kCareful>
HWY_NOINLINE bool PoolImage(const Extents& s, bool relu, const float* sums, float* y,
                            std::int32_t* patches) {
  const D d;
  const hn::RebindToSigned<D> di;
  using VI = hn::Vec<decltype(di)>;
  const std::size_t size = Size > 0 ? Size : s.size;
  const std::size_t patch_step = s.stride * s.c;
  V total = hn::Zero(d);
  for (std::size_t window = 0; window < s.windows; ++window, y += s.width, patches += s.o) {
    const std::size_t top = window / s.pw * s.step;
    const std::size_t left = window % s.pw * s.step;
    const float* results = sums + (top * s.ow + left) * s.width;
    const std::size_t patch = (top * s.w + left) * patch_step;
    for (std::size_t v = 0; v < s.width; v += kLanes) {
      V best = hn::LoadU(d, results + v);
      VI best_patch = hn::Set(di, static_cast<std::int32_t>(patch));
      HWY_UNROLL(2)
      for (std::size_t i = 0; i < size; ++i) {
        HWY_UNROLL(2)
        for (std::size_t j = 0; j < size; ++j) {
          const V value = hn::LoadU(d, results + (i * s.ow + j) * s.width + v);
          M better = hn::Gt(value, best);
          if (kCareful) {
            better = hn::Or(better, hn::AndNot(hn::IsNaN(best), hn::IsNaN(value)));
          } else {
            total = hn::Add(total, value);
          }
          if (i + j == 0) continue;
          best = hn::IfThenElse(better, value, best);
          const auto there = static_cast<std::int32_t>(patch + (i * s.w + j) * patch_step);
          best_patch = hn::IfThenElse(hn::RebindMask(di, better), hn::Set(di, there), best_patch);
        }
      }
      hn::StoreU(relu ? Relu(best) : best, d, y + v);
      if (v + kLanes <= s.o) {
        hn::StoreU(best_patch, di, patches + v);
      } else {
        HWY_ALIGN std::int32_t lanes[kLanes];
        hn::Store(best_patch, di, lanes);
        for (std::size_t i = 0; v + i < s.o; ++i) patches[v + i] = lanes[i];
      }
    }
  }
  return !hn::AllFalse(d, hn::IsNaN(total));
}

void PoolImage(const Extents& s, bool relu, const float* sums, float* y, std::int32_t* patches) {
  if (s.size == 2 && !PoolImage<2, false>(s, relu, sums, y, patches)) return;
  PoolImage<0, true>(s, relu, sums, y, patches);
}

// x = max(x, 0) for n numbers, a whole number of vectors.
void Rectify(float* x, std::size_t n) {
  for (std::size_t i = 0; i < n; i += kLanes) {
    hn::StoreU(Relu(hn::LoadU(D(), x + i)), D(), x + i);
  }
}

// The image with its padding. It is copied into `out`, which holds 0 around the copy; without
// padding it is the image itself.
const float* Padded(const Extents& s, const float* image, float* out) {
  if (s.padding == 0) return image;
  const std::size_t h = s.h - 2 * s.padding;
  const std::size_t w = s.w - 2 * s.padding;
  for (std::size_t c = 0; c < s.c; ++c) {
    for (std::size_t y = 0; y < h; ++y, image += w) {
      float* to = out + (c * s.h + y + s.padding) * s.w + s.padding;
      for (std::size_t x = 0; x < w; ++x) to[x] = image[x];
    }
  }
  return out;
}

void Conv2dMaxPoolKernel(const ConvPool& p, const float* x, const float* filters, const float* bias,
                         float* y, std::int32_t* patches, float* workspace) {
  const Extents s(p);
  Parts all(nullptr);
  ForwardParts(s, all);
  // Without a pool, results are made one row at a time, which stays in the cache.
  const Sums sums{s.taps, s.width, s.ow, s.stride, s.pooled() ? s.oh : 1, s.stride * s.w};
  parallel_for(static_cast<Index>(s.tiles), [=, &s, &sums](Index index) {
    const auto tile = static_cast<std::size_t>(index);
    Parts parts(workspace + tile * all.used());
    const ForwardParts part(s, parts);
    auto* offsets = reinterpret_cast<std::int32_t*>(part.offsets);
    for (std::size_t tap = 0; tap < s.taps; ++tap) {
      // The row of the filter, counted over all channels.
      const std::size_t row = tap / s.kw;
      offsets[tap] = static_cast<std::int32_t>((row / s.kh * s.h + row % s.kh) * s.w + tap % s.kw);
    }
    Clear(part.filters, (s.taps + 1) * s.width);
    for (std::size_t o = 0; bias && o < s.o; ++o) part.filters[o] = bias[o];
    Transpose(filters, s.taps, s.o, s.taps, part.filters + s.width, s.width);
    if (s.padding > 0) Clear(part.image, s.c * s.h * s.w);

    for (std::size_t n = tile * s.n / s.tiles; n < (tile + 1) * s.n / s.tiles; ++n) {
      const float* image = Padded(s, x + n * s.pixels(), part.image);
      float* results = y + n * s.o * s.windows;
      for (std::size_t row = 0; row < s.oh; row += sums.rows) {
        SumAll(sums, image + row * sums.row_step, offsets, part.filters, part.sums);
        if (s.pooled()) break;
        if (p.relu) Rectify(part.sums, s.ow * s.width);
        Transpose(part.sums, s.width, s.ow, s.o, results + row * s.ow, s.windows);
      }
      if (!s.pooled()) continue;
      PoolImage(s, p.relu, part.sums, part.y, patches + n * s.windows * s.o);
      Transpose(part.y, s.width, s.windows, s.o, results, s.windows);
    }
  });
}

// ---- The filters' gradient, without a pool ----------------------------------

void Conv2dFilterGradientKernel(const ConvPool& p, const float* x, const float* dy, float* dw,
                                float* workspace) {
  const Extents s(p);
  Parts all(workspace);
  const GradientParts first(s, all);
  parallel_for(static_cast<Index>(s.tiles), [=, &s](Index index) {
    const auto tile = static_cast<std::size_t>(index);
    Parts parts(workspace + tile * all.used());
    const GradientParts part(s, parts);
    auto* offsets = reinterpret_cast<std::int32_t*>(part.offsets);
    for (std::size_t place = 0; place < s.windows; ++place) {
      offsets[place] = static_cast<std::int32_t>((place / s.ow * s.w + place % s.ow) * s.stride);
    }
    if (s.padding > 0) Clear(part.image, s.c * s.h * s.w);
    Clear(part.dy, (s.windows + 1) * s.width);
    Clear(part.total, s.taps * s.width);
    for (std::size_t n = tile * s.n / s.tiles; n < (tile + 1) * s.n / s.tiles; ++n) {
      const float* image = Padded(s, x + n * s.pixels(), part.image);
      Transpose(dy + n * s.o * s.windows, s.windows, s.o, s.windows, part.dy + s.width, s.width);
      for (std::size_t c = 0; c < s.c; ++c) {
        SumAll({s.windows, s.width, s.kw, 1, s.kh, s.w}, image + c * s.h * s.w, offsets, part.dy,
               part.sums);
        AddTo(part.sums, s.kh * s.kw * s.width, part.total + c * s.kh * s.kw * s.width);
      }
    }
  });
  for (std::size_t tile = 1; tile < s.tiles; ++tile) {
    Parts parts(workspace + tile * all.used());
    AddTo(GradientParts(s, parts).total, s.taps * s.width, first.total);
  }
  Transpose(first.total, s.width, s.taps, s.o, dw, s.taps);
}

Index Conv2dWorkspaceKernel(const ConvPool& p) {
  const Extents s(p);
  Parts forward(nullptr);
  Parts backward(nullptr);
  ForwardParts(s, forward);
  if (s.pooled()) {
    BackwardParts(s, true, backward);
  } else {
    GradientParts(s, backward);
  }
  return static_cast<Index>(s.tiles * HWY_MAX(forward.used(), backward.used()));
}

}  // namespace HWY_NAMESPACE
}  // namespace lanegrad::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lanegrad::kernels {

HWY_EXPORT(Conv2dMaxPoolKernel);
HWY_EXPORT(Conv2dFilterGradientKernel);
HWY_EXPORT(Conv2dWorkspaceKernel);

Index conv2d_workspace(const ConvPool& p) { return HWY_DYNAMIC_DISPATCH(Conv2dWorkspaceKernel)(p); }

void conv2d_max_pool(const ConvPool& p, const Real* x, const Real* filters, const Real* bias,
                     Real* y, std::int32_t* patches, Real* workspace) {
  HWY_DYNAMIC_DISPATCH(Conv2dMaxPoolKernel)(p, x, filters, bias, y, patches, workspace);
}

void conv2d_filter_gradient(const ConvPool& p, const Real* x, const Real* dy, Real* dw,
                            Real* workspace) {
  HWY_DYNAMIC_DISPATCH(Conv2dFilterGradientKernel)(p, x, dy, dw, workspace);
}

}  // namespace lanegrad::kernels
#endif
