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

// ---- The background ---------------------------------------------------------
// Patches that hold the value of the image's first pixel and nothing else all give the same result.

// Neighbouring pixels or windows of a row; none where first ≥ end.
struct Range {
  std::uint32_t first, end;
};

// The smallest range with all of the row's pixels that are not `value`; {n, 0} where all are.
// Without branches, since where a stroke begins and ends is different in each row.
Range RangeUnlike(const float* row, std::uint32_t n, float value) {
  const D d;
  std::uint64_t unlike = 0;  // a bit for each pixel
  for (std::uint32_t i = 0; i < n; i += kLanes) {
    const std::uint32_t at = HWY_MIN(i, n - kLanes);
    std::uint64_t bits = 0;
    hn::StoreMaskBits(d, hn::Ne(hn::LoadU(d, row + at), hn::Set(d, value)),
                      reinterpret_cast<std::uint8_t*>(&bits));
    unlike |= bits << at;
  }
  if (unlike == 0) return {n, 0};
  return {static_cast<std::uint32_t>(hwy::Num0BitsBelowLS1Bit_Nonzero64(unlike)),
          64 - static_cast<std::uint32_t>(hwy::Num0BitsAboveMS1Bit_Nonzero64(unlike))};
}

// Finds the range of windows in each block's rows that see more of the image [h, w] than the
// background. It is all windows where fewer than one in eight is left out, which would not pay, and
// where there may be no background. `pixels` is for the ranges of h rows.
HWY_NOINLINE void FindWindows(const Extents& s, const float* image, Range* pixels, Range* windows) {
  const auto w = static_cast<std::uint32_t>(s.w);
  const auto all = static_cast<std::uint32_t>(s.pw);
  const auto step = static_cast<std::uint32_t>(s.step * s.stride);
  const auto width = static_cast<std::uint32_t>((s.size - 1) * s.stride + s.kw);  // of a window
  std::size_t seen = s.blocks * s.pw;
  for (std::size_t y = 0; s.may_have_background() && y < s.h; ++y) {
    pixels[y] = RangeUnlike(image + y * s.w, w, *image);
  }
  for (std::size_t block = 0; s.may_have_background() && block < s.blocks; ++block) {
    Range range{w, 0};
    const Range* row = pixels + block * step;
    for (std::size_t y = 0; y < (s.rows - 1) * s.stride + s.kh; ++y) {
      range = {HWY_MIN(range.first, row[y].first), HWY_MAX(range.end, row[y].end)};
    }
    const std::uint32_t end = HWY_MIN(all, (range.end + step - 1) / step);
    const std::uint32_t first = range.first < width ? 0 : (range.first - width) / step + 1;
    windows[block] = {HWY_MIN(first, end), end};
    seen -= all - (end - windows[block].first);
  }
  if (8 * seen <= 7 * s.blocks * s.pw) return;
  for (std::size_t block = 0; block < s.blocks; ++block) windows[block] = {0, all};
}

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

// Windows of each row in one block, the first of which is window `row`, and how far apart their
// results are, from place to place and from row to row.
struct Block {
  std::size_t row;
  Range windows;
  std::size_t place_step, row_step;
};

