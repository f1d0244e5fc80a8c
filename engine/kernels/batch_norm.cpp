// Batch normalisation. One thread takes a channel: first its two sums, then its values, which are
// still in the cache. For images, the H · W values of a plane lie along the lanes; for rows [N, C],
// the channels do.
#include <math.h>  // sqrt: no template or inline function of <cmath>, see vector-inl.h

#include "engine/core/parallel.h"
#include "engine/kernels/kernels.h"
#include "engine/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/batch_norm.cpp"
#include <hwy/foreach_target.h>

#include "engine/kernels/reduce-inl.h"
#include "engine/kernels/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lanegrad::kernels {
namespace HWY_NAMESPACE {

// The number of values of a channel that are summed in float; the sums of such blocks are added in
// double.
constexpr std::size_t kBlock = 2048;

// Deviations and Gradients are the two pairs of sums over a channel: the sum of Value(), and the
// sum of each value times Factor().
// Sums Σ (x − center) and Σ (x − center)².
struct Deviations {
  static HWY_INLINE V Value(V x, V, V center) { return hn::Sub(x, center); }
  static HWY_INLINE V Factor(V value, V, V) { return value; }
};
// Sums Σ dy and Σ dy · (x − center).
struct Gradients {
  static HWY_INLINE V Value(V, V dy, V) { return dy; }
  static HWY_INLINE V Factor(V, V x, V center) { return hn::Sub(x, center); }
};

struct Sums {
  double values = 0;
  double products = 0;
};

// One channel of images: `n` planes of `size` values, `stride` apart.
struct Planes {
  std::size_t n, size, stride;
};

// The end of a plane that does not fill a vector: the last whole vector inside the plane, or, in
// planes smaller than a vector, all of its values. `fresh` marks the lanes that no earlier vector
// had.
struct PlaneEnd {
  std::size_t size, rest;
  M fresh;

