// Convolution, alone or with max pooling in one operation, image by image. The results of all
// filters are summed at once, a few places at a time: vectors lie across the filters, so every
// vector is full whatever the image's width is. The filters' gradient is the same loop with other
// operands. With a pool, the results of the convolution never leave the cache, and the backward
// pass multiplies only for the places that a window chose, at most one in four where windows are 2
// × 2; there vectors lie across the channels of a patch.
#include <string.h>  // memset: no function of <cstring>, see vector-inl.h

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

constexpr std::size_t InVectors(std::size_t n) { return (n + kLanes - 1) / kLanes; }

// The most tiles that the images are cut into, whatever the number of threads. Each tile has a
// workspace and sums up gradients of its own.
constexpr std::size_t kTiles = 16;

// The extents of a ConvPool, where h and w include the padding. The results of all filters at one
// place fill `width` numbers, which is a whole number of vectors. One of the kh rows of a patch, kw
// pixels with c channels each, has `row` numbers and fills `row_width`, again a whole number of
// vectors.
struct Extents {
  // It is not inlined, as the parts below are not: it runs once for a batch or a tile.
  HWY_NOINLINE explicit Extents(const ConvPool& p)
      : n(Size(p.conv.n)),
        c(Size(p.conv.c)),
        h(Size(p.conv.h + 2 * p.padding)),
        w(Size(p.conv.w + 2 * p.padding)),
        o(Size(p.conv.o)),
        kh(Size(p.conv.kh)),
        kw(Size(p.conv.kw)),
        stride(Size(p.conv.stride)),
        padding(Size(p.padding)),
        oh((h - kh) / stride + 1),
        ow((w - kw) / stride + 1),
        size(Size(p.size)),
        step(Size(p.step)),
        ph((oh - size) / step + 1),
        pw((ow - size) / step + 1),
        taps(c * kh * kw),
        windows(ph * pw),
        width(InVectors(o) * kLanes),
        row(kw * c),
        row_width(InVectors(row) * kLanes),
        tiles(HWY_MIN(n, kTiles)) {}
  static std::size_t Size(Index extent) { return static_cast<std::size_t>(extent); }
  // The numbers of one image without its padding.
  std::size_t pixels() const { return c * (h - 2 * padding) * (w - 2 * padding); }
  bool pooled() const { return size * step > 1; }

  std::size_t n, c, h, w, o, kh, kw, stride, padding, oh, ow, size, step, ph, pw;
  std::size_t taps, windows, width, row, row_width, tiles;
};

// Hands out parts of a tile's workspace, each of which starts at a multiple of 64 bytes. Without a
// base it only counts how much is needed.
class Parts {
 public:
  explicit Parts(float* base) : base_(base) {}
  float* Take(std::size_t n) {
    float* part = base_ ? base_ + used_ : nullptr;
    used_ += (n + 15) / 16 * 16;
    return part;
  }
  std::size_t used() const { return used_; }

 private:
  float* base_;
  std::size_t used_ = 0;
};

void Clear(float* x, std::size_t n) { memset(x, 0, n * sizeof(float)); }

// sums += x.
HWY_NOINLINE void AddTo(const float* x, std::size_t n, float* HWY_RESTRICT sums) {
  const D d;
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    hn::StoreU(hn::Add(hn::LoadU(d, sums + i), hn::LoadU(d, x + i)), d, sums + i);
  }
  for (; i < n; ++i) sums[i] += x[i];
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

struct ForwardParts {
  HWY_NOINLINE ForwardParts(const Extents& s, Parts& parts)
      : image(parts.Take(s.padding > 0 ? s.c * s.h * s.w : 0)),
        offsets(parts.Take(s.taps)),
        filters(parts.Take((s.taps + 1) * s.width)),
        sums(parts.Take((s.pooled() ? s.oh : 1) * s.ow * s.width)),
        y(parts.Take(s.pooled() ? s.windows * s.width : 0)) {}
  float *image, *offsets, *filters, *sums, *y;
};

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

