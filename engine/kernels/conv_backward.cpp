// The backward pass of a convolution with a pool: it multiplies only for the places that a window
// chose, at most one in four where windows are 2 × 2. Vectors lie across the channels of a patch.
#include "engine/core/parallel.h"
#include "engine/kernels/kernels.h"
#include "engine/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/conv_backward.cpp"
#include <hwy/foreach_target.h>

#include "engine/kernels/conv-inl.h"
#include "engine/kernels/gemm-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lanegrad::kernels {
namespace HWY_NAMESPACE {

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

// Collects in `chosen` the patches that the windows of one filter took their value from, where the
// gradient goes on; returns their number. Without a branch, since where that is looks random.
HWY_NOINLINE std::size_t Choose(const Extents& s, const std::int32_t* patches, const float* dy,
                                Chosen* chosen) {
  std::size_t count = 0;
  for (std::size_t window = 0; window < s.windows; ++window, patches += s.o) {
    chosen[count] = {*patches, dy[window]};
    count += *patches >= 0 ? 1 : 0;
  }
  return count;
}

// Σ dy in four sums at a time, since each addition waits for the one before it.
HWY_NOINLINE float SumOf(const Chosen* chosen, std::size_t count) {
  float sums[4] = {};
  std::size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    HWY_UNROLL(4)
    for (std::size_t j = 0; j < 4; ++j) sums[j] += chosen[i + j].dy;
  }
  for (; i < count; ++i) sums[0] += chosen[i].dy;
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

// Adds one image's part to all gradients.
void BackwardImage(const Extents& s, const std::int32_t* patches, const float* dy,
                   const PatchFilters* filters, const BackwardParts& part) {
  auto* chosen = reinterpret_cast<Chosen*>(part.chosen);
  for (std::size_t o = 0; o < s.o; ++o) {
    const std::size_t count = Choose(s, patches + o, dy + o * s.windows, chosen);
    part.bias[o] += SumOf(chosen, count);
    const std::size_t rows = o * s.kh * s.row_width;
    SumRows(s, chosen, count, part.image, part.sums + rows);
    if (filters) AddRows(s, chosen, count, filters->weights + rows, part.dx);
  }
}

// Copies between an image [c, pixels] and the middle of a padded image with its channels last.
void ChannelsLast(const Extents& s, const float* image, float* last) {
  // Without padding all rows are one.
  const std::size_t h = s.padding > 0 ? s.h - 2 * s.padding : 1;
  const std::size_t w = s.padding > 0 ? s.w - 2 * s.padding : s.h * s.w;
  for (std::size_t y = 0; y < h; ++y) {
    if (s.c == 1) {
      memcpy(last + (y + s.padding) * s.w + s.padding, image + y * w, w * sizeof(float));
      continue;
    }
    Transpose(image + y * w, h * w, s.c, w, last + ((y + s.padding) * s.w + s.padding) * s.c, s.c);
  }
}

void ChannelsFirst(const Extents& s, const float* last, float* image) {
  // Without padding all rows are one.
  const std::size_t h = s.padding > 0 ? s.h - 2 * s.padding : 1;
  const std::size_t w = s.padding > 0 ? s.w - 2 * s.padding : s.h * s.w;
  for (std::size_t y = 0; y < h; ++y) {
    Transpose(last + ((y + s.padding) * s.w + s.padding) * s.c, s.c, w, s.c, image + y * w, h * w);
  }
}

void Conv2dMaxPoolBackwardKernel(const ConvPool& p, const float* x, const float* filters,
                                 const std::int32_t* patches, const float* dy, float* dx, float* dw,
                                 float* dbias, float* workspace) {
  const Extents s(p);
  Parts shared(workspace);
  const PatchFilters packed(s, shared);
  if (dx) Clear(packed.weights, s.o * s.kh * s.row_width);
  for (std::size_t o = 0; dx && o < s.o; ++o) {
    for (std::size_t i = 0; i < s.kh; ++i) {
      Transpose(filters + o * s.taps + i * s.kw, s.kh * s.kw, s.c, s.kw,
                packed.weights + (o * s.kh + i) * s.row_width, s.c);
    }
  }
  workspace += shared.used();
  Parts all(workspace);
  const BackwardParts first(s, dx != nullptr, all);
  parallel_for(static_cast<Index>(s.tiles), [=, &s, &packed](Index index) {
    const auto tile = static_cast<std::size_t>(index);
    Parts parts(workspace + tile * all.used());
    const BackwardParts part(s, dx != nullptr, parts);
    Clear(part.image, s.h * s.w * s.c + kLanes);
    Clear(part.sums, s.o * s.kh * s.row_width);
    Clear(part.bias, s.o);
    for (std::size_t n = tile * s.n / s.tiles; n < (tile + 1) * s.n / s.tiles; ++n) {
      const std::size_t results = n * s.o * s.windows;
      ChannelsLast(s, x + n * s.pixels(), part.image);
      if (dx) Clear(part.dx, s.h * s.w * s.c + kLanes);
      BackwardImage(s, patches + results, dy + results, dx ? &packed : nullptr, part);
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

}  // namespace HWY_NAMESPACE
}  // namespace lanegrad::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lanegrad::kernels {

HWY_EXPORT(Conv2dMaxPoolBackwardKernel);

void conv2d_max_pool_backward(const ConvPool& p, const Real* x, const Real* filters,
                              const std::int32_t* patches, const Real* dy, Real* dx, Real* dw,
                              Real* dbias, Real* workspace) {
  HWY_DYNAMIC_DISPATCH(Conv2dMaxPoolBackwardKernel)
  (p, x, filters, patches, dy, dx, dw, dbias, workspace);
}

}  // namespace lanegrad::kernels
#endif
