// The matrix product in tiles of c that stay in registers while they are summed. Of b one panel at
// a time, as wide as a tile, is copied to where the inner loop reads it in order: little enough to
// stay in the level 1 cache for all rows. a is read in place, which costs as little as a copy would
// (see Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", 2008, for the
// usual way with both copied).
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

// The register tile: rows · vectors sums, the vectors of b and one of a must fit into the
// registers, and the sums must be so many that each is complete before its next turn.
constexpr std::size_t kVectors = 3;
constexpr std::size_t kCols = kVectors * kLanes;
constexpr std::size_t RowsFor(std::size_t vectors) {
#if (HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3) || HWY_ARCH_ARM_A64  // 32 registers
  return vectors > 0 ? 8 : 0;
#else  // 16 registers; V8 keeps two of them for itself
  return vectors == 1 ? 8 : vectors == 2 ? 5 : HWY_TARGET == HWY_WASM ? 3 : 4;
#endif
}
constexpr std::size_t kRows = RowsFor(kVectors);

// A panel of b: at most kBlockK rows of kCols columns.
constexpr std::size_t kBlockK = HWY_MAX(256, 6144 / kCols / 128 * 128);
// What one thread does at a time: at most so many rows of one panel's columns.
constexpr std::size_t kTaskRows = 256;
// With fewer multiplications than this, a product is not worth waking other threads.
constexpr Index kSmall = 100'000;
// With at most so many rows, b is read in place: the panel is used too few times to copy it.
constexpr std::size_t kDirectRows = 2 * kRows;

// What happens to a tile of sums on its way to c.
struct Finish {
  bool add;           // to what c holds
  const float* bias;  // then added to each row, where not null
  bool relu;          // then negative numbers become 0
};

// --- packing
// --------------------------------------------------------------------------------------