// The largest result of each of the block's windows for each filter: y [windows, width]; and the
// offset of the patch that gave it, in the image with its channels last, or −1 where the rectifier
// lets nothing through: patches [windows, o]. With kTwo it is for windows of 2 × 2 and returns true
// where a result may be NaN; only without it are the first NaNs found.
template <bool kTwo>
HWY_NOINLINE bool PoolBlock(const Extents& s, bool relu, const Block& block, const float* sums,
                            float* y, std::int32_t* patches) {
  const D d;
  const hn::RebindToSigned<D> di;
  using VI = hn::Vec<decltype(di)>;
  const std::size_t patch_step = s.stride * s.c;
  const std::size_t place_step = block.place_step;
  const std::size_t row_step = block.row_step;
  const VI across = hn::Set(di, static_cast<std::int32_t>(patch_step));
  const VI down = hn::Set(di, static_cast<std::int32_t>(s.w * patch_step));
  const std::size_t wide = block.windows.end - block.windows.first;
  V total = hn::Zero(d);
  std::size_t row = 0;
  std::size_t column = 0;
  for (std::size_t count = s.ph / s.blocks * wide; count > 0; --count) {
    const std::size_t top = (block.row + row) * s.step;
    const std::size_t left = (block.windows.first + column) * s.step;
    const std::size_t window = (block.row + row) * s.pw + block.windows.first + column;
    const float* results = sums + (row * row_step + column * place_step) * s.step;
    const std::size_t patch = (top * s.w + left) * patch_step;
    if (++column == wide) {
      column = 0;
      ++row;
    }
    for (std::size_t v = 0; v < s.width; v += kLanes) {
      const float* from = results + v;
      V best = hn::LoadU(d, from);
      VI best_patch = hn::Set(di, static_cast<std::int32_t>(patch));
      if (place_step == 0) {
        // All results of the window are the same, so the first one counts.
      } else if constexpr (kTwo) {
        const V b = hn::LoadU(d, from + place_step);
        const V c = hn::LoadU(d, from + row_step);
        const V e = hn::LoadU(d, from + row_step + place_step);
        total = hn::Add(total, hn::Add(hn::Add(best, b), hn::Add(c, e)));
        const auto right = hn::VecFromMask(di, hn::RebindMask(di, hn::Gt(b, best)));
        const auto below_right = hn::VecFromMask(di, hn::RebindMask(di, hn::Gt(e, c)));
        const V top_best = Larger(best, b);
        const V below_best = Larger(c, e);
        const auto below = hn::RebindMask(di, hn::Gt(below_best, top_best));
        best = Larger(top_best, below_best);
        best_patch = hn::Add(best_patch, hn::IfThenElseZero(below, down));
        best_patch =
            hn::Add(best_patch, hn::And(hn::IfThenElse(below, below_right, right), across));
      } else {
        for (std::size_t i = 0; i < s.size; ++i) {
          for (std::size_t j = 0; j < s.size; ++j) {
            const V value = hn::LoadU(d, from + i * row_step + j * place_step);
            const M better =
                hn::Or(hn::Gt(value, best), hn::AndNot(hn::IsNaN(best), hn::IsNaN(value)));
            best = hn::IfThenElse(better, value, best);
            const auto there = static_cast<std::int32_t>(patch + (i * s.w + j) * patch_step);
            best_patch = hn::IfThenElse(hn::RebindMask(di, better), hn::Set(di, there), best_patch);
          }
        }
      }
      if (relu) {
        const auto stopped = hn::RebindMask(di, hn::Le(best, hn::Zero(d)));
        best_patch = hn::Or(best_patch, hn::VecFromMask(di, stopped));
        best = Relu(best);
      }
      hn::StoreU(best, d, y + window * s.width + v);
      std::int32_t* to = patches + window * s.o + v;
      if (v + kLanes <= s.o) {
        hn::StoreU(best_patch, di, to);
      } else {
        HWY_ALIGN std::int32_t lanes[kLanes];
        hn::Store(best_patch, di, lanes);
        for (std::size_t i = 0; v + i < s.o; ++i) to[i] = lanes[i];
      }
    }
  }
  return !hn::AllFalse(d, hn::IsNaN(total));
}

