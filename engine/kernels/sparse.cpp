// Products with a matrix of which most elements are the same: what differs is listed once, and only
// that is multiplied. A list's sums stay in registers.
#include <algorithm>

#include "engine/core/parallel.h"
#include "engine/kernels/kernels.h"
#include "engine/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/sparse.cpp"
#include <hwy/foreach_target.h>

#include "engine/kernels/update-inl.h"
#include "engine/kernels/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lanegrad::kernels {
namespace HWY_NAMESPACE {

// The vectors of a row of the result that are summed at a time; the other registers hold what is
// multiplied.
constexpr std::size_t kSums = 8;
constexpr std::size_t kPanel = kSums * kLanes;
// The rows that a thread computes, or packs, at a time. Rows are shared out, never columns: a core
// whose neighbour writes to the other half of each row fetches that half again and again.
constexpr Index kTaskRows = 16;
constexpr Index kPackRows = 64;

// Fewer elements than this are not worth waking other threads for.
constexpr Index kSmall = 50'000;

// How many elements are compared at a time. What differs is rare: most groups are skipped whole,
// and how many elements of one are listed cannot be guessed, which costs most where groups are
// small.
constexpr std::size_t kGroup = HWY_TARGET == HWY_WASM ? 64 : kLanes;

// Bit i says whether x[i] differs from the background, i < kGroup.
HWY_INLINE std::uint64_t Differences(const float* x, V background) {
  const D d;
#if HWY_TARGET == HWY_WASM
  const auto equals = [&](std::size_t i) {
    return hn::VecFromMask(d, hn::Eq(hn::LoadU(d, x + i * kLanes), background)).raw;
  };
  std::uint64_t bits = 0;
  for (std::size_t i = kGroup / kLanes; i > 0;) {
    i -= 4;
    // Narrowing keeps all bits of -1 set.
    bits = bits << 16 | wasm_i8x16_bitmask(wasm_i8x16_narrow_i16x8(
                            wasm_i16x8_narrow_i32x4(equals(i), equals(i + 1)),
                            wasm_i16x8_narrow_i32x4(equals(i + 2), equals(i + 3))));
  }
#else
  std::uint8_t bytes[8] = {};
  hn::StoreMaskBits(d, hn::Eq(hn::LoadU(d, x), background), bytes);
  const std::uint64_t bits = bytes[0] | std::uint64_t{bytes[1]} << 8;
#endif
  // NaN equals nothing.
  return bits ^ (~std::uint64_t{0} >> (64 - kGroup));
}

void ListRowsKernel(const float* x, Index first, Index count, const SparseRows& out) {
  const V background = hn::Set(D(), out.background);
  const auto columns = static_cast<std::size_t>(out.columns);
  // A copy: what is stored might be the pointer itself, for all that the compiler knows.
  const SparseRows to = out;
  for (Index row = first; row < first + count; ++row) {
    const float* from = x + row * to.columns;
    const std::size_t begin = static_cast<std::size_t>(row) * columns;
    SparseRows::Entry* entry = to.entries + begin;
    std::size_t i = 0;
    for (; i + kGroup <= columns; i += kGroup) {
      for (std::uint64_t bits = Differences(from + i, background); bits != 0; bits &= bits - 1) {
        const std::size_t at =
            i + static_cast<std::size_t>(hwy::Num0BitsBelowLS1Bit_Nonzero64(bits));
        *entry++ = {static_cast<std::int32_t>(at), from[at] - to.background};
      }
    }
    for (; i < columns; ++i) {
      if (from[i] == to.background) continue;
      *entry++ = {static_cast<std::int32_t>(i), from[i] - to.background};
    }
    to.starts[row] = static_cast<std::int32_t>(begin);
    to.ends[row] = static_cast<std::int32_t>(entry - to.entries);
  }
}

// Measured: wide vectors make the product with all elements faster, and that with a list less so,
// which waits for memory.
double MostListedKernel() { return 1.6 / HWY_MAX(kLanes, 4); }

// The vectors that the panel which begins at this column is summed in: 4 or 8.
HWY_INLINE std::size_t VectorsAt(std::size_t col, std::size_t n) {
  const std::size_t vectors = (n - col + kLanes - 1) / kLanes;
  return vectors <= 4 ? 4 : kSums;
}

// All panels but the last are full.
std::size_t PanelsSize(Index rows, std::size_t n) {
  const std::size_t full = n / kPanel * kPanel;
  const std::size_t rest = full == n ? 0 : VectorsAt(full, n) * kLanes;
  return static_cast<std::size_t>(rows) * (full + rest);
}

Index PackParts(Index rows) { return (rows + kPackRows - 1) / kPackRows; }

// Behind the panels are the sums of each part's rows.
Index PackedSizeKernel(Index rows, Index n) {
  return static_cast<Index>(PanelsSize(rows, static_cast<std::size_t>(n))) + PackParts(rows) * n;
}

void PackPanelsKernel(const float* b, Index rows, std::size_t n, float* packed, float* sums) {
  float* const part_sums = packed + PanelsSize(rows, n);
  const auto pack = [=](Index part) {
    const D d;
    const auto first = static_cast<std::size_t>(part * kPackRows);
    const auto last = static_cast<std::size_t>(HWY_MIN(part * kPackRows + kPackRows, rows));
    for (std::size_t col = 0; col < n; col += kPanel) {
      const std::size_t columns = HWY_MIN(kPanel, n - col);
      const std::size_t width = VectorsAt(col, n) * kLanes;
      float* to = packed + col * static_cast<std::size_t>(rows) + first * width;
      HWY_ALIGN float sum[kPanel] = {};
      for (std::size_t row = first; row < last; ++row, to += width) {
        const float* from = b + row * n + col;
        std::size_t j = 0;
        for (; j + kLanes <= columns; j += kLanes) {
          const V v = hn::LoadU(d, from + j);
          hn::StoreU(v, d, to + j);
          hn::Store(hn::Add(hn::Load(d, sum + j), v), d, sum + j);
        }
        for (; j < columns; ++j) sum[j] += to[j] = from[j];
        for (; j < width; ++j) to[j] = 0;
      }
      float* const out = part_sums + static_cast<std::size_t>(part) * n + col;
      for (std::size_t j = 0; j < columns; ++j) out[j] = sum[j];
    }
  };
  const Index parts = PackParts(rows);
  if (rows * static_cast<Index>(n) < kSmall) {
    for (Index part = 0; part < parts; ++part) pack(part);
  } else {
    parallel_for(parts, pack);
  }
  for (std::size_t j = 0; j < n; ++j) sums[j] = 0;
  for (Index part = 0; part < parts; ++part) {
    for (std::size_t j = 0; j < n; ++j)
      sums[j] += part_sums[static_cast<std::size_t>(part) * n + j];
  }
}

// W vectors of one row of the result: base + Σ value · packed[index].
template <std::size_t W>
HWY_NOINLINE void SumVectors(const SparseRows& a, Index row, const float* HWY_RESTRICT packed,
                             const float* base, float* HWY_RESTRICT sums) {
  const D d;
  V sum[W];
  HWY_UNROLL(8)
  for (std::size_t w = 0; w < W; ++w) sum[w] = hn::Load(d, base + w * kLanes);
  const SparseRows::Entry* const end = a.entries + a.ends[row];
  for (const SparseRows::Entry* entry = a.entries + a.starts[row]; entry != end; ++entry) {
    const float* from = packed + static_cast<std::size_t>(entry->index) * (W * kLanes);
    const V value = hn::Set(d, entry->value);
    HWY_UNROLL(8)
    for (std::size_t w = 0; w < W; ++w) {
      sum[w] = Madd(value, hn::LoadU(d, from + w * kLanes), sum[w]);
    }
  }
  HWY_UNROLL(8)
  for (std::size_t w = 0; w < W; ++w) hn::StoreU(sum[w], d, sums + w * kLanes);
}

// Calls done(place, columns, sums) for each row of each panel of the result, where `place` is that
// of its first sum in the whole result.
template <class Done>
void SumRows(const SparseRows& a, const float* packed, std::size_t n, const float* base,
             const Done& done) {
  parallel_for((a.rows + kTaskRows - 1) / kTaskRows, [&](Index task) {
    const Index first = task * kTaskRows;
    const Index last = HWY_MIN(first + kTaskRows, a.rows);
    for (std::size_t col = 0; col < n; col += kPanel) {
      const std::size_t columns = HWY_MIN(kPanel, n - col);
      const std::size_t vectors = VectorsAt(col, n);
      const float* const panel = packed + col * static_cast<std::size_t>(a.columns);
      HWY_ALIGN float begin[kPanel] = {};
      HWY_ALIGN float sums[kPanel];
      for (std::size_t j = 0; j < columns; ++j) begin[j] = base[col + j];
      for (Index row = first; row < last; ++row) {
        if (vectors == kSums) {
          SumVectors<kSums>(a, row, panel, begin, sums);
        } else {
          SumVectors<4>(a, row, panel, begin, sums);
        }
        done(static_cast<std::size_t>(row) * n + col, columns, sums);
      }
    }
  });
}

void SparseMatmulKernel(const SparseRows& a, const float* packed, Index n, const float* base,
                        const float* bias, bool relu, float* c) {
  SumRows(a, packed, static_cast<std::size_t>(n), base,
          [=](std::size_t at, std::size_t columns, const float* sums) {
            const D d;
            const float* const added = bias ? bias + at % static_cast<std::size_t>(n) : nullptr;
            for (std::size_t j = 0; j < columns; j += kLanes) {
              const std::size_t rest = HWY_MIN(columns - j, kLanes);
              V sum = hn::Load(d, sums + j);
              if (added) {
                sum = hn::Add(
                    sum, rest == kLanes ? hn::LoadU(d, added + j) : LoadTail(added + j, rest, 0));
              }
              if (relu) sum = Relu(sum);
              if (rest == kLanes) {
                hn::StoreU(sum, d, c + at + j);
              } else {
                StoreTail(sum, c + at + j, rest);
              }
            }
          });
}

void SparseAdamUpdateKernel(const AdamUpdate& u, const SparseRows& a, const float* packed, Index n,
                            const float* base, float* w, float* m, float* v) {
  const AdamStep step(u);
  SumRows(a, packed, static_cast<std::size_t>(n), base,
          [&](std::size_t at, std::size_t columns, const float* g) {
            AdamRow(step, w + at, g, m + at, v + at, columns);
          });
}

}  // namespace HWY_NAMESPACE
}  // namespace lanegrad::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lanegrad::kernels {

