// Reductions of x: [outer, axis, inner]. With inner = 1 the elements of a sum are adjacent; else
// the columns lie side by side in the lanes and the loop goes down the rows.
#include "engine/kernels/kernels.h"
#include "engine/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/reduce.cpp"
#include <hwy/foreach_target.h>

#include "engine/kernels/reduce-inl.h"
#include "engine/kernels/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lanegrad::kernels {
namespace HWY_NAMESPACE {

using DI = hn::RebindToSigned<D>;
using VI = hn::Vec<DI>;

// Sums the columns col … col + W · kLanes − 1, all of which are inside unless W is 1.
template <std::size_t W>
HWY_INLINE void SumColumns(const Matrix& m, std::size_t col, float* out) {
  ExactSum sum[W];
  for (std::size_t w = 0; w < W; ++w) sum[w].Clear();
  for (std::size_t row = 0; row < m.axis;) {
    const std::size_t end = HWY_MIN(row + kSumBlock, m.axis);
    V block[W];
    HWY_UNROLL(4)
    for (std::size_t w = 0; w < W; ++w) block[w] = hn::Zero(D());
    for (; row < end; ++row) {
      HWY_UNROLL(4)
      for (std::size_t w = 0; w < W; ++w) {
        block[w] = hn::Add(block[w], m.At(row, col + w * kLanes));
      }
    }
    HWY_UNROLL(4)
    for (std::size_t w = 0; w < W; ++w) sum[w].Add(block[w]);
  }
  for (std::size_t w = 0; w < W; ++w) {
    StoreColumns(sum[w].Value(), out, col + w * kLanes, m.inner);
  }
}

void ReduceSumKernel(const float* x, float* out, std::size_t outer, std::size_t axis,
                     std::size_t inner) {
  for (std::size_t o = 0; o < outer; ++o, x += axis * inner, out += inner) {
    if (inner == 1) {
      out[0] = SumOf(x, axis);
      continue;
    }
    const Matrix m{x, axis, inner};
    std::size_t col = 0;
    for (; col + 4 * kLanes <= inner; col += 4 * kLanes) SumColumns<4>(m, col, out);
    for (; col < inner; col += kLanes) SumColumns<1>(m, col, out);
  }
}

void ReduceMaxKernel(const float* x, float* out, std::size_t outer, std::size_t axis,
                     std::size_t inner) {
  for (std::size_t o = 0; o < outer; ++o, x += axis * inner, out += inner) {
    if (inner == 1) {
      out[0] = MaxOf(x, axis);
      continue;
    }
    const Matrix m{x, axis, inner};
    for (std::size_t col = 0; col < inner; col += kLanes) {
      V best = m.At(0, col);
      for (std::size_t row = 1; row < axis; ++row) best = MaxOrNan(best, m.At(row, col));
      StoreColumns(best, out, col, inner);
    }
  }
}

// The first i < n with x[i] = value, or with x[i] NaN where value is NaN. Requires that there is
// one.
HWY_INLINE std::int32_t FirstIndexOf(float value, const float* x, std::size_t n) {
  const D d;
  const V wanted = hn::Set(d, value);
  const bool nan = value != value;
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    const V v = hn::LoadU(d, x + i);
    const auto lane = hn::FindFirstTrue(d, nan ? hn::IsNaN(v) : hn::Eq(v, wanted));
    if (lane >= 0) return static_cast<std::int32_t>(i + static_cast<std::size_t>(lane));
  }
  while (nan ? x[i] == x[i] : x[i] != value) ++i;
  return static_cast<std::int32_t>(i);
}

void ReduceArgmaxKernel(const float* x, std::int32_t* out, std::size_t outer, std::size_t axis,
                        std::size_t inner) {
  const DI di;
  for (std::size_t o = 0; o < outer; ++o, x += axis * inner, out += inner) {
    if (inner == 1) {
      out[0] = FirstIndexOf(MaxOf(x, axis), x, axis);
      continue;
    }
    const Matrix m{x, axis, inner};
    for (std::size_t col = 0; col < inner; col += kLanes) {
      V best = m.At(0, col);
      VI index = hn::Zero(di);
      for (std::size_t row = 1; row < axis; ++row) {
        const V v = m.At(row, col);
        const M better = hn::Or(hn::Gt(v, best), hn::AndNot(hn::IsNaN(best), hn::IsNaN(v)));
        best = hn::IfThenElse(better, v, best);
        index = hn::IfThenElse(hn::RebindMask(di, better),
                               hn::Set(di, static_cast<std::int32_t>(row)), index);
      }
      HWY_ALIGN std::int32_t lanes[kLanes];
      hn::Store(index, di, lanes);
      const std::size_t count = HWY_MIN(kLanes, inner - col);
      for (std::size_t i = 0; i < count; ++i) out[col + i] = lanes[i];
    }
  }
}

