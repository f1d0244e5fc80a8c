// Functions that work element by element: whole vectors first, then the last few elements through a
// padded vector.
#include <limits>

#include "engine/core/parallel.h"
#include "engine/kernels/kernels.h"
#include "engine/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/elementwise.cpp"
#include <hwy/foreach_target.h>

#include "engine/kernels/math-inl.h"
#include "engine/kernels/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lanegrad::kernels {
namespace HWY_NAMESPACE {

// out = op(a, b, c), vector by vector. The last few elements are copied and take one more turn of
// the same loop, since its body may be long. A step is kLanes, or 0 for a vector that stays the
// same.
template <class Op>
HWY_INLINE void Map(Op op, const float* a, std::size_t a_step, const float* b, std::size_t b_step,
                    const float* c, std::size_t c_step, float* out, std::size_t n) {
  const D d;
  HWY_ALIGN float lanes[kLanes];
  HWY_ALIGN float a_lanes[kLanes];
  HWY_ALIGN float b_lanes[kLanes];
  HWY_ALIGN float c_lanes[kLanes];
  const std::size_t rest = n % kLanes;
  float* to = out;
  for (std::size_t left = n - rest;; left = kLanes) {
    for (; left > 0; left -= kLanes) {
      hn::StoreU(op(hn::LoadU(d, a), hn::LoadU(d, b), hn::LoadU(d, c)), d, to);
      a += a_step;
      b += b_step;
      c += c_step;
      to += kLanes;
    }
    if (rest == 0 || to == lanes + kLanes) break;
    hn::Store(a_step > 0 ? LoadTail(a, rest, 1.0f) : hn::LoadU(d, a), d, a_lanes);
    hn::Store(b_step > 0 ? LoadTail(b, rest, 1.0f) : hn::LoadU(d, b), d, b_lanes);
    hn::Store(c_step > 0 ? LoadTail(c, rest, 1.0f) : hn::LoadU(d, c), d, c_lanes);
    a = a_lanes;
    b = b_lanes;
    c = c_lanes;
    to = lanes;
  }
  if (rest > 0) StoreTail(hn::Load(d, lanes), out + (n - rest), rest);
}

// ---- Unary ------------------------------------------------------------------

struct NegOp {
  HWY_INLINE V operator()(V x) const { return hn::Neg(x); }
};
struct AbsOp {
  HWY_INLINE V operator()(V x) const { return hn::Abs(x); }
};
struct ExpOp {
  HWY_INLINE V operator()(V x) const { return Exp(x); }
};
struct LogOp {
  HWY_INLINE V operator()(V x) const { return Log(x); }
};
struct SqrtOp {
  HWY_INLINE V operator()(V x) const { return hn::Sqrt(x); }
};
struct TanhOp {
  HWY_INLINE V operator()(V x) const { return Tanh(x); }
};
struct SigmoidOp {
  HWY_INLINE V operator()(V x) const { return Sigmoid(x); }
};
struct ReluOp {
  HWY_INLINE V operator()(V x) const { return Relu(x); }
};
struct LeakyReluOp {
  float slope;
  HWY_INLINE V operator()(V x) const {
    return hn::IfThenElse(hn::Gt(x, hn::Zero(D())), x, hn::Mul(x, hn::Set(D(), slope)));
  }
};
struct GeluOp {
  HWY_INLINE V operator()(V x) const {
    const Normal normal = NormalAt(x);
    return hn::Sub(Relu(x), hn::Mul(normal.magnitude, normal.tail));
  }
};

template <class Op>
struct OfOne {
  Op op;
  HWY_INLINE V operator()(V x, V, V) const { return op(x); }
};
template <class Op>
void MapUnary(Op op, const float* x, float* out, std::size_t n) {
  Map(OfOne<Op>{op}, x, kLanes, x, kLanes, x, kLanes, out, n);
}

void UnaryKernel(Unary op, const float* x, float* out, std::size_t n) {
  switch (op) {
    case Unary::Neg:
      return MapUnary(NegOp(), x, out, n);
    case Unary::Abs:
      return MapUnary(AbsOp(), x, out, n);
    case Unary::Exp:
      return MapUnary(ExpOp(), x, out, n);
    case Unary::Log:
      return MapUnary(LogOp(), x, out, n);
    case Unary::Sqrt:
      return MapUnary(SqrtOp(), x, out, n);
    case Unary::Tanh:
      return MapUnary(TanhOp(), x, out, n);
    case Unary::Sigmoid:
      return MapUnary(SigmoidOp(), x, out, n);
    case Unary::Relu:
      return MapUnary(ReluOp(), x, out, n);
    case Unary::Gelu:
      return MapUnary(GeluOp(), x, out, n);
  }
}

void LeakyReluKernel(float slope, const float* x, float* out, std::size_t n) {
  MapUnary(LeakyReluOp{slope}, x, out, n);
}

struct NegGradient {
  HWY_INLINE V operator()(V, V, V dy) const { return hn::Neg(dy); }
};
struct AbsGradient {
  HWY_INLINE V operator()(V x, V, V dy) const {
    const V zero = hn::Zero(D());
    const V down_or_kink = hn::IfThenElse(hn::Lt(x, zero), hn::Neg(dy), hn::Abs(x));
    return hn::IfThenElse(hn::Gt(x, zero), dy, down_or_kink);  // Abs: 0 at −0, NaN at NaN
  }
};
struct ExpGradient {
  HWY_INLINE V operator()(V, V y, V dy) const { return hn::Mul(dy, y); }
};
struct LogGradient {
  HWY_INLINE V operator()(V x, V, V dy) const { return hn::Div(dy, x); }
};
struct SqrtGradient {
  HWY_INLINE V operator()(V, V y, V dy) const { return hn::Div(dy, hn::Add(y, y)); }
};
struct TanhGradient {
  HWY_INLINE V operator()(V, V y, V dy) const {
    const V one = hn::Set(D(), 1.0f);
    return hn::Mul(dy, hn::Mul(hn::Sub(one, y), hn::Add(one, y)));
  }
};
struct SigmoidGradient {
  HWY_INLINE V operator()(V, V y, V dy) const {
    return hn::Mul(dy, hn::Mul(y, hn::Sub(hn::Set(D(), 1.0f), y)));
  }
};
struct ReluGradient {
  HWY_INLINE V operator()(V x, V, V dy) const {
    return hn::IfThenZeroElse(hn::Le(x, hn::Zero(D())), dy);
  }
};
struct LeakyReluGradient {
  float slope;
  HWY_INLINE V operator()(V x, V, V dy) const {
    return hn::IfThenElse(hn::Gt(x, hn::Zero(D())), dy, hn::Mul(dy, hn::Set(D(), slope)));
  }
};
struct GeluGradient {  // Φ(x) + x · Φ'(x)
  HWY_INLINE V operator()(V x, V, V dy) const {
    const D d;
    const Normal normal = NormalAt(x);
    const V density = hn::Mul(normal.bell, hn::Set(d, 0.398942280f));  // 1 / √(2π)
    const V rest = hn::Sub(normal.tail, hn::Mul(normal.magnitude, density));
    const V slope = hn::IfThenElse(hn::Gt(x, hn::Zero(d)), hn::Sub(hn::Set(d, 1.0f), rest), rest);
    return hn::Mul(dy, slope);
  }
};

template <class Op>
void MapGradient(Op op, const float* x, const float* y, const float* dy, float* dx, std::size_t n) {
  Map(op, x, kLanes, y, kLanes, dy, kLanes, dx, n);
}

void UnaryBackwardKernel(Unary op, const float* x, const float* y, const float* dy, float* dx,
                         std::size_t n) {
  switch (op) {
    case Unary::Neg:
      return MapGradient(NegGradient(), x, y, dy, dx, n);
    case Unary::Abs:
      return MapGradient(AbsGradient(), x, y, dy, dx, n);
    case Unary::Exp:
      return MapGradient(ExpGradient(), x, y, dy, dx, n);
    case Unary::Log:
      return MapGradient(LogGradient(), x, y, dy, dx, n);
    case Unary::Sqrt:
      return MapGradient(SqrtGradient(), x, y, dy, dx, n);
    case Unary::Tanh:
      return MapGradient(TanhGradient(), x, y, dy, dx, n);
    case Unary::Sigmoid:
      return MapGradient(SigmoidGradient(), x, y, dy, dx, n);
    case Unary::Relu:
      return MapGradient(ReluGradient(), x, y, dy, dx, n);
    case Unary::Gelu:
      return MapGradient(GeluGradient(), x, y, dy, dx, n);
  }
}

void LeakyReluBackwardKernel(float slope, const float* x, const float* dy, float* dx,
                             std::size_t n) {
  MapGradient(LeakyReluGradient{slope}, x, x, dy, dx, n);
}

// ---- Binary -----------------------------------------------------------------

struct AddOp {
  HWY_INLINE V operator()(V a, V b) const { return hn::Add(a, b); }
};
struct SubOp {
  HWY_INLINE V operator()(V a, V b) const { return hn::Sub(a, b); }
};
struct MulOp {
  HWY_INLINE V operator()(V a, V b) const { return hn::Mul(a, b); }
};
struct DivOp {
  HWY_INLINE V operator()(V a, V b) const { return hn::Div(a, b); }
};
struct MaximumOp {
  HWY_INLINE V operator()(V a, V b) const {
    return hn::IfThenElse(hn::Or(hn::Gt(a, b), hn::IsNaN(a)), a, b);
  }
};

// log2 x for positive, finite and normal x: its exponent, plus 2 atanh((m − 1) / (m + 1)) / ln 2 by
// its series, where m in [√½, √2] is the rest.
double Log2(double x) {
  auto bits = __builtin_bit_cast(std::uint64_t, x);
  double exponent = static_cast<double>(bits >> 52) - 1023;
  bits = (bits & ((std::uint64_t{1} << 52) - 1)) | (std::uint64_t{1023} << 52);
  double m = __builtin_bit_cast(double, bits);
  if (m > 1.4142135623730951) {
    m /= 2;
    ++exponent;
  }
  const double s = (m - 1) / (m + 1);
  const double t = s * s;
  const double sum =
      1 + t * (1. / 3 + t * (1. / 5 + t * (1. / 7 + t * (1. / 9 + t * (1. / 11 + t / 13)))));
  return exponent + sum * s * 2.8853900817779268;  // 2 / ln 2
}

// 2^x for |x| ≤ 200: a power of two, and the exponential series for what is left, at most ½ ln 2.
double Exp2(double x) {
  const auto whole = static_cast<std::int64_t>(x < 0 ? x - 0.5 : x + 0.5);
  x = (x - static_cast<double>(whole)) * 0.69314718055994531;
  double sum = 1. / 120 + x * (1. / 720 + x * (1. / 5040 + x / 40320));
  sum = 1 + x * (1 + x * (1. / 2 + x * (1. / 6 + x * (1. / 24 + x * sum))));
  const std::uint64_t bits = static_cast<std::uint64_t>(whole + 1023) << 52;
  return sum * __builtin_bit_cast(double, bits);
}

// x^y as C's pow() defines it, computed in double, so that the result is the nearest float or,
// seldom, its neighbour. It is the same on every platform and a kilobyte smaller than libm's pow().
float Power(float x, float y) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (y == 0 || x == 1) return 1;
  if (x != x || y != y) return x + y;
  const double size = __builtin_fabs(x);
  const double exponent = y;
  const double steps = __builtin_fabs(exponent);
  // True where y is so large that it is whole and even; infinity is, too.
  const bool large = steps >= 16777216;
  const auto whole = static_cast<std::int64_t>(large ? 0 : steps);
  double result = 1;  // also of −1 to an infinite power
  if (size == 0 || size == kInfinity || (steps == kInfinity && size != 1)) {
    result = (size > 1) == (y > 0) ? kInfinity : 0;
  } else if (x < 0 && !large && static_cast<double>(whole) != steps) {
    return std::numeric_limits<float>::quiet_NaN();
  } else if (size != 1) {
    const double log2 = exponent * Log2(size);
    result = log2 >= 128 ? kInfinity : log2 < -200 ? 0 : Exp2(log2);
  }
  const bool odd = !large && static_cast<double>(whole) == steps && whole % 2 == 1;
  return static_cast<float>(odd && __builtin_signbit(x) ? -result : result);
}