// The workspace of one tile for the filters' gradient. SumAll makes it, with other operands: the
// gradients at all places take the place of the filters, places that of taps, and the taps of one
// channel that of places.
struct GradientParts {
  HWY_NOINLINE GradientParts(const Extents& s, Parts& parts)
      : image(parts.Take(s.padding > 0 ? s.c * s.h * s.w : 0)),
        offsets(parts.Take(s.windows)),
        dy(parts.Take((s.windows + 1) * s.width)),
        sums(parts.Take(s.kh * s.kw * s.width)),
        total(parts.Take(s.taps * s.width)) {}
  float *image, *offsets, *dy, *sums, *total;
};

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

// ---- Backward ---------------------------------------------------------------

// A patch that a window chose, and the gradient of the result that it was made of.
struct Chosen {
  std::int32_t patch;
  float dy;
};

// sums [R, W vectors] += Σ dy · R rows of the patch, `step` apart.
template <std::size_t R, std::size_t W>
HWY_NOINLINE void SumPatches(const Chosen* HWY_RESTRICT chosen, std::size_t count,
                             const float* HWY_RESTRICT image, std::size_t step,
                             float* HWY_RESTRICT sums, std::size_t sums_step) {
  const D d;
  V sum[R][W];
  HWY_UNROLL(16)
  for (std::size_t r = 0; r < R; ++r) {
    HWY_UNROLL(16)
    for (std::size_t w = 0; w < W; ++w) sum[r][w] = hn::LoadU(d, sums + r * sums_step + w * kLanes);
  }
  for (std::size_t i = 0; i < count; ++i) {
    const float* x = image + chosen[i].patch;
    const V dy = hn::Set(d, chosen[i].dy);
    HWY_UNROLL(16)
    for (std::size_t r = 0; r < R; ++r, x += step) {
      HWY_UNROLL(16)
      for (std::size_t w = 0; w < W; ++w) {
        sum[r][w] = Madd(dy, hn::LoadU(d, x + w * kLanes), sum[r][w]);
      }
    }
  }
  HWY_UNROLL(16)
  for (std::size_t r = 0; r < R; ++r) {
    HWY_UNROLL(16)
    for (std::size_t w = 0; w < W; ++w) hn::StoreU(sum[r][w], d, sums + r * sums_step + w * kLanes);
  }
}

// image [patch] += dy · weights [W vectors] for all chosen.
template <std::size_t W>
HWY_NOINLINE void AddToPatches(const Chosen* HWY_RESTRICT chosen, std::size_t count,
                               const float* HWY_RESTRICT weights, float* HWY_RESTRICT image) {
  const D d;
  V weight[W];
  HWY_UNROLL(16)
  for (std::size_t w = 0; w < W; ++w) weight[w] = hn::LoadU(d, weights + w * kLanes);
  for (std::size_t i = 0; i < count; ++i) {
    float* x = image + chosen[i].patch;
    const V dy = hn::Set(d, chosen[i].dy);
    HWY_UNROLL(16)
    for (std::size_t w = 0; w < W; ++w) {
      hn::StoreU(Madd(dy, weight[w], hn::LoadU(d, x + w * kLanes)), d, x + w * kLanes);
    }
  }
}

// The most vectors of a patch's row that are handled at a time. Rows are handled in parts of 9, 6,
// 3, 2 or 1 vectors.
constexpr std::size_t kRowVectors = 9;
constexpr std::size_t FewerVectors(std::size_t vectors) {
  return vectors > 3 ? vectors - 3 : vectors - 1;
}

// Handles as many of the row's vectors at once as can be, and returns how many those were.
template <std::size_t W = kRowVectors>
std::size_t AddRow(std::size_t vectors, const Chosen* chosen, std::size_t count,
                   const float* weights, float* image) {
  if constexpr (W > 1) {
    if (vectors < W) return AddRow<FewerVectors(W)>(vectors, chosen, count, weights, image);
  }
  AddToPatches<W>(chosen, count, weights, image);
  return W;
}

