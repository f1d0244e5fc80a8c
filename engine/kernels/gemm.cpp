// The matrix product, blocked as in Goto and van de Geijn, "Anatomy of high-performance matrix
// multiplication" (2008). Blocks of a and b are copied into panels that the inner loop reads in
// order; a tile of c stays in registers while it is summed over one block of k.
//
//   packed a: panels of at most kRows rows, each [k][kRows]
//   packed b: panels of kCols columns, each [k][kCols]; the last one only as wide as it needs in
//   whole vectors
#include "engine/core/parallel.h"
#include "engine/kernels/kernels.h"
#include "engine/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/gemm.cpp"
#include <hwy/foreach_target.h>

#include "engine/kernels/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lanegrad::kernels {
namespace HWY_NAMESPACE {

// The register tile: kRows · kVectors sums, kVectors of b and one of a must fit into the registers.
#if (HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3) || HWY_ARCH_ARM_A64  // 32 registers
constexpr std::size_t kRows = 8;
constexpr std::size_t kVectors = 3;
#elif HWY_TARGET == HWY_WASM  // 16 in V8 on x86-64, and the fastest tile measured there
constexpr std::size_t kRows = 5;
constexpr std::size_t kVectors = 2;
#else                         // 16 registers
constexpr std::size_t kRows = 4;
constexpr std::size_t kVectors = 3;
#endif
constexpr std::size_t kCols = kVectors * kLanes;

constexpr std::size_t RoundUp(std::size_t n, std::size_t step) {
  return (n + step - 1) / step * step;
}
constexpr std::size_t RoundDown(std::size_t n, std::size_t step) { return n / step * step; }

// Blocks: what is packed at a time. 512 KiB each for a and b stay in a level 2 cache.
constexpr std::size_t kBlockK = 256;
constexpr std::size_t kBlockRows = RoundDown(512, kRows);
constexpr std::size_t kBlockCols = RoundDown(512, kCols);
// Tiles: what one thread does at a time.
constexpr std::size_t kTilePanels = 64 / kRows;
constexpr std::size_t kTileCols = RoundUp(128, kCols);
// With at most so many rows, b is read in place: each panel is used too few times to copy it.
constexpr std::size_t kDirectRows = 2 * kRows;

// What happens to a tile of sums before it is stored.
struct Finish {
  bool add;           // to what c holds
  const float* bias;  // then added to each row, where not null
  bool relu;          // then negative numbers become 0
};

// One block of the product: c [rows, cols] (+)= a [rows, k] · b [k, cols]. The rows are cut into
// panels of nearly the same height, at most kRows, so that no panel is much less than full.
struct Block {
  float* packed_a;
  const float* b;  // where full panels are read in place, else null
  std::size_t b_stride;
  float* packed_b;
  float* c;
  std::size_t c_stride;
  std::size_t cols;
  std::size_t k;
  Finish finish;

  // Panels of rows, and the height of the lower ones; the first `higher` have one row more.
  std::size_t panels;
  std::size_t height;
  std::size_t higher;