template <class Op>
struct OfTwo {
  Op op;
  HWY_INLINE V operator()(V a, V b, V) const { return op(a, b); }
};
template <class Op>
void MapBinary(Op op, const float* a, std::size_t a_step, const float* b, std::size_t b_step,
               float* out, std::size_t n) {
  Map(OfTwo<Op>{op}, a, a_step, b, b_step, a, a_step, out, n);
}

void BinaryKernel(Binary op, const float* a, bool a_scalar, const float* b, bool b_scalar,
                  float* out, std::size_t n) {
  if (n == 0) return;
  // A single value becomes a vector that repeats it.
  const D d;
  HWY_ALIGN float a_lanes[kLanes];
  HWY_ALIGN float b_lanes[kLanes];
  hn::Store(hn::Set(d, *a), d, a_lanes);
  hn::Store(hn::Set(d, *b), d, b_lanes);
  const std::size_t a_step = a_scalar ? 0 : kLanes;
  const std::size_t b_step = b_scalar ? 0 : kLanes;
  const float* const a_from = a_scalar ? a_lanes : a;
  const float* const b_from = b_scalar ? b_lanes : b;
  switch (op) {
    case Binary::Add:
      return MapBinary(AddOp(), a_from, a_step, b_from, b_step, out, n);
    case Binary::Sub:
      return MapBinary(SubOp(), a_from, a_step, b_from, b_step, out, n);
    case Binary::Mul:
      return MapBinary(MulOp(), a_from, a_step, b_from, b_step, out, n);
    case Binary::Div:
      return MapBinary(DivOp(), a_from, a_step, b_from, b_step, out, n);
    case Binary::Maximum:
      return MapBinary(MaximumOp(), a_from, a_step, b_from, b_step, out, n);
    // Pow has many special cases, so it goes one by one.
    case Binary::Pow: {
      for (std::size_t i = 0; i < n; ++i) out[i] = Power(a[a_scalar ? 0 : i], b[b_scalar ? 0 : i]);
      return;
    }
  }
}