bool AllFiniteKernel(const float* x, std::size_t n) {
  const D d;
  // x − x is 0 where x is finite, else NaN.
  std::size_t i = 0;
  while (i + kLanes <= n) {
    const std::size_t end = HWY_MIN(i + kSumBlock * kLanes, n);
    V sum = hn::Zero(d);
    for (; i + kLanes <= end; i += kLanes) {
      const V v = hn::LoadU(d, x + i);
      sum = hn::Add(sum, hn::Sub(v, v));
    }
    if (!hn::AllTrue(d, hn::Eq(sum, hn::Zero(d)))) return false;
  }
  for (; i < n; ++i) {
    if (x[i] - x[i] != 0) return false;
  }
  return true;
}

}  // namespace HWY_NAMESPACE
}  // namespace lanegrad::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lanegrad::kernels {

HWY_EXPORT(ReduceSumKernel);
HWY_EXPORT(ReduceMaxKernel);
HWY_EXPORT(ReduceArgmaxKernel);
HWY_EXPORT(AllFiniteKernel);

void reduce_sum(const Real* x, Real* out, Index outer, Index axis, Index inner) {
  HWY_DYNAMIC_DISPATCH(ReduceSumKernel)
  (x, out, static_cast<std::size_t>(outer), static_cast<std::size_t>(axis),
   static_cast<std::size_t>(inner));
}

void reduce_max(const Real* x, Real* out, Index outer, Index axis, Index inner) {
  HWY_DYNAMIC_DISPATCH(ReduceMaxKernel)
  (x, out, static_cast<std::size_t>(outer), static_cast<std::size_t>(axis),
   static_cast<std::size_t>(inner));
}

void reduce_argmax(const Real* x, std::int32_t* out, Index outer, Index axis, Index inner) {
  HWY_DYNAMIC_DISPATCH(ReduceArgmaxKernel)
  (x, out, static_cast<std::size_t>(outer), static_cast<std::size_t>(axis),
   static_cast<std::size_t>(inner));
}

// The compiler vectorises this by itself, as long as the sums have 32 bits.
void byte_moments(const std::uint8_t* x, Index n, ByteMoments& moments) {
  // The most bytes whose squares, at most 255² each, add up within 32 bits.
  constexpr Index kMost = 65536;
  while (n > 0) {
    const Index count = n < kMost ? n : kMost;
    std::uint32_t sum = 0;
    std::uint32_t squares = 0;
    for (Index i = 0; i < count; ++i) {
      const std::uint32_t byte = x[i];
      sum += byte;
      squares += byte * byte;
    }
    moments.sum += sum;
    moments.squares += squares;
    x += count;
    n -= count;
  }
}

bool all_finite(const Real* x, Index n) {
  return HWY_DYNAMIC_DISPATCH(AllFiniteKernel)(x, static_cast<std::size_t>(n));
}

// The sum is in double, since floats beyond 1.8e19 have squares that no float can hold, and those
// below 1e-23 would count as 0. There are eight partial sums, which the compiler puts into lanes.
double sum_of_squares(const Real* x, Index n) {
  double sums[8] = {};
  Index i = 0;
  for (; i + 8 <= n; i += 8) {
    for (Index lane = 0; lane < 8; ++lane) {
      const double value = x[i + lane];
      sums[lane] += value * value;
    }
  }
  for (; i < n; ++i) sums[i % 8] += static_cast<double>(x[i]) * static_cast<double>(x[i]);
  double total = 0;
  for (const double sum : sums) total += sum;
  return total;
}

}  // namespace lanegrad::kernels
#endif
