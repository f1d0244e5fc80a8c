// Sums and maxima of adjacent elements, and columns of a matrix in the lanes, for the reductions,
// softmax and batch normalisation.
#if defined(LANEGRAD_KERNELS_REDUCE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LANEGRAD_KERNELS_REDUCE_INL_H_
#undef LANEGRAD_KERNELS_REDUCE_INL_H_
#else
#define LANEGRAD_KERNELS_REDUCE_INL_H_
#endif

#include <limits>

#include "engine/kernels/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lanegrad::kernels {
namespace HWY_NAMESPACE {

// Long sums are made in blocks of this many terms per accumulator; the blocks are added without
// loss.
constexpr std::size_t kSumBlock = 64;

// A sum that keeps what rounding took from it (Knuth, The Art of Computer Programming 2, 4.2.2).
struct ExactSum {
  V total;
  V lost;

  // This is a function, since the compiler would make a constructor without this target's
  // instructions.
  HWY_INLINE void Clear() {
    total = hn::Zero(D());
    lost = hn::Zero(D());
  }
  HWY_INLINE void Add(V term) {
    const V sum = hn::Add(total, term);
    const V part = hn::Sub(sum, total);
    const V error = hn::Add(hn::Sub(total, hn::Sub(sum, part)), hn::Sub(term, part));
    lost = hn::Add(lost, error);
    total = sum;
  }
  // Where the sum is infinite, what was lost is NaN and means nothing.
  HWY_INLINE V Value() const {
    return hn::IfThenElse(hn::IsNaN(lost), total, hn::Add(total, lost));
  }
};

// A matrix [axis, inner] that is read in whole vectors wherever those stay inside.
struct Matrix {
  const float* x;
  std::size_t axis;
  std::size_t inner;

  // Elements from (row, col) on. Lanes beyond the row's end are those of the next row, or 0.
  HWY_INLINE V At(std::size_t row, std::size_t col) const {
    const std::size_t offset = row * inner + col;
    const std::size_t left = axis * inner - offset;
    return left >= kLanes ? hn::LoadU(D(), x + offset) : LoadTail(x + offset, left, 0.0f);
  }
};

// out[col …] = values, as many as there are columns left.
HWY_INLINE void StoreColumns(V values, float* out, std::size_t col, std::size_t inner) {
  if (col + kLanes <= inner) {
    hn::StoreU(values, D(), out + col);
  } else {
    StoreTail(values, out + col, inner - col);
  }
}

// a where it is larger or NaN, else b. Unlike std::max, it gives NaN where either is NaN.
HWY_INLINE V MaxOrNan(V a, V b) { return hn::IfThenElse(hn::Or(hn::Gt(a, b), hn::IsNaN(a)), a, b); }

// Σ x[i], i < n.
HWY_NOINLINE inline float SumOf(const float* x, std::size_t n) {
  const D d;
  ExactSum sum;
  sum.Clear();
  std::size_t i = 0;
  for (; i + 4 * kSumBlock * kLanes <= n;) {
    V s0 = hn::Zero(d);
    V s1 = s0;
    V s2 = s0;
    V s3 = s0;
    for (std::size_t j = 0; j < kSumBlock; ++j, i += 4 * kLanes) {
      s0 = hn::Add(s0, hn::LoadU(d, x + i));
      s1 = hn::Add(s1, hn::LoadU(d, x + i + kLanes));
      s2 = hn::Add(s2, hn::LoadU(d, x + i + 2 * kLanes));
      s3 = hn::Add(s3, hn::LoadU(d, x + i + 3 * kLanes));
    }
    sum.Add(hn::Add(hn::Add(s0, s1), hn::Add(s2, s3)));
  }
  V rest = hn::Zero(d);  // of at most 4 · kSumBlock terms per lane
  for (; i + kLanes <= n; i += kLanes) rest = hn::Add(rest, hn::LoadU(d, x + i));
  if (i < n) rest = hn::Add(rest, LoadTail(x + i, n - i, 0.0f));
  sum.Add(rest);
  HWY_ALIGN float lanes[kLanes];
  hn::Store(sum.Value(), d, lanes);
  double total = 0;
  for (float lane : lanes) total += lane;
  return static_cast<float>(total);
}

// The largest x[i], i < n; NaN where any is NaN. n > 0.
HWY_NOINLINE inline float MaxOf(const float* x, std::size_t n) {
  const D d;
  V best = hn::Set(d, x[0]);
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) best = MaxOrNan(best, hn::LoadU(d, x + i));
  if (i < n) best = MaxOrNan(best, LoadTail(x + i, n - i, x[0]));
  HWY_ALIGN float lanes[kLanes];
  hn::Store(best, d, lanes);
  float max = lanes[0];
  for (float lane : lanes) {
    if (lane > max || lane != lane) max = lane;
  }
  return max;
}

}  // namespace HWY_NAMESPACE
}  // namespace lanegrad::kernels
HWY_AFTER_NAMESPACE();

#endif