// ---- Others -----------------------------------------------------------------

void AxpyKernel(float alpha, const float* x, float* y, std::size_t n) {
  const D d;
  const V a = hn::Set(d, alpha);
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    hn::StoreU(Madd(a, hn::LoadU(d, x + i), hn::LoadU(d, y + i)), d, y + i);
  }
  if (i < n) {
    const std::size_t rest = n - i;
    StoreTail(Madd(a, LoadTail(x + i, rest, 0.0f), LoadTail(y + i, rest, 0.0f)), y + i, rest);
  }
}

void FillKernel(float value, float* x, std::size_t n) {
  const D d;
  const V v = hn::Set(d, value);
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) hn::StoreU(v, d, x + i);
  for (; i < n; ++i) x[i] = value;
}

HWY_INLINE void BytesToReal(const std::uint8_t* x, float scale, float shift, float* out,
                            std::size_t n) {
  const D d;
  const hn::Rebind<std::int32_t, D> d32;
  const hn::Rebind<std::uint8_t, D> d8;
  const V a = hn::Set(d, scale);
  const V b = hn::Set(d, shift);
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    const V v = hn::ConvertTo(d, hn::PromoteTo(d32, hn::LoadU(d8, x + i)));
    hn::StoreU(Madd(a, v, b), d, out + i);
  }
  if (i < n) {
    HWY_ALIGN float lanes[kLanes] = {};
    for (std::size_t j = 0; i + j < n; ++j) lanes[j] = static_cast<float>(x[i + j]);
    StoreTail(Madd(a, hn::Load(d, lanes), b), out + i, n - i);
  }
}