// out[l][r] = x[l · stride + r], r < width, then zeros up to `panel`.
void PackRows(const float* x, std::size_t stride, std::size_t width, std::size_t k, float* out,
              std::size_t panel) {
  const D d;
  if (width == kCols) {
    for (std::size_t l = 0; l < k; ++l, x += stride, out += kCols) {
      HWY_UNROLL(8)
      for (std::size_t w = 0; w < kCols; w += kLanes) hn::StoreU(hn::LoadU(d, x + w), d, out + w);
    }
    return;
  }
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

// --- the inner loop
// -------------------------------------------------------------------------------

// c [rows, cols] = finish(tile) for a tile with rows of `width` ≥ cols.
HWY_NOINLINE void FinishTile(const float* tile, std::size_t rows, std::size_t width, float* c,
                             std::size_t c_stride, std::size_t cols, const Finish& finish) {
  const D d;
  for (std::size_t r = 0; r < rows; ++r, tile += width, c += c_stride) {
    std::size_t i = 0;
    for (; i + kLanes <= cols; i += kLanes) {
      V v = hn::LoadU(d, tile + i);
      if (finish.add) v = hn::Add(v, hn::LoadU(d, c + i));
      if (finish.bias) v = hn::Add(v, hn::LoadU(d, finish.bias + i));
      if (finish.relu) v = Relu(v);
      hn::StoreU(v, d, c + i);
    }
    if (i < cols) {
      const std::size_t left = cols - i;
      V v = hn::LoadU(d, tile + i);
      if (finish.add) v = hn::Add(v, LoadTail(c + i, left, 0.0f));
      if (finish.bias) v = hn::Add(v, LoadTail(finish.bias + i, left, 0.0f));
      if (finish.relu) v = Relu(v);
      StoreTail(v, c + i, left);
    }
  }
}

// a [rows, k], each element reached by steps.
struct Rows {
  const float* a;
  std::size_t row_step;
  std::size_t k_step;
};

// c [rows, cols] (+)= a · b for as many rows as make tiles of R; returns how many those are.
// b: [k] rows of at least W vectors; cols is in (W−1) · kLanes + 1 … W · kLanes.
template <std::size_t R, std::size_t W>
HWY_NOINLINE std::size_t Micro(const Rows& left, std::size_t rows, const float* HWY_RESTRICT b,
                               std::size_t b_stride, std::size_t k, float* HWY_RESTRICT c,
                               std::size_t c_stride, std::size_t cols, const Finish& finish) {
  const D d;
  const float* a = left.a;
  const std::size_t row_step = left.row_step;
  const std::size_t k_step = left.k_step;
  const bool plain = cols == W * kLanes && !finish.add && !finish.bias && !finish.relu;
  std::size_t done = 0;
  for (; done + R <= rows; done += R, a += R * row_step, c += R * c_stride) {
    V sum[R][W];
    const float* row[R];
    HWY_UNROLL(16)
    for (std::size_t r = 0; r < R; ++r) {
      row[r] = a + r * row_step;
      HWY_UNROLL(16)
      for (std::size_t w = 0; w < W; ++w) sum[r][w] = hn::Zero(d);
    }
    const float* from = b;
    for (std::size_t l = 0; l < k; ++l, from += b_stride) {  // V8 unrolls this better than we do
      V vb[W];
      HWY_UNROLL(16)
      for (std::size_t w = 0; w < W; ++w) vb[w] = hn::LoadU(d, from + w * kLanes);
      HWY_UNROLL(16)
      for (std::size_t r = 0; r < R; ++r) {
        const V va = hn::Set(d, *row[r]);
        row[r] += k_step;
        HWY_UNROLL(16)
        for (std::size_t w = 0; w < W; ++w) sum[r][w] = Madd(va, vb[w], sum[r][w]);
      }
    }
    HWY_ALIGN float tile[R * W * kLanes];
    float* to = plain ? c : tile;
    const std::size_t stride = plain ? c_stride : W * kLanes;
    HWY_UNROLL(16)
    for (std::size_t r = 0; r < R; ++r) {
      HWY_UNROLL(16)
      for (std::size_t w = 0; w < W; ++w) {
        hn::StoreU(sum[r][w], d, to + r * stride + w * kLanes);
      }
    }
    if (!plain) FinishTile(tile, R, W * kLanes, c, c_stride, cols, finish);
  }
  return done;
}

using MicroKernel = std::size_t (*)(const Rows& left, std::size_t rows, const float* HWY_RESTRICT b,
                                    std::size_t b_stride, std::size_t k, float* HWY_RESTRICT c,
                                    std::size_t c_stride, std::size_t cols, const Finish& finish);

template <std::size_t R, std::size_t W>
MicroKernel ChooseRows(std::size_t rows) {
  if constexpr (R > 1) {
    if (rows < R) return ChooseRows<R / 2, W>(rows);
  }
  return Micro<R, W>;
}

// The inner loop for so many rows, or fewer of them, and vectors.
template <std::size_t W = kVectors>
MicroKernel ChooseMicro(std::size_t rows, std::size_t vectors) {
  if constexpr (W > 1) {
    if (vectors < W) return ChooseMicro<W - 1>(rows, vectors);
  }
  return ChooseRows<RowsFor(W), W>(rows);
}

// --- the outer loops
// ------------------------------------------------------------------------------

// The part of n that each of as few equal parts as possible has, if none may have more than `most`.
std::size_t PartOf(std::size_t n, std::size_t most) {
  const std::size_t parts = (n + most - 1) / most;
  return (n + parts - 1) / parts;
}

// A product over no k at all: zeros, or what c holds.
void FinishEmpty(const Gemm& g, std::size_t m, std::size_t n) {
  for (std::size_t i = 0; i < m * n; ++i) {
    float c = g.accumulate ? g.c[i] : 0.0f;
    if (g.bias) c += g.bias[i % n];
    g.c[i] = g.relu && c < 0 ? 0.0f : c;
  }
}

// Rows row … row + rows − 1 of the columns from col on, one panel of them.
HWY_NOINLINE void ComputeTask(const Gemm& g, std::size_t row, std::size_t rows, std::size_t col) {
  const auto m = static_cast<std::size_t>(g.m);
  const auto n = static_cast<std::size_t>(g.n);
  const auto k = static_cast<std::size_t>(g.k);
  const std::size_t cols = HWY_MIN(kCols, n - col);
  const std::size_t vectors = (cols + kLanes - 1) / kLanes;
  const bool direct = !g.transpose_b && m <= kDirectRows && cols == kCols;
  const std::size_t block_k = PartOf(k, kBlockK);
  HWY_ALIGN float packed[kBlockK * kCols];
  for (std::size_t k0 = 0; k0 < k; k0 += block_k) {
    const std::size_t count = HWY_MIN(block_k, k - k0);
    const bool complete = k0 + count == k;
    const Finish finish{g.accumulate || k0 > 0, complete && g.bias ? g.bias + col : nullptr,
                        complete && g.relu};
    const float* b = packed;
    std::size_t b_stride = vectors * kLanes;
    if (direct) {
      b = g.b + k0 * n + col;
      b_stride = n;
    } else if (g.transpose_b) {
      PackColumns(g.b + col * k + k0, k, cols, count, packed, b_stride);
    } else {
      PackRows(g.b + k0 * n + col, n, cols, count, packed, b_stride);
    }
    Rows left{nullptr, g.transpose_a ? 1 : k, g.transpose_a ? m : 1};
    for (std::size_t done = 0; done < rows;) {
      left.a = g.a + (row + done) * left.row_step + k0 * left.k_step;
      done += ChooseMicro(rows - done, vectors)(left, rows - done, b, b_stride, count,
                                                g.c + (row + done) * n + col, n, cols, finish);
    }
  }
}

void GemmKernel(const Gemm& g) {
  const auto m = static_cast<std::size_t>(g.m);
  const auto n = static_cast<std::size_t>(g.n);
  if (m == 0 || n == 0) return;
  if (g.k == 0) {
    FinishEmpty(g, m, n);
    return;
  }
  const std::size_t part = (PartOf(m, kTaskRows) + kRows - 1) / kRows * kRows;
  const std::size_t parts = (m + part - 1) / part;
  const std::size_t panels = (n + kCols - 1) / kCols;
  const auto compute = [&](Index index) {
    const auto task = static_cast<std::size_t>(index);
    const std::size_t row = task / panels * part;
    ComputeTask(g, row, HWY_MIN(part, m - row), task % panels * kCols);
  };
  const auto tasks = static_cast<Index>(parts * panels);
  if (g.m * g.n * g.k < kSmall) {
    for (Index task = 0; task < tasks; ++task) compute(task);
  } else {
    parallel_for(tasks, compute);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace lanegrad::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lanegrad::kernels {

HWY_EXPORT(GemmKernel);

void gemm(const Gemm& g) { HWY_DYNAMIC_DISPATCH(GemmKernel)(g); }

}  // namespace lanegrad::kernels
#endif
