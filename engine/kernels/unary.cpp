// The unary functions of the table in vectors, each with its gradient under it, and leaky_relu.
// unary.h says in plain arithmetic what each of them is.
#include "engine/core/parallel.h"
#include "engine/kernels/kernels.h"
#include "engine/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/unary.cpp"
#include <hwy/foreach_target.h>

#include "engine/kernels/map-inl.h"
#include "engine/kernels/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lanegrad::kernels {
namespace HWY_NAMESPACE {

struct NegOp {
  HWY_INLINE V Value(V x) const { return hn::Neg(x); }
  HWY_INLINE V Gradient(V, V, V dy) const { return hn::Neg(dy); }
};

struct AbsOp {
  HWY_INLINE V Value(V x) const { return hn::Abs(x); }
  HWY_INLINE V Gradient(V x, V, V dy) const {
    const V zero = hn::Zero(D());
    const V down_or_kink = hn::IfThenElse(hn::Lt(x, zero), hn::Neg(dy), hn::Abs(x));
    return hn::IfThenElse(hn::Gt(x, zero), dy, down_or_kink);  // Abs: 0 at −0, NaN at NaN
  }
};

struct ExpOp {
  HWY_INLINE V Value(V x) const { return Exp(x); }
  HWY_INLINE V Gradient(V, V y, V dy) const { return hn::Mul(dy, y); }
};

struct LogOp {
  HWY_INLINE V Value(V x) const { return Log(x); }
  HWY_INLINE V Gradient(V x, V, V dy) const { return hn::Div(dy, x); }
};

struct SqrtOp {
  HWY_INLINE V Value(V x) const { return hn::Sqrt(x); }
  HWY_INLINE V Gradient(V, V y, V dy) const { return hn::Div(dy, hn::Add(y, y)); }
};

struct ReluOp {
  HWY_INLINE V Value(V x) const { return Relu(x); }
  HWY_INLINE V Gradient(V x, V, V dy) const {
    return hn::IfThenZeroElse(hn::Le(x, hn::Zero(D())), dy);
  }
};

struct LeakyReluOp {
  float slope;
  HWY_INLINE V Value(V x) const {
    return hn::IfThenElse(hn::Gt(x, hn::Zero(D())), x, hn::Mul(x, hn::Set(D(), slope)));
  }
  HWY_INLINE V Gradient(V x, V, V dy) const {
    return hn::IfThenElse(hn::Gt(x, hn::Zero(D())), dy, hn::Mul(dy, hn::Set(D(), slope)));
  }
};

// The standard normal distribution at |x|: its tail and its bell. Beyond 14 both are 0 in float.
struct Normal {
  V magnitude;  // |x|, at most 15: finite
  V tail;       // 1 − Φ(|x|)
  V bell;       // e^(−x²/2)
};

// The tail is the bell times a function that falls slowly from 1/2. A polynomial in t = 1 / (1 +
// 0.27 · |x|), of the form of Abramowitz and Stegun 7.1.26, gives that function within 2.4e-8; its
// coefficients were fitted to it, relative to its size, for |x| ≤ 15.
HWY_INLINE Normal NormalAt(V x) {
  const D d;
  const V one = hn::Set(d, 1.0f);
  const V limit = hn::Set(d, 15.0f);
  const V absolute = hn::Abs(x);
  Normal normal;
  normal.magnitude = hn::IfThenElse(hn::Gt(absolute, limit), limit, absolute);  // NaN stays
  const V half_square = hn::Mul(hn::Mul(normal.magnitude, normal.magnitude), hn::Set(d, -0.5f));
  normal.bell = Exp(half_square);
  const V t = hn::Div(one, Madd(hn::Set(d, 0.27f), normal.magnitude, one));
  V sum = hn::Set(d, 0.0289955176f);
  sum = Madd(sum, t, hn::Set(d, -0.126658723f));
  sum = Madd(sum, t, hn::Set(d, 0.170156211f));
  sum = Madd(sum, t, hn::Set(d, -0.0696507767f));
  sum = Madd(sum, t, hn::Set(d, 0.108142629f));
  sum = Madd(sum, t, hn::Set(d, 0.0719082952f));
  sum = Madd(sum, t, hn::Set(d, 0.101848572f));
  sum = Madd(sum, t, hn::Set(d, 0.10753727f));
  sum = Madd(sum, t, hn::Set(d, 0.107721001f));
  normal.tail = hn::Mul(normal.bell, hn::Mul(sum, t));
  return normal;
}

struct GeluOp {
  HWY_INLINE V Value(V x) const {
    const Normal normal = NormalAt(x);
    return hn::Sub(Relu(x), hn::Mul(normal.magnitude, normal.tail));
  }
  HWY_INLINE V Gradient(V x, V, V dy) const {
    const D d;
    const Normal normal = NormalAt(x);
    const V density = hn::Mul(normal.bell, hn::Set(d, 0.398942280f));  // 1 / √(2π)
    const V rest = hn::Sub(normal.tail, hn::Mul(normal.magnitude, density));
    const V slope = hn::IfThenElse(hn::Gt(x, hn::Zero(d)), hn::Sub(hn::Set(d, 1.0f), rest), rest);
    return hn::Mul(dy, slope);
  }
};

// What SiLU needs of |x|. e^−|x| comes in two factors, since alone it becomes denormal where the
// result is not yet. Beyond 220 both are 0 in float.
struct Decay {
  V magnitude;  // |x|, at most 220: finite
  V root;       // e^(−|x| / 2)
  V sum;        // 1 + e^−|x|
};
HWY_INLINE Decay DecayAt(V x) {
  const D d;
  const V limit = hn::Set(d, 220.0f);
  const V absolute = hn::Abs(x);
  Decay decay;
  decay.magnitude = hn::IfThenElse(hn::Gt(absolute, limit), limit, absolute);  // NaN stays
  decay.root = Exp(hn::Mul(decay.magnitude, hn::Set(d, -0.5f)));
  decay.sum = Madd(decay.root, decay.root, hn::Set(d, 1.0f));
  return decay;
}

struct SiluOp {
  HWY_INLINE V Value(V x) const {
    const Decay at = DecayAt(x);
    const V below = hn::Mul(hn::Neg(hn::Mul(at.magnitude, at.root)), at.root);
    return hn::Div(hn::IfThenElse(hn::Lt(x, hn::Zero(D())), below, x), at.sum);
  }
  HWY_INLINE V Gradient(V x, V, V dy) const {  // (1 + |x| · e / (1 + e)) / (1 + e), or below 0
    const V one = hn::Set(D(), 1.0f);          // e · (1 − |x| / (1 + e)) / (1 + e)
    const Decay at = DecayAt(x);
    const V part = hn::Div(at.magnitude, at.sum);
    const V above = Madd(hn::Mul(part, at.root), at.root, one);
    const V below = hn::Mul(hn::Mul(hn::Sub(one, part), at.root), at.root);
    const V slope = hn::Div(hn::IfThenElse(hn::Lt(x, hn::Zero(D())), below, above), at.sum);
    return hn::Mul(dy, slope);
  }
};

// log(1 + x) for 0 ≤ x ≤ 1. The sum 1 + x has lost digits of x, and x / ((1 + x) − 1) gives them
// back (Goldberg 1991, "What every computer scientist should know about floating-point arithmetic",
// theorem 4).
HWY_INLINE V Log1p(V x) {
  const V one = hn::Set(D(), 1.0f);
  const V sum = hn::Add(one, x);
  const V added = hn::Sub(sum, one);
  const M none = hn::Eq(added, hn::Zero(D()));
  return hn::IfThenElse(none, x, hn::Mul(Log(sum), hn::Div(x, hn::IfThenElse(none, one, added))));
}

struct SoftplusOp {
  HWY_INLINE V Value(V x) const { return hn::Add(Relu(x), Log1p(Exp(hn::Neg(hn::Abs(x))))); }
  HWY_INLINE V Gradient(V x, V, V dy) const { return hn::Mul(dy, Sigmoid(x)); }
};

struct SigmoidOp {
  HWY_INLINE V Value(V x) const { return Sigmoid(x); }
  HWY_INLINE V Gradient(V, V y, V dy) const {
    return hn::Mul(dy, hn::Mul(y, hn::Sub(hn::Set(D(), 1.0f), y)));
  }
};

struct TanhOp {
  HWY_INLINE V Value(V x) const { return Tanh(x); }
  HWY_INLINE V Gradient(V, V y, V dy) const {
    const V one = hn::Set(D(), 1.0f);
    return hn::Mul(dy, hn::Mul(hn::Sub(one, y), hn::Add(one, y)));
  }
};

template <class Op>
struct ValueOf {
  Op op;
  HWY_INLINE V operator()(V x, V, V) const { return op.Value(x); }
};
template <class Op>
void MapValue(Op op, const float* x, float* out, std::size_t n) {
  Map(ValueOf<Op>{op}, x, kLanes, x, kLanes, x, kLanes, out, n);
}

template <class Op>
struct GradientOf {
  Op op;
  HWY_INLINE V operator()(V x, V y, V dy) const { return op.Gradient(x, y, dy); }
};
template <class Op>
void MapGradient(Op op, const float* x, const float* y, const float* dy, float* dx, std::size_t n) {
  Map(GradientOf<Op>{op}, x, kLanes, y, kLanes, dy, kLanes, dx, n);
}

void UnaryKernel(Unary op, const float* x, float* out, std::size_t n) {
  switch (op) {
#define LANEGRAD_CASE(Function, ...) \
  case Unary::Function:              \
    return MapValue(Function##Op(), x, out, n);
    LANEGRAD_UNARY(LANEGRAD_CASE)
#undef LANEGRAD_CASE
  }
}

void UnaryBackwardKernel(Unary op, const float* x, const float* y, const float* dy, float* dx,
                         std::size_t n) {
  switch (op) {
#define LANEGRAD_CASE(Function, ...) \
  case Unary::Function:              \
    return MapGradient(Function##Op(), x, y, dy, dx, n);
    LANEGRAD_UNARY(LANEGRAD_CASE)
#undef LANEGRAD_CASE
  }
}

void LeakyReluKernel(float slope, const float* x, float* out, std::size_t n) {
  MapValue(LeakyReluOp{slope}, x, out, n);
}

void LeakyReluBackwardKernel(float slope, const float* x, const float* dy, float* dx,
                             std::size_t n) {
  MapGradient(LeakyReluOp{slope}, x, x, dy, dx, n);
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

}  // namespace lanegrad::kernels
#endif