template <std::size_t W = kRowVectors>
std::size_t SumRow(std::size_t vectors, const Chosen* chosen, std::size_t count, const float* image,
                   float* sums) {
  if constexpr (W > 1) {
    if (vectors < W) return SumRow<FewerVectors(W)>(vectors, chosen, count, image, sums);
  }
  SumPatches<1, W>(chosen, count, image, 0, sums, 0);
  return W;
}

// sums [kh, row_width] += Σ dy · patch.
void SumRows(const Extents& s, const Chosen* chosen, std::size_t count, const float* image,
             float* sums) {
  const std::size_t vectors = s.row_width / kLanes;
  const std::size_t step = s.w * s.c;
  if (s.kh == 5 && vectors == 2) {  // one grey channel: all rows at once
    return SumPatches<5, 2>(chosen, count, image, step, sums, s.row_width);
  }
  if (s.kh == 3 && vectors == 1) {
    return SumPatches<3, 1>(chosen, count, image, step, sums, s.row_width);
  }
  for (std::size_t i = 0; i < s.kh; ++i) {
    for (std::size_t v = 0; v < vectors;) {
      v += SumRow(vectors - v, chosen, count, image + i * step + v * kLanes,
                  sums + i * s.row_width + v * kLanes);
    }
  }
}

void AddRows(const Extents& s, const Chosen* chosen, std::size_t count, const float* weights,
             float* image) {
  const std::size_t vectors = s.row_width / kLanes;
  for (std::size_t i = 0; i < s.kh; ++i) {
    for (std::size_t v = 0; v < vectors;) {
      v += AddRow(vectors - v, chosen, count, weights + i * s.row_width + v * kLanes,
                  image + i * s.w * s.c + v * kLanes);
    }
  }
}

struct BackwardParts {
  HWY_NOINLINE BackwardParts(const Extents& s, bool with_dx, Parts& parts)
      : chosen(parts.Take(2 * s.windows)),
        // The last row of a patch is read and written in whole vectors, so kLanes more numbers are
        // needed.
        image(parts.Take(s.h * s.w * s.c + kLanes)),
        sums(parts.Take(s.o * s.kh * s.row_width)),
        bias(parts.Take(s.o)),
        filters(parts.Take(with_dx ? s.o * s.kh * s.row_width : 0)),
        dx(parts.Take(with_dx ? s.h * s.w * s.c + kLanes : 0)) {}
  float *chosen, *image, *sums, *bias, *filters, *dx;
};

// Collects in `chosen` the patches that the windows of filter o took their value from, where the
// gradient goes on; returns their number.
HWY_NOINLINE std::size_t Choose(const Extents& s, bool relu, std::size_t o,
                                const std::int32_t* patches, const float* y, const float* dy,
                                Chosen* chosen) {
  y += o * s.windows;
  dy += o * s.windows;
  patches += o;
  std::size_t count = 0;
  for (std::size_t window = 0; window < s.windows; ++window, patches += s.o) {
    chosen[count] = {*patches, dy[window]};
    count += !(relu && y[window] <= 0);
  }
  return count;
}

// Adds one image's part to all gradients.
void BackwardImage(const Extents& s, bool relu, const std::int32_t* patches, const float* y,
                   const float* dy, bool dx, const BackwardParts& part) {
  auto* chosen = reinterpret_cast<Chosen*>(part.chosen);
  for (std::size_t o = 0; o < s.o; ++o) {
    const std::size_t count = Choose(s, relu, o, patches, y, dy, chosen);
    float sum = 0;
    for (std::size_t i = 0; i < count; ++i) sum += chosen[i].dy;
    part.bias[o] += sum;
    const std::size_t rows = o * s.kh * s.row_width;
    SumRows(s, chosen, count, part.image, part.sums + rows);
    if (dx) AddRows(s, chosen, count, part.filters + rows, part.dx);
  }
}