  HWY_INLINE void Set(std::size_t plane_size) {
    size = plane_size;
    rest = size % kLanes;
    fresh = size < kLanes ? hn::FirstN(D(), rest) : hn::Not(hn::FirstN(D(), kLanes - rest));
  }
  HWY_INLINE V Load(const float* plane) const {
    return size < kLanes ? LoadTail(plane, size, 0.0f) : hn::LoadU(D(), plane + size - kLanes);
  }
};

HWY_INLINE double SumOfLanes(V v) {
  HWY_ALIGN float lanes[kLanes];
  hn::Store(v, D(), lanes);
  double sum = 0;
  for (float lane : lanes) sum += lane;
  return sum;
}

template <class Terms>
Sums SumsOf(const Planes& p, const float* x, const float* dy, float center_value) {
  const D d;
  const V center = hn::Set(d, center_value);
  const std::size_t planes_at_once = HWY_MAX(kBlock / p.size, std::size_t{1});
  Sums sums;
  for (std::size_t first = 0; first < p.n; first += planes_at_once) {
    const std::size_t end = HWY_MIN(first + planes_at_once, p.n);
    for (std::size_t col = 0; col < p.size; col += kBlock) {
      const std::size_t width = HWY_MIN(kBlock, p.size - col);
      PlaneEnd tail;
      tail.Set(width);
      V values0 = hn::Zero(d);
      V values1 = values0;
      V products0 = values0;
      V products1 = values0;
      for (std::size_t plane = first; plane < end; ++plane) {
        const float* px = x + plane * p.stride + col;
        const float* pdy = dy + plane * p.stride + col;
        std::size_t i = 0;
        for (; i + 2 * kLanes <= width; i += 2 * kLanes) {
          const V x0 = hn::LoadU(d, px + i);
          const V x1 = hn::LoadU(d, px + i + kLanes);
          const V v0 = Terms::Value(x0, hn::LoadU(d, pdy + i), center);
          const V v1 = Terms::Value(x1, hn::LoadU(d, pdy + i + kLanes), center);
          values0 = hn::Add(values0, v0);
          values1 = hn::Add(values1, v1);
          products0 = Madd(v0, Terms::Factor(v0, x0, center), products0);
          products1 = Madd(v1, Terms::Factor(v1, x1, center), products1);
        }
        if (i + kLanes <= width) {
          const V x0 = hn::LoadU(d, px + i);
          const V v0 = Terms::Value(x0, hn::LoadU(d, pdy + i), center);
          values0 = hn::Add(values0, v0);
          products0 = Madd(v0, Terms::Factor(v0, x0, center), products0);
        }
        if (tail.rest > 0) {
          const V x1 = tail.Load(px);
          const V v1 = hn::IfThenElseZero(tail.fresh, Terms::Value(x1, tail.Load(pdy), center));
          values1 = hn::Add(values1, v1);
          products1 = Madd(v1, Terms::Factor(v1, x1, center), products1);
        }
      }
      sums.values += SumOfLanes(hn::Add(values0, values1));
      sums.products += SumOfLanes(hn::Add(products0, products1));
    }
  }
  return sums;
}

// out = op(x, dy), element by element.
template <class Op>
void MapPlanes(const Planes& p, Op op, const float* x, const float* dy, float* out) {
  const D d;
  for (std::size_t plane = 0; plane < p.n;
       ++plane, x += p.stride, dy += p.stride, out += p.stride) {
    std::size_t i = 0;
    for (; i + kLanes <= p.size; i += kLanes) {
      hn::StoreU(op(hn::LoadU(d, x + i), hn::LoadU(d, dy + i)), d, out + i);
    }
    if (i == p.size) continue;
    if (p.size < kLanes) {
      StoreTail(op(LoadTail(x, p.size, 0.0f), LoadTail(dy, p.size, 0.0f)), out, p.size);
    } else {  // once more what is in this vector and the one before
      i = p.size - kLanes;
      hn::StoreU(op(hn::LoadU(d, x + i), hn::LoadU(d, dy + i)), d, out + i);
    }
  }
}

// The sums over the rows of kLanes columns of x and dy: [rows, columns], from column `col` on.
struct ColumnSums {
  V values, products;
};

template <class Terms>
HWY_INLINE ColumnSums SumsOf(const Matrix& x, const Matrix& dy, std::size_t rows, std::size_t col,
                             V center) {
  ExactSum values, products;
  values.Clear();
  products.Clear();
  for (std::size_t row = 0; row < rows;) {
    const std::size_t end = HWY_MIN(row + kSumBlock, rows);
    V block_values = hn::Zero(D());
    V block_products = hn::Zero(D());
    for (; row < end; ++row) {
      const V at = x.At(row, col);
      const V value = Terms::Value(at, dy.At(row, col), center);
      block_values = hn::Add(block_values, value);
      block_products = Madd(value, Terms::Factor(value, at, center), block_products);
    }
    values.Add(block_values);
    products.Add(block_products);
  }
  return {values.Value(), products.Value()};
}

// y = (x − mean) · scale + shift.
struct Forward {
  V mean, scale, shift;
  HWY_INLINE V operator()(V x, V) const { return Madd(hn::Sub(x, mean), scale, shift); }
};

// dx = dy · scale + (x − mean) · slope + shift.
struct Backward {
  V mean, scale, slope, shift;
  HWY_INLINE V operator()(V x, V dy) const {
    return Madd(dy, scale, Madd(hn::Sub(x, mean), slope, shift));
  }
};

// dx where mean and variance are given and so do not depend on x; even a NaN in x does not matter.
struct GivenBackward {
  V scale;
  HWY_INLINE V operator()(V, V dy) const { return hn::Mul(dy, scale); }
};

template <class Op>
HWY_INLINE void MapColumns(Op op, const Matrix& x, const Matrix& dy, std::size_t col, float* out) {
  for (std::size_t row = 0; row < x.axis; ++row) {
    StoreColumns(op(x.At(row, col), dy.At(row, col)), out + row * x.inner, col, x.inner);
  }
}

Planes PlanesOf(const BatchNorm& b) {
  const auto number = [](Index n) { return static_cast<std::size_t>(n); };
  return {number(b.n), number(b.size), number(b.channels * b.size)};
}

// The mean of the first values is subtracted from all values, so that their squares lose no digits.
void PlanesForward(const BatchNorm& b, std::size_t channel, const float* x, float weight,
                   float bias, float* mean, float* variance, float* y) {
  const D d;
  const Planes p = PlanesOf(b);
  x += channel * p.size;
  if (b.training) {
    const Planes start{HWY_MIN(p.n, HWY_MAX(kBlock / p.size, std::size_t{1})),
                       HWY_MIN(p.size, kBlock), p.stride};
    const auto start_count = static_cast<double>(start.n * start.size);
    const auto center =
        static_cast<float>(SumsOf<Deviations>(start, x, x, 0.0f).values / start_count);
    const Sums sums = SumsOf<Deviations>(p, x, x, center);
    const auto count = static_cast<double>(p.n * p.size);
    const double spread = (sums.products - sums.values * sums.values / count) / count;
    *mean = static_cast<float>(center + sums.values / count);
    *variance = spread < 0 ? 0.0f : static_cast<float>(spread);
  }
  const double scale = weight / sqrt(static_cast<double>(*variance) + b.epsilon);
  MapPlanes(p, Forward{hn::Set(d, *mean), hn::Set(d, static_cast<float>(scale)), hn::Set(d, bias)},
            x, x, y + channel * p.size);
}

void PlanesBackward(const BatchNorm& b, std::size_t channel, const float* x, float weight,
                    float mean, float variance, const float* dy, float* dx, float* dweight,
                    float* dbias) {
  const D d;
  const Planes p = PlanesOf(b);
  x += channel * p.size;
  dy += channel * p.size;
  const Sums sums = SumsOf<Gradients>(p, x, dy, mean);
  const double inverse = 1 / sqrt(static_cast<double>(variance) + b.epsilon);
  *dweight = static_cast<float>(sums.products * inverse);
  *dbias = static_cast<float>(sums.values);
  if (!dx) return;
  dx += channel * p.size;
  const double scale = weight * inverse;
  const V scales = hn::Set(d, static_cast<float>(scale));
  if (!b.training) return MapPlanes(p, GivenBackward{scales}, x, dy, dx);
  const double part = -scale / static_cast<double>(p.n * p.size);
  MapPlanes(p,
            Backward{hn::Set(d, mean), scales,
                     hn::Set(d, static_cast<float>(part * sums.products * inverse * inverse)),
                     hn::Set(d, static_cast<float>(part * sums.values))},
            x, dy, dx);
}

// The vector of kLanes columns from `col` on, or of as many as are left.
HWY_INLINE V LoadColumns(const float* p, std::size_t col, std::size_t columns) {
  return col + kLanes <= columns ? hn::LoadU(D(), p + col) : LoadTail(p + col, columns - col, 1.0f);
}

HWY_INLINE V InverseDeviation(V variance, float epsilon) {
  const D d;
  return hn::Div(hn::Set(d, 1.0f), hn::Sqrt(hn::Add(variance, hn::Set(d, epsilon))));
}

void ColumnsForward(const BatchNorm& b, std::size_t col, const float* x, const float* weight,
                    const float* bias, float* mean, float* variance, float* y) {
  const D d;
  const auto rows = static_cast<std::size_t>(b.n);
  const auto columns = static_cast<std::size_t>(b.channels);
  const Matrix m{x, rows, columns};
  if (b.training) {
    const V per_row = hn::Set(d, 1 / static_cast<float>(rows));
    const std::size_t start = HWY_MIN(rows, kSumBlock);
    const V first = SumsOf<Deviations>(m, m, start, col, hn::Zero(d)).values;
    const V center = hn::Mul(first, hn::Set(d, 1 / static_cast<float>(start)));
    const ColumnSums sums = SumsOf<Deviations>(m, m, rows, col, center);
    const V offset = hn::Mul(sums.values, per_row);
    const V spread = hn::Mul(hn::Sub(sums.products, hn::Mul(sums.values, offset)), per_row);
    StoreColumns(hn::Add(center, offset), mean, col, columns);
    StoreColumns(Relu(spread), variance, col, columns);
  }
  const V inverse = InverseDeviation(LoadColumns(variance, col, columns), b.epsilon);
  MapColumns(
      Forward{LoadColumns(mean, col, columns), hn::Mul(LoadColumns(weight, col, columns), inverse),
              LoadColumns(bias, col, columns)},
      m, m, col, y);
}

void ColumnsBackward(const BatchNorm& b, std::size_t col, const float* x, const float* weight,
                     const float* mean, const float* variance, const float* dy, float* dx,
                     float* dweight, float* dbias) {
  const D d;
  const auto rows = static_cast<std::size_t>(b.n);
  const auto columns = static_cast<std::size_t>(b.channels);
  const Matrix mx{x, rows, columns};
  const Matrix mdy{dy, rows, columns};
  const V means = LoadColumns(mean, col, columns);
  const ColumnSums sums = SumsOf<Gradients>(mx, mdy, rows, col, means);
  const V inverse = InverseDeviation(LoadColumns(variance, col, columns), b.epsilon);
  const V normalized = hn::Mul(sums.products, inverse);
  StoreColumns(normalized, dweight, col, columns);
  StoreColumns(sums.values, dbias, col, columns);
  if (!dx) return;
  const V scale = hn::Mul(LoadColumns(weight, col, columns), inverse);
  if (!b.training) return MapColumns(GivenBackward{scale}, mx, mdy, col, dx);
  const V part = hn::Mul(scale, hn::Set(d, -1 / static_cast<float>(rows)));
  MapColumns(Backward{means, scale, hn::Mul(part, hn::Mul(normalized, inverse)),
                      hn::Mul(part, sums.values)},
             mx, mdy, col, dx);
}

void ForwardKernel(const BatchNorm& b, std::size_t begin, std::size_t end, const float* x,
                   const float* weight, const float* bias, float* mean, float* variance, float* y) {
  if (b.size == 1) {
    for (std::size_t col = begin; col < end; col += kLanes) {
      ColumnsForward(b, col, x, weight, bias, mean, variance, y);
    }
  } else {
    for (std::size_t c = begin; c < end; ++c) {
      PlanesForward(b, c, x, weight[c], bias[c], mean + c, variance + c, y);
    }
  }
}

void BackwardKernel(const BatchNorm& b, std::size_t begin, std::size_t end, const float* x,
                    const float* weight, const float* mean, const float* variance, const float* dy,
                    float* dx, float* dweight, float* dbias) {
  if (b.size == 1) {
    for (std::size_t col = begin; col < end; col += kLanes) {
      ColumnsBackward(b, col, x, weight, mean, variance, dy, dx, dweight, dbias);
    }
  } else {
    for (std::size_t c = begin; c < end; ++c) {
      PlanesBackward(b, c, x, weight[c], mean[c], variance[c], dy, dx, dweight + c, dbias + c);
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace lanegrad::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lanegrad::kernels {

HWY_EXPORT(ForwardKernel);
HWY_EXPORT(BackwardKernel);

namespace {

// Calls body(begin, end) for groups of channels, some of them on other threads. A group of columns
// is whole vectors of every target.
template <class Body>
void for_each_group(const BatchNorm& b, Body body) {
  const Index group = b.size == 1 ? 64 : 1;
  parallel_rows((b.channels + group - 1) / group, group * b.n * b.size,
                [=, &b](Index first, Index count) {
                  const Index end = std::min((first + count) * group, b.channels);
                  body(static_cast<std::size_t>(first * group), static_cast<std::size_t>(end));
                });
}

}  // namespace

void batch_norm(const BatchNorm& b, const Real* x, const Real* weight, const Real* bias, Real* mean,
                Real* variance, Real* y) {
  for_each_group(b, [=, &b](std::size_t begin, std::size_t end) {
    HWY_DYNAMIC_DISPATCH(ForwardKernel)(b, begin, end, x, weight, bias, mean, variance, y);
  });
}

void batch_norm_backward(const BatchNorm& b, const Real* x, const Real* weight, const Real* mean,
                         const Real* variance, const Real* dy, Real* dx, Real* dweight,
                         Real* dbias) {
  for_each_group(b, [=, &b](std::size_t begin, std::size_t end) {
    HWY_DYNAMIC_DISPATCH(BackwardKernel)
    (b, begin, end, x, weight, mean, variance, dy, dx, dweight, dbias);
  });
}

}  // namespace lanegrad::kernels
#endif