void GatherBytesKernel(const std::uint8_t* x, const std::uint32_t* rows, std::size_t count,
                       std::size_t width, float scale, float shift, float* out) {
  for (std::size_t i = 0; i < count; ++i, out += width) {
    BytesToReal(x + static_cast<std::size_t>(rows[i]) * width, scale, shift, out, width);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace lanegrad::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lanegrad::kernels {

HWY_EXPORT(UnaryKernel);
HWY_EXPORT(UnaryBackwardKernel);
HWY_EXPORT(LeakyReluKernel);
HWY_EXPORT(LeakyReluBackwardKernel);
HWY_EXPORT(BinaryKernel);
HWY_EXPORT(AxpyKernel);
HWY_EXPORT(FillKernel);
HWY_EXPORT(GatherBytesKernel);

void unary(Unary op, const Real* x, Real* out, Index n) {
  parallel_elements(n, [=](Index i, Index count) {
    HWY_DYNAMIC_DISPATCH(UnaryKernel)(op, x + i, out + i, static_cast<std::size_t>(count));
  });
}

void unary_backward(Unary op, const Real* x, const Real* y, const Real* dy, Real* dx, Index n) {
  parallel_elements(n, [=](Index i, Index count) {
    HWY_DYNAMIC_DISPATCH(UnaryBackwardKernel)
    (op, x + i, y + i, dy + i, dx + i, static_cast<std::size_t>(count));
  });
}

void leaky_relu(Real slope, const Real* x, Real* out, Index n) {
  parallel_elements(n, [=](Index i, Index count) {
    HWY_DYNAMIC_DISPATCH(LeakyReluKernel)(slope, x + i, out + i, static_cast<std::size_t>(count));
  });
}

void leaky_relu_backward(Real slope, const Real* x, const Real* dy, Real* dx, Index n) {
  parallel_elements(n, [=](Index i, Index count) {
    HWY_DYNAMIC_DISPATCH(LeakyReluBackwardKernel)
    (slope, x + i, dy + i, dx + i, static_cast<std::size_t>(count));
  });
}

void binary(Binary op, const Real* a, Index a_step, const Real* b, Index b_step, Real* out,
            Index n) {
  parallel_elements(n, [=](Index i, Index count) {
    HWY_DYNAMIC_DISPATCH(BinaryKernel)
    (op, a + i * a_step, a_step == 0, b + i * b_step, b_step == 0, out + i,
     static_cast<std::size_t>(count));
  });
}

void axpy(Real alpha, const Real* x, Real* y, Index n) {
  parallel_elements(n, [=](Index i, Index count) {
    HWY_DYNAMIC_DISPATCH(AxpyKernel)(alpha, x + i, y + i, static_cast<std::size_t>(count));
  });
}

void fill(Real value, Real* x, Index n) {
  parallel_elements(n, [=](Index i, Index count) {
    HWY_DYNAMIC_DISPATCH(FillKernel)(value, x + i, static_cast<std::size_t>(count));
  });
}

void gather_bytes(const std::uint8_t* x, const std::uint32_t* rows, Index count, Index width,
                  Real scale, Real shift, Real* out) {
  parallel_rows(count, width, [=](Index row, Index some) {
    HWY_DYNAMIC_DISPATCH(GatherBytesKernel)
    (x, rows + row, static_cast<std::size_t>(some), static_cast<std::size_t>(width), scale, shift,
     out + row * width);
  });
}

}  // namespace lanegrad::kernels
#endif