  void CutRows(std::size_t count) {
    panels = (count + kRows - 1) / kRows;
    height = count / panels;
    higher = count % panels;
  }
  std::size_t PanelBegin(std::size_t panel) const {
    return panel * height + HWY_MIN(panel, higher);
  }
  std::size_t PanelHeight(std::size_t panel) const { return height + (panel < higher); }
};

// --- packing
// --------------------------------------------------------------------------------------

// out[l][r] = x[l · stride + r], r < width, then zeros up to `panel`.
void PackRows(const float* x, std::size_t stride, std::size_t width, std::size_t k, float* out,
              std::size_t panel) {
  const D d;
  const hn::CappedTag<float, 4> d4;
  constexpr std::size_t kFew = HWY_MIN(kLanes, 4);
  for (std::size_t l = 0; l < k; ++l, x += stride, out += panel) {
    std::size_t r = 0;
    for (; r + kLanes <= width; r += kLanes) hn::StoreU(hn::LoadU(d, x + r), d, out + r);
    for (; r + kFew <= width; r += kFew) hn::StoreU(hn::LoadU(d4, x + r), d4, out + r);
    for (; r < width; ++r) out[r] = x[r];
    for (; r < panel; ++r) out[r] = 0;
  }
}

// out[l][r] = x[r · stride + l], r < width, then zeros up to `panel`.
void PackColumns(const float* x, std::size_t stride, std::size_t width, std::size_t k, float* out,
                 std::size_t panel) {
  std::size_t r = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::FixedTag<float, 4> d4;
  for (; r + 4 <= width; r += 4) {
    const float* x0 = x + r * stride;
    const float* x1 = x0 + stride;
    const float* x2 = x1 + stride;
    const float* x3 = x2 + stride;
    float* to = out + r;
    std::size_t l = 0;
    for (; l + 4 <= k; l += 4, to += 4 * panel) {
      const auto v0 = hn::LoadU(d4, x0 + l);
      const auto v1 = hn::LoadU(d4, x1 + l);
      const auto v2 = hn::LoadU(d4, x2 + l);
      const auto v3 = hn::LoadU(d4, x3 + l);
      const auto low01 = hn::InterleaveLower(d4, v0, v1);
      const auto low23 = hn::InterleaveLower(d4, v2, v3);
      const auto high01 = hn::InterleaveUpper(d4, v0, v1);
      const auto high23 = hn::InterleaveUpper(d4, v2, v3);
      hn::StoreU(hn::ConcatLowerLower(d4, low23, low01), d4, to);
      hn::StoreU(hn::ConcatUpperUpper(d4, low23, low01), d4, to + panel);
      hn::StoreU(hn::ConcatLowerLower(d4, high23, high01), d4, to + 2 * panel);
      hn::StoreU(hn::ConcatUpperUpper(d4, high23, high01), d4, to + 3 * panel);
    }
    for (; l < k; ++l, to += panel) {
      to[0] = x0[l];
      to[1] = x1[l];
      to[2] = x2[l];
      to[3] = x3[l];
    }
  }
#endif
  for (; r < width; ++r) {
    for (std::size_t l = 0; l < k; ++l) out[l * panel + r] = x[r * stride + l];
  }
  for (; r < panel; ++r) {
    for (std::size_t l = 0; l < k; ++l) out[l * panel + r] = 0;
  }
}

// One panel of a packed matrix. `along`: the panel's elements of one l are adjacent in x.
HWY_NOINLINE void PackPanel(bool along, const float* x, std::size_t stride, std::size_t width,
                            std::size_t k, float* out, std::size_t panel) {
  if (along) {
    PackRows(x, stride, width, k, out, panel);
  } else {
    PackColumns(x, stride, width, k, out, panel);
  }
}

// --- the inner loop
// -------------------------------------------------------------------------------

// c [R, cols] (+)= a · b for a: [k][kRows] of which the first R rows count, b: [k][≥ W vectors];
// cols is in (W−1) · kLanes + 1 … W · kLanes.
template <std::size_t R, std::size_t W>
HWY_NOINLINE void Micro(const float* HWY_RESTRICT a, const float* HWY_RESTRICT b,
                        std::size_t b_stride, std::size_t k, float* HWY_RESTRICT c,
                        std::size_t c_stride, std::size_t cols, const Finish& finish) {
  const D d;
  V sum[R][W];
  HWY_UNROLL(16)
  for (std::size_t r = 0; r < R; ++r) {
    HWY_UNROLL(16)
    for (std::size_t w = 0; w < W; ++w) sum[r][w] = hn::Zero(d);
  }
  for (std::size_t l = 0; l < k; ++l, a += kRows, b += b_stride) {
    V vb[W];
    HWY_UNROLL(16)
    for (std::size_t w = 0; w < W; ++w) vb[w] = hn::LoadU(d, b + w * kLanes);
    HWY_UNROLL(16)
    for (std::size_t r = 0; r < R; ++r) {
      const V va = hn::Set(d, a[r]);
      HWY_UNROLL(16)
      for (std::size_t w = 0; w < W; ++w) sum[r][w] = Madd(va, vb[w], sum[r][w]);
    }
  }
  const std::size_t rest = cols - (W - 1) * kLanes;  // columns in the last vector
  HWY_UNROLL(16)
  for (std::size_t r = 0; r < R; ++r, c += c_stride) {
    HWY_UNROLL(16)
    for (std::size_t w = 0; w < W; ++w) {
      float* to = c + w * kLanes;
      V v = sum[r][w];
      if (w + 1 < W || rest == kLanes) {
        if (finish.add) v = hn::Add(v, hn::LoadU(d, to));
        if (finish.bias) v = hn::Add(v, hn::LoadU(d, finish.bias + w * kLanes));
        if (finish.relu) v = Relu(v);
        hn::StoreU(v, d, to);
      } else {
        if (finish.add) v = hn::Add(v, LoadTail(to, rest, 0.0f));
        if (finish.bias) v = hn::Add(v, LoadTail(finish.bias + w * kLanes, rest, 0.0f));
        if (finish.relu) v = Relu(v);
        StoreTail(v, to, rest);
      }
    }
  }
}

using MicroKernel = void (*)(const float* HWY_RESTRICT a, const float* HWY_RESTRICT b,
                             std::size_t b_stride, std::size_t k, float* HWY_RESTRICT c,
                             std::size_t c_stride, std::size_t cols, const Finish& finish);

// The inner loop for a panel of `rows` rows and `vectors` vectors.
template <std::size_t R = kRows, std::size_t W = kVectors>
MicroKernel ChooseMicro(std::size_t rows, std::size_t vectors) {
  if constexpr (W > 1) {
    if (vectors < W) return ChooseMicro<R, W - 1>(rows, vectors);
  }
  if constexpr (R > 1) {
    if (rows < R) return ChooseMicro<R - 1, W>(rows, vectors);
  }
  return Micro<R, W>;
}

// Tile number `tile` of a block; tiles go down the rows first.
HWY_NOINLINE void ComputeTile(const Block& g, std::size_t tile) {
  const std::size_t row_tiles = (g.panels + kTilePanels - 1) / kTilePanels;
  const std::size_t panel_begin = tile % row_tiles * kTilePanels;
  const std::size_t panel_end = HWY_MIN(panel_begin + kTilePanels, g.panels);
  const std::size_t col_begin = tile / row_tiles * kTileCols;
  const std::size_t col_end = HWY_MIN(col_begin + kTileCols, g.cols);
  for (std::size_t col = col_begin; col < col_end; col += kCols) {
    const std::size_t cols = HWY_MIN(kCols, g.cols - col);
    const std::size_t vectors = (cols + kLanes - 1) / kLanes;
    const bool in_place = g.b && cols == kCols;
    const float* b = in_place ? g.b + col : g.packed_b + col * g.k;
    const std::size_t b_stride = in_place ? g.b_stride : RoundUp(cols, kLanes);
    Finish finish = g.finish;
    if (finish.bias) finish.bias += col;
    for (std::size_t panel = panel_begin; panel < panel_end; ++panel) {
      float* c = g.c + g.PanelBegin(panel) * g.c_stride + col;
      ChooseMicro(g.PanelHeight(panel), vectors)(g.packed_a + panel * kRows * g.k, b, b_stride, g.k,
                                                 c, g.c_stride, cols, finish);
    }
  }
}

// --- the outer loops
// ------------------------------------------------------------------------------

// k is cut into equal blocks of at most kBlockK.
std::size_t BlockK(std::size_t k) {
  const std::size_t blocks = (k + kBlockK - 1) / kBlockK;
  return (k + blocks - 1) / blocks;
}

std::size_t PackedB(std::size_t n, std::size_t k) {
  return RoundUp(HWY_MIN(n, kBlockCols), kLanes) * BlockK(k);
}

std::size_t GemmWorkspaceKernel(std::size_t m, std::size_t n, std::size_t k) {
  if (m == 0 || n == 0 || k == 0) return 0;
  const std::size_t packed_a = RoundUp(HWY_MIN(m, kBlockRows), kRows) * BlockK(k);
  return (PackedB(n, k) + packed_a) * sizeof(float);
}

void PackB(const Gemm& g, const Block& block, std::size_t k0, std::size_t col0) {
  const std::size_t n = static_cast<std::size_t>(g.n);
  const std::size_t stride = g.transpose_b ? static_cast<std::size_t>(g.k) : n;
  const float* b = g.transpose_b ? g.b + col0 * stride + k0 : g.b + k0 * stride + col0;
  const std::size_t panels = (block.cols + kCols - 1) / kCols;
  parallel_for(static_cast<Index>(panels), [&](Index panel) {
    const std::size_t col = static_cast<std::size_t>(panel) * kCols;
    const std::size_t cols = HWY_MIN(kCols, block.cols - col);
    if (block.b && cols == kCols) return;
    PackPanel(!g.transpose_b, b + (g.transpose_b ? col * stride : col), stride, cols, block.k,
              block.packed_b + col * block.k, RoundUp(cols, kLanes));
  });
}

void PackA(const Gemm& g, const Block& block, std::size_t k0, std::size_t row0) {
  const std::size_t m = static_cast<std::size_t>(g.m);
  const std::size_t stride = g.transpose_a ? m : static_cast<std::size_t>(g.k);
  const float* a = g.transpose_a ? g.a + k0 * stride + row0 : g.a + row0 * stride + k0;
  parallel_for(static_cast<Index>(block.panels), [&](Index index) {
    const std::size_t panel = static_cast<std::size_t>(index);
    const std::size_t row = block.PanelBegin(panel);
    PackPanel(g.transpose_a, a + (g.transpose_a ? row : row * stride), stride,
              block.PanelHeight(panel), block.k, block.packed_a + panel * kRows * block.k, kRows);
  });
}

// A product over no k at all: zeros, or what c holds.
void FinishEmpty(const Gemm& g, std::size_t m, std::size_t n) {
  for (std::size_t i = 0; i < m * n; ++i) {
    float c = g.accumulate ? g.c[i] : 0.0f;
    if (g.bias) c += g.bias[i % n];
    g.c[i] = g.relu && c < 0 ? 0.0f : c;
  }
}

void GemmKernel(const Gemm& g, void* workspace) {
  const auto m = static_cast<std::size_t>(g.m);
  const auto n = static_cast<std::size_t>(g.n);
  const auto k = static_cast<std::size_t>(g.k);
  if (m == 0 || n == 0) return;
  if (k == 0) {
    FinishEmpty(g, m, n);
    return;
  }
  const bool direct = !g.transpose_b && m <= kDirectRows;
  const std::size_t block_k = BlockK(k);
  Block block{};
  block.packed_b = static_cast<float*>(workspace);
  block.packed_a = block.packed_b + PackedB(n, k);
  block.b_stride = n;
  block.c_stride = n;
  for (std::size_t col = 0; col < n; col += kBlockCols) {
    block.cols = HWY_MIN(kBlockCols, n - col);
    for (std::size_t k0 = 0; k0 < k; k0 += block_k) {
      block.k = HWY_MIN(block_k, k - k0);
      const bool complete = k0 + block.k == k;
      block.finish.add = g.accumulate || k0 > 0;
      block.finish.bias = complete && g.bias ? g.bias + col : nullptr;
      block.finish.relu = complete && g.relu;
      block.b = direct ? g.b + k0 * n + col : nullptr;
      PackB(g, block, k0, col);
      for (std::size_t row = 0; row < m; row += kBlockRows) {
        block.CutRows(HWY_MIN(kBlockRows, m - row));
        block.c = g.c + row * n + col;
        PackA(g, block, k0, row);
        const std::size_t tiles = ((block.panels + kTilePanels - 1) / kTilePanels) *
                                  ((block.cols + kTileCols - 1) / kTileCols);
        parallel_for(static_cast<Index>(tiles),
                     [&](Index tile) { ComputeTile(block, static_cast<std::size_t>(tile)); });
      }
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace lanegrad::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lanegrad::kernels {

HWY_EXPORT(GemmWorkspaceKernel);
HWY_EXPORT(GemmKernel);

std::size_t gemm_workspace(const Gemm& g) {
  return HWY_DYNAMIC_DISPATCH(GemmWorkspaceKernel)(
      static_cast<std::size_t>(g.m), static_cast<std::size_t>(g.n), static_cast<std::size_t>(g.k));
}

void gemm(const Gemm& g, void* workspace) { HWY_DYNAMIC_DISPATCH(GemmKernel)(g, workspace); }

}  // namespace lanegrad::kernels
#endif