HWY_EXPORT(MostListedKernel);
HWY_EXPORT(PackedSizeKernel);
HWY_EXPORT(ListRowsKernel);
HWY_EXPORT(PackPanelsKernel);
HWY_EXPORT(SparseMatmulKernel);
HWY_EXPORT(SparseAdamUpdateKernel);

double most_listed() { return HWY_DYNAMIC_DISPATCH(MostListedKernel)(); }

Index packed_size(Index rows, Index n) { return HWY_DYNAMIC_DISPATCH(PackedSizeKernel)(rows, n); }

void list_rows(const Real* x, Index first, Index count, const SparseRows& out) {
  HWY_DYNAMIC_DISPATCH(ListRowsKernel)(x, first, count, out);
}

void list_columns(const SparseRows& a, const SparseRows& out) {
  // However many parts there are, the lists are the same.
  const Index parts = Context::current().thread_count();
  parallel_for(parts, [=](Index part) {
    const Index first = out.rows * part / parts;
    const Index last = out.rows * (part + 1) / parts;
    // Calls visit(row, entry) for the entries of this part's columns, row by row, and returns how
    // many stand before those.
    const auto for_each_entry = [&](auto visit) {
      std::ptrdiff_t before = 0;
      for (Index row = 0; row < a.rows; ++row) {
        const SparseRows::Entry* const begin = a.entries + a.starts[row];
        const SparseRows::Entry* const end = a.entries + a.ends[row];
        const SparseRows::Entry* entry =
            first == 0 ? begin : std::partition_point(begin, end, [=](const SparseRows::Entry& e) {
              return e.index < first;
            });
        before += entry - begin;
        for (; entry != end && entry->index < last; ++entry) visit(row, *entry);
      }
      return before;
    };
    std::int32_t* const ends = out.ends;
    for (Index column = first; column < last; ++column) ends[column] = 0;
    auto start = static_cast<std::int32_t>(
        for_each_entry([=](Index, const SparseRows::Entry& entry) { ++ends[entry.index]; }));
    for (Index column = first; column < last; ++column) {
      const std::int32_t count = ends[column];
      out.starts[column] = ends[column] = start;
      start += count;
    }
    SparseRows::Entry* const entries = out.entries;
    for_each_entry([=](Index row, const SparseRows::Entry& entry) {
      entries[ends[entry.index]++] = {static_cast<std::int32_t>(row), entry.value};
    });
  });
}

void pack_panels(const Real* b, Index rows, Index n, Real* packed, Real* sums) {
  HWY_DYNAMIC_DISPATCH(PackPanelsKernel)
  (b, rows, static_cast<std::size_t>(n), packed, sums);
}

void sparse_matmul(const SparseRows& a, const Real* packed, Index n, const Real* base,
                   const Real* bias, bool relu, Real* c) {
  HWY_DYNAMIC_DISPATCH(SparseMatmulKernel)(a, packed, n, base, bias, relu, c);
}

void sparse_adam_update(const AdamUpdate& u, const SparseRows& a, const Real* packed, Index n,
                        const Real* base, Real* w, Real* m, Real* v) {
  HWY_DYNAMIC_DISPATCH(SparseAdamUpdateKernel)(u, a, packed, n, base, w, m, v);
}

}  // namespace lanegrad::kernels
#endif
