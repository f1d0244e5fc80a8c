// What the convolution's kernels share: its extents, and how their workspaces are divided.
#if defined(LANEGRAD_KERNELS_CONV_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LANEGRAD_KERNELS_CONV_INL_H_
#undef LANEGRAD_KERNELS_CONV_INL_H_
#else
#define LANEGRAD_KERNELS_CONV_INL_H_
#endif

#include <string.h>  // memset, memcpy: no function of <cstring>, see vector-inl.h

#include "engine/kernels/types.h"
#include "engine/kernels/vector-inl.h"

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
// vectors. Results are made in `blocks` of `rows` rows: those of one row of windows, or all of a
// pooled image where that saves nothing, which takes each filter's weights once.
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
        blocks(pooled() && (step < size || !may_have_background()) ? 1 : ph),
        rows(blocks > 1 ? size : oh),
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
  // Whether FindWindows looks for background: in grey images without padding whose rows have a bit
  // of 64 for each pixel.
  bool may_have_background() const {
    return c == 1 && padding == 0 && pooled() && w >= kLanes && w <= 64;
  }

  std::size_t n, c, h, w, o, kh, kw, stride, padding, oh, ow, size, step, ph, pw, blocks, rows;
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

inline void Clear(float* x, std::size_t n) { memset(x, 0, n * sizeof(float)); }

// sums += x.
HWY_NOINLINE inline void AddTo(const float* x, std::size_t n, float* HWY_RESTRICT sums) {
  const D d;
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    hn::StoreU(hn::Add(hn::LoadU(d, sums + i), hn::LoadU(d, x + i)), d, sums + i);
  }
  for (; i < n; ++i) sums[i] += x[i];
}

// What all tiles read when they compute the results: a row of biases, then one row for each tap
// with the weights of all filters; and where each tap's pixel is.
struct Filters {
  HWY_NOINLINE Filters(const Extents& s, Parts& parts)
      : offsets(reinterpret_cast<std::int32_t*>(parts.Take(s.taps))),
        weights(parts.Take((s.taps + 1) * s.width)) {}
  std::int32_t* offsets;
  float* weights;
};

// The workspace of one tile for the results.
struct ForwardParts {
  HWY_NOINLINE ForwardParts(const Extents& s, Parts& parts)
      : pixels(parts.Take(2 * s.h)),
        seen(parts.Take(2 * s.blocks)),
        image(parts.Take(s.padding > 0 ? s.c * s.h * s.w : 0)),
        background(parts.Take(s.width)),
        sums(parts.Take(s.rows * s.ow * s.width)),
        y(parts.Take(s.pooled() ? s.windows * s.width : 0)) {}
  float *pixels, *seen, *image, *background, *sums, *y;
};

// The workspace of one tile for the filters' gradient. SumAll in conv.cpp makes it, with other
// operands: the gradients at all places take the place of the filters, places that of taps, and the
// taps of one channel that of places.
struct GradientParts {
  HWY_NOINLINE GradientParts(const Extents& s, Parts& parts)
      : image(parts.Take(s.padding > 0 ? s.c * s.h * s.w : 0)),
        offsets(parts.Take(s.windows)),
        dy(parts.Take((s.windows + 1) * s.width)),
        sums(parts.Take(s.kh * s.kw * s.width)),
        total(parts.Take(s.taps * s.width)) {}
  float *image, *offsets, *dy, *sums, *total;
};

// The filters as all tiles read them for the gradient of images: a row for each filter and each row
// of a patch.
struct PatchFilters {
  HWY_NOINLINE PatchFilters(const Extents& s, Parts& parts)
      : weights(parts.Take(s.o * s.kh * s.row_width)) {}
  float* weights;
};

// The workspace of one tile for the gradients of a convolution with a pool.
struct BackwardParts {
  HWY_NOINLINE BackwardParts(const Extents& s, bool with_dx, Parts& parts)
      : chosen(parts.Take(2 * s.windows)),
        // The last row of a patch is read and written in whole vectors, so kLanes more numbers are
        // needed.
        image(parts.Take(s.h * s.w * s.c + kLanes)),
        sums(parts.Take(s.o * s.kh * s.row_width)),
        bias(parts.Take(s.o)),
        dx(parts.Take(with_dx ? s.h * s.w * s.c + kLanes : 0)) {}
  float *chosen, *image, *sums, *bias, *dx;
};

}  // namespace HWY_NAMESPACE
}  // namespace lanegrad::kernels
HWY_AFTER_NAMESPACE();

#endif