// Copies between an image [c, pixels] and the middle of a padded image with its channels last.
void ChannelsLast(const Extents& s, const float* image, float* last) {
  const std::size_t h = s.h - 2 * s.padding;
  const std::size_t w = s.w - 2 * s.padding;
  for (std::size_t y = 0; y < h; ++y) {
    Transpose(image + y * w, h * w, s.c, w, last + ((y + s.padding) * s.w + s.padding) * s.c, s.c);
  }
}

void ChannelsFirst(const Extents& s, const float* last, float* image) {
  const std::size_t h = s.h - 2 * s.padding;
  const std::size_t w = s.w - 2 * s.padding;
  for (std::size_t y = 0; y < h; ++y) {
    Transpose(last + ((y + s.padding) * s.w + s.padding) * s.c, s.c, w, s.c, image + y * w, h * w);
  }
}

void Conv2dMaxPoolBackwardKernel(const ConvPool& p, const float* x, const float* filters,
                                 const std::int32_t* patches, const float* y, const float* dy,
                                 float* dx, float* dw, float* dbias, float* workspace) {
  const Extents s(p);
  Parts all(workspace);
  const BackwardParts first(s, dx != nullptr, all);
  parallel_for(static_cast<Index>(s.tiles), [=, &s, &p](Index index) {
    const auto tile = static_cast<std::size_t>(index);
    Parts parts(workspace + tile * all.used());
    const BackwardParts part(s, dx != nullptr, parts);
    Clear(part.image, s.h * s.w * s.c + kLanes);
    Clear(part.sums, s.o * s.kh * s.row_width);
    Clear(part.bias, s.o);
    if (dx) Clear(part.filters, s.o * s.kh * s.row_width);
    for (std::size_t o = 0; dx && o < s.o; ++o) {
      for (std::size_t i = 0; i < s.kh; ++i) {
        Transpose(filters + o * s.taps + i * s.kw, s.kh * s.kw, s.c, s.kw,
                  part.filters + (o * s.kh + i) * s.row_width, s.c);
      }
    }
    for (std::size_t n = tile * s.n / s.tiles; n < (tile + 1) * s.n / s.tiles; ++n) {
      const std::size_t results = n * s.o * s.windows;
      ChannelsLast(s, x + n * s.pixels(), part.image);
      if (dx) Clear(part.dx, s.h * s.w * s.c + kLanes);
      BackwardImage(s, p.relu, patches + results, y + results, dy + results, dx != nullptr, part);
      if (dx) ChannelsFirst(s, part.dx, dx + n * s.pixels());
    }
  });

  const std::size_t size = s.o * s.kh * s.row_width;
  for (std::size_t tile = 1; tile < s.tiles; ++tile) {
    Parts parts(workspace + tile * all.used());
    const BackwardParts part(s, dx != nullptr, parts);
    AddTo(part.sums, size, first.sums);
    AddTo(part.bias, s.o, first.bias);
  }
  for (std::size_t o = 0; o < s.o; ++o) {
    if (dbias) dbias[o] = first.bias[o];
    for (std::size_t i = 0; i < s.kh; ++i) {
      Transpose(first.sums + (o * s.kh + i) * s.row_width, s.c, s.kw, s.c,
                dw + o * s.taps + i * s.kw, s.kh * s.kw);
    }
  }
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
HWY_EXPORT(Conv2dMaxPoolBackwardKernel);
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

void conv2d_max_pool_backward(const ConvPool& p, const Real* x, const Real* filters,
                              const std::int32_t* patches, const Real* y, const Real* dy, Real* dx,
                              Real* dw, Real* dbias, Real* workspace) {
  HWY_DYNAMIC_DISPATCH(Conv2dMaxPoolBackwardKernel)
  (p, x, filters, patches, y, dy, dx, dw, dbias, workspace);
}

}  // namespace lanegrad::kernels
#endif
