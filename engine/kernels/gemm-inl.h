// The parts of a matrix product: a register tile of sums, the panel of b that it reads, and the
// loops over both.
#if defined(LANEGRAD_KERNELS_GEMM_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LANEGRAD_KERNELS_GEMM_INL_H_
#undef LANEGRAD_KERNELS_GEMM_INL_H_
#else
#define LANEGRAD_KERNELS_GEMM_INL_H_
#endif

#include "engine/kernels/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lanegrad::kernels {
namespace HWY_NAMESPACE {

// The size of the register tile. Its rows · vectors sums, the vectors of b and one of a must fit
// into the registers, and there must be so many sums that each addition is complete before the next
// one to the same sum.
constexpr std::size_t kVectors = 3;
constexpr std::size_t kCols = kVectors * kLanes;
constexpr std::size_t RowsFor(std::size_t vectors) {
#if (HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3) || HWY_ARCH_ARM_A64  // 32 registers
  return vectors > 0 ? 8 : 0;
#else  // 16 registers; V8 keeps two of them for itself
  return vectors == 2 ? 5 : HWY_TARGET == HWY_WASM ? 3 : 4;
#endif
}
constexpr std::size_t kRows = RowsFor(kVectors);

// The most rows of a panel of b; a panel has at most kCols columns.
constexpr std::size_t kBlockK = HWY_MAX(256, 6144 / kCols / 128 * 128);
// What happens to a tile of sums on its way to c.
struct Finish {
  // Whether the sums are added to what c holds.
  bool add;
  // Where not null, it is then added to each row.
  const float* bias;
  // Whether, in the end, negative results become 0.
  bool relu;
};

// ---- Packing ----------------------------------------------------------------

// out[l][r] = x[l · stride + r], r < width, then zeros up to `panel`.
inline void PackRows(const float* x, std::size_t stride, std::size_t width, std::size_t k,
                     float* out, std::size_t panel) {
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

#if HWY_TARGET != HWY_SCALAR
// out[l][r] = xr[l] for four arrays, l < k.
HWY_INLINE void Transpose4(const float* x0, const float* x1, const float* x2, const float* x3,
                           std::size_t k, float* out, std::size_t panel) {
  const hn::FixedTag<float, 4> d4;
  std::size_t l = 0;
  for (; l + 4 <= k; l += 4, out += 4 * panel) {
    const auto v0 = hn::LoadU(d4, x0 + l);
    const auto v1 = hn::LoadU(d4, x1 + l);
    const auto v2 = hn::LoadU(d4, x2 + l);
    const auto v3 = hn::LoadU(d4, x3 + l);
    const auto low01 = hn::InterleaveLower(d4, v0, v1);
    const auto low23 = hn::InterleaveLower(d4, v2, v3);
    const auto high01 = hn::InterleaveUpper(d4, v0, v1);
    const auto high23 = hn::InterleaveUpper(d4, v2, v3);
    hn::StoreU(hn::ConcatLowerLower(d4, low23, low01), d4, out);
    hn::StoreU(hn::ConcatUpperUpper(d4, low23, low01), d4, out + panel);
    hn::StoreU(hn::ConcatLowerLower(d4, high23, high01), d4, out + 2 * panel);
    hn::StoreU(hn::ConcatUpperUpper(d4, high23, high01), d4, out + 3 * panel);
  }
  for (; l < k; ++l, out += panel) {
    out[0] = x0[l];
    out[1] = x1[l];
    out[2] = x2[l];
    out[3] = x3[l];
  }
}
#endif

// out[i][r] = x[r][i] for x [rows, cols]; a row is `x_step` and `out_step` apart from the next.
HWY_NOINLINE inline void Transpose(const float* x, std::size_t x_step, std::size_t rows,
                                   std::size_t cols, float* out, std::size_t out_step) {
  std::size_t r = 0;
#if HWY_TARGET != HWY_SCALAR
  for (; r + 4 <= rows; r += 4) {
    const float* x0 = x + r * x_step;
    Transpose4(x0, x0 + x_step, x0 + 2 * x_step, x0 + 3 * x_step, cols, out + r, out_step);
  }
#endif
  for (; r < rows; ++r) {
    for (std::size_t i = 0; i < cols; ++i) out[i * out_step + r] = x[r * x_step + i];
  }
}

// out[l][r] = x[r · stride + l], r < width, then zeros up to `panel`.
inline void PackColumns(const float* x, std::size_t stride, std::size_t width, std::size_t k,
                        float* out, std::size_t panel) {
  Transpose(x, stride, width, k, out, panel);
  for (std::size_t r = width; r < panel; ++r) {
    for (std::size_t l = 0; l < k; ++l) out[l * panel + r] = 0;
  }
}

// ---- The inner loop ---------------------------------------------------------

// c [rows, cols] = finish(tile) for a tile with rows of `width` ≥ cols.
HWY_NOINLINE inline void FinishTile(const float* tile, std::size_t rows, std::size_t width,
                                    float* c, std::size_t c_stride, std::size_t cols,
                                    const Finish& finish) {
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

// A matrix a [rows, k] whose elements are reached by two steps, one per row and one per column.
struct Rows {
  const float* a;
  std::size_t row_step;
  std::size_t k_step;
};

// c [rows, cols] (+)= a · b for as many rows as make whole tiles of R rows; returns how many those
// are. b has k rows of at least W vectors; cols is at most W · kLanes.
template <std::size_t R, std::size_t W>
HWY_NOINLINE std::size_t Micro(const Rows& left, std::size_t rows, const float* HWY_RESTRICT b,
                               std::size_t b_stride, std::size_t k, float* HWY_RESTRICT c,
                               std::size_t c_stride, std::size_t cols, const Finish& finish) {
  const D d;
  const float* a = left.a;
  const std::size_t row_step = left.row_step;
  const std::size_t k_step = left.k_step;
  // Where the tile's columns are whole vectors, the sums start from what c holds; otherwise c is
  // added in the end.
  const bool whole = cols == W * kLanes;
  const bool plain = whole && !finish.bias;
  Finish at_end = finish;
  at_end.add = finish.add && !whole;
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
    if (finish.add && whole) {
      HWY_UNROLL(16)
      for (std::size_t r = 0; r < R; ++r) {
        HWY_UNROLL(16)
        for (std::size_t w = 0; w < W; ++w) sum[r][w] = hn::LoadU(d, c + r * c_stride + w * kLanes);
      }
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
    if (plain && finish.relu) {
      HWY_UNROLL(16)
      for (std::size_t r = 0; r < R; ++r) {
        HWY_UNROLL(16)
        for (std::size_t w = 0; w < W; ++w) sum[r][w] = Relu(sum[r][w]);
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
    if (!plain) FinishTile(tile, R, W * kLanes, c, c_stride, cols, at_end);
  }
  return done;
}

using MicroKernel = std::size_t (*)(const Rows& left, std::size_t rows, const float* HWY_RESTRICT b,
                                    std::size_t b_stride, std::size_t k, float* HWY_RESTRICT c,
                                    std::size_t c_stride, std::size_t cols, const Finish& finish);

template <std::size_t R, std::size_t W>
MicroKernel ChooseRows(std::size_t rows) {
  if constexpr (R > 1) {
    if (rows < R) return ChooseRows < R == 3 ? 2 : R / 2, W > (rows);
  }
  return Micro<R, W>;
}

// How many vectors, two or three, a tile has for `cols` columns of one panel.
constexpr std::size_t VectorsFor(std::size_t cols) { return cols > 2 * kLanes ? 3 : 2; }

// The inner loop for tiles of at most `rows` rows and of `vectors` vectors.
inline MicroKernel ChooseMicro(std::size_t rows, std::size_t vectors) {
  return vectors == 2 ? ChooseRows<RowsFor(2), 2>(rows) : ChooseRows<RowsFor(3), 3>(rows);
}

// The size of each part when n is cut into as few equal parts as possible, none larger than `most`.
inline std::size_t PartOf(std::size_t n, std::size_t most) {
  const std::size_t parts = HWY_MAX(1, (n + most - 1) / most);
  return (n + parts - 1) / parts;
}

// c [rows, cols] = finish(a · b) for one panel b, as packed: [k] rows of `cols` in whole vectors,
// or in place with rows b_stride apart.
HWY_NOINLINE inline void MultiplyPanel(const Rows& a, std::size_t rows, const float* b,
                                       std::size_t b_stride, std::size_t k, float* c,
                                       std::size_t c_stride, std::size_t cols,
                                       const Finish& finish) {
  const std::size_t vectors = VectorsFor(cols);
  for (std::size_t done = 0; done < rows;) {
    const Rows left{a.a + done * a.row_step, a.row_step, a.k_step};
    done += ChooseMicro(rows - done, vectors)(left, rows - done, b, b_stride, k,
                                              c + done * c_stride, c_stride, cols, finish);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace lanegrad::kernels
HWY_AFTER_NAMESPACE();

#endif