HWY_NOINLINE void PoolBlock(const Extents& s, bool relu, const Block& block, const float* sums,
                            float* y, std::int32_t* patches) {
  if (s.size == 2 && !PoolBlock<true>(s, relu, block, sums, y, patches)) return;
  PoolBlock<false>(s, relu, block, sums, y, patches);
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

// The results of one image: y [o, windows] and patches [windows, o].
void ForwardImage(const Extents& s, bool relu, const float* image, const Filters& filters,
                  const ForwardParts& part, float* y, std::int32_t* patches) {
  auto* seen = reinterpret_cast<Range*>(part.seen);
  FindWindows(s, image, reinterpret_cast<Range*>(part.pixels), seen);
  Sums sums{s.taps, s.width, 1, s.stride, 1, s.stride * s.w};
  bool known = false;  // whether the background's results are
  for (std::size_t block = 0; block < s.blocks; ++block) {
    const std::size_t top = block * s.step;
    const Range range = seen[block];
    const float* pixels = image + top * sums.row_step;
    if (!known && range.end - range.first < s.pw) {
      const std::size_t column = range.first > 0 ? 0 : range.end;
      sums.places = sums.rows = 1;
      SumAll(sums, pixels + column * s.step * s.stride, filters.offsets, filters.weights,
             part.background);
      known = true;
    }
    const std::size_t wide = range.end - range.first;
    sums.places = wide > 0 ? (wide - 1) * s.step + s.size : 0;
    sums.rows = s.rows;
    if (wide > 0) {
      SumAll(sums, pixels + range.first * s.step * s.stride, filters.offsets, filters.weights,
             part.sums);
    }
    if (s.pooled()) {
      const auto all = static_cast<std::uint32_t>(s.pw);
      const Block windows{block, range, s.width, sums.places * s.width};
      PoolBlock(s, relu, windows, part.sums, part.y, patches);
      PoolBlock(s, relu, {block, {0, range.first}, 0, 0}, part.background, part.y, patches);
      PoolBlock(s, relu, {block, {range.end, all}, 0, 0}, part.background, part.y, patches);
    } else {
      if (relu) Rectify(part.sums, s.ow * s.width);
      Transpose(part.sums, s.width, s.ow, s.o, y + top * s.ow, s.windows);
    }
  }
  if (s.pooled()) Transpose(part.y, s.width, s.windows, s.o, y, s.windows);
}

void Conv2dMaxPoolKernel(const ConvPool& p, const float* x, const float* filters, const float* bias,
                         float* y, std::int32_t* patches, float* workspace) {
  const Extents s(p);
  Parts shared(workspace);
  const Filters packed(s, shared);
  for (std::size_t tap = 0; tap < s.taps; ++tap) {
    // The row of the filter, counted over all channels.
    const std::size_t row = tap / s.kw;
    packed.offsets[tap] =
        static_cast<std::int32_t>((row / s.kh * s.h + row % s.kh) * s.w + tap % s.kw);
  }
  Clear(packed.weights, (s.taps + 1) * s.width);
  for (std::size_t o = 0; bias && o < s.o; ++o) packed.weights[o] = bias[o];
  Transpose(filters, s.taps, s.o, s.taps, packed.weights + s.width, s.width);
  workspace += shared.used();
  Parts all(nullptr);
  ForwardParts(s, all);
  parallel_for(static_cast<Index>(s.tiles), [=, &s, &p](Index index) {
    const auto tile = static_cast<std::size_t>(index);
    Parts parts(workspace + tile * all.used());
    const ForwardParts part(s, parts);
    if (s.padding > 0) Clear(part.image, s.c * s.h * s.w);
    for (std::size_t n = tile * s.n / s.tiles; n < (tile + 1) * s.n / s.tiles; ++n) {
      ForwardImage(s, p.relu, Padded(s, x + n * s.pixels(), part.image), packed, part,
                   y + n * s.o * s.windows, patches ? patches + n * s.windows * s.o : nullptr);
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
  Parts shared(nullptr);
  Parts forward(nullptr);
  Parts backward(nullptr);
  Filters(s, shared);
  ForwardParts(s, forward);
  if (s.pooled()) {
    PatchFilters(s, shared);
    BackwardParts(s, true, backward);
  } else {
    GradientParts(s, backward);
  }
  return static_cast<Index>(shared.used() + s.tiles * HWY_MAX(forward.used(), backward.used()));
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
