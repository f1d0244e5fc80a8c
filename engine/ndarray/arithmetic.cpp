// Broadcasting: turns an operation on two shapes into calls of the kernels on runs of elements.
#include "engine/ndarray/arithmetic.h"

#include "engine/core/error.h"
#include "engine/kernels/kernels.h"

namespace lanegrad {

namespace {

using kernels::Binary;
using kernels::Unary;

// One axis of the result, with the steps that each operand makes along it (0 where it broadcasts).
struct Loop {
  Index extent = 1;
  Index a_step = 0;
  Index b_step = 0;
};

// The loops over a result of this shape, innermost first, with axes merged where both operands
// allow it. The innermost steps are 0 or 1.
struct Loops {
  std::array<Loop, Shape::kMaxRank> axis{};
  int count = 0;

  Loops(const Shape& out, const Shape& a, const Shape& b) {
    Index a_stride = 1;
    Index b_stride = 1;
    for (int back = 1; back <= out.rank(); ++back) {
      const Index extent = out[out.rank() - back];
      const Index a_extent = back <= a.rank() ? a[a.rank() - back] : 1;
      const Index b_extent = back <= b.rank() ? b[b.rank() - back] : 1;
      push({extent, a_extent == 1 ? 0 : a_stride, b_extent == 1 ? 0 : b_stride});
      a_stride *= a_extent;
      b_stride *= b_extent;
    }
  }

  void push(const Loop& loop) {
    if (loop.extent == 1) return;
    if (count > 0) {
      Loop& inner = axis[static_cast<std::size_t>(count - 1)];
      if (loop.a_step == inner.a_step * inner.extent &&
          loop.b_step == inner.b_step * inner.extent) {
        inner.extent *= loop.extent;
        return;
      }
    }
    axis[static_cast<std::size_t>(count++)] = loop;
  }
};

}  // namespace

NdArray binary(Binary op, const NdArray& a, const NdArray& b) {
  const Shape shape = broadcast(name_of(op), a.shape(), b.shape());
  NdArray out = NdArray::uninitialized(shape);
  if (shape.size() == 0) return out;
  const Loops loops(shape, a.shape(), b.shape());
  const auto& [inner, l1, l2, l3] = loops.axis;
  Real* to = out.mutable_data();
  for (Index i3 = 0; i3 < l3.extent; ++i3) {
    for (Index i2 = 0; i2 < l2.extent; ++i2) {
      for (Index i1 = 0; i1 < l1.extent; ++i1) {
        kernels::binary(op, a.data() + i3 * l3.a_step + i2 * l2.a_step + i1 * l1.a_step,
                        inner.a_step, b.data() + i3 * l3.b_step + i2 * l2.b_step + i1 * l1.b_step,
                        inner.b_step, to, inner.extent);
        to += inner.extent;
      }
    }
  }
  return out;
}

NdArray unary(Unary op, const NdArray& x) {
  NdArray out = NdArray::uninitialized(x.shape());
  kernels::unary(op, x.data(), out.mutable_data(), x.size());
  return out;
}

NdArray unary_backward(kernels::Unary op, const NdArray& x, const NdArray& y, const NdArray& dy) {
  NdArray dx = NdArray::uninitialized(dy.shape());
  kernels::unary_backward(op, x.data(), y.data(), dy.data(), dx.mutable_data(), dy.size());
  return dx;
}

NdArray leaky_relu(const NdArray& x, Real slope) {
  NdArray out = NdArray::uninitialized(x.shape());
  kernels::leaky_relu(slope, x.data(), out.mutable_data(), x.size());
  return out;
}

NdArray leaky_relu_backward(const NdArray& x, const NdArray& dy, Real slope) {
  NdArray dx = NdArray::uninitialized(dy.shape());
  kernels::leaky_relu_backward(slope, x.data(), dy.data(), dx.mutable_data(), dy.size());
  return dx;
}

const char* name_of(Binary op) {
  switch (op) {
    case Binary::Add:
      return "add";
    case Binary::Sub:
      return "sub";
    case Binary::Mul:
      return "mul";
    case Binary::Div:
      return "div";
    case Binary::Pow:
      return "pow";
    case Binary::Maximum:
      return "maximum";
  }
  return "";
}

NdArray add(const NdArray& a, const NdArray& b) { return binary(Binary::Add, a, b); }
NdArray sub(const NdArray& a, const NdArray& b) { return binary(Binary::Sub, a, b); }
NdArray mul(const NdArray& a, const NdArray& b) { return binary(Binary::Mul, a, b); }
NdArray div(const NdArray& a, const NdArray& b) { return binary(Binary::Div, a, b); }
NdArray pow(const NdArray& a, const NdArray& b) { return binary(Binary::Pow, a, b); }
NdArray maximum(const NdArray& a, const NdArray& b) { return binary(Binary::Maximum, a, b); }

}  // namespace lanegrad
