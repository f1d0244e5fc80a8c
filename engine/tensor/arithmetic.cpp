// Elementwise arithmetic: the backward of each operation, then its forward.
#include "engine/tensor/arithmetic.h"

#include "engine/ndarray/arithmetic.h"
#include "engine/ndarray/reduce.h"
#include "engine/tensor/node.h"

namespace lanegrad {

namespace {

// Sends the gradient to source i, summed over the axes along which the source was broadcast.
void send_summed(Node& node, int i, const NdArray& part) {
  node.send(i, sum_to(part, node.source(i).shape()));
}

void add_backward(Node& node, const NdArray& dy) {
  if (node.needs(0)) send_summed(node, 0, dy);
  if (node.needs(1)) send_summed(node, 1, dy);
}

void sub_backward(Node& node, const NdArray& dy) {
  if (node.needs(0)) send_summed(node, 0, dy);
  if (node.needs(1)) node.send(1, neg(sum_to(dy, node.source(1).shape())));
}

// d(ab) = b·da + a·db
void mul_backward(Node& node, const NdArray& dy) {
  if (node.needs(0)) send_summed(node, 0, mul(dy, node.source(1)));
  if (node.needs(1)) send_summed(node, 1, mul(dy, node.source(0)));
}

// d(a/b) = da/b − (a/b)/b·db; not dy/b·(a/b), which is ∞·0 for a = 0 and a tiny b.
void div_backward(Node& node, const NdArray& dy) {
  const NdArray& b = node.source(1);
  if (node.needs(0)) send_summed(node, 0, div(dy, b));
  if (node.needs(1)) send_summed(node, 1, neg(mul(dy, div(node.data, b))));
}

// x broadcast to the shape of the result that it went into.
NdArray as_wide(const NdArray& x, const Shape& shape) { return add(x, NdArray::zeros(shape)); }

// d(aᵇ) = b·aᵇ⁻¹·da + aᵇ·ln a·db. Both are 0 where aᵇ stays what it is, though a factor may be
// infinite: that of a for b = 0, and that of b for a = 0 and b ≥ 0.
void pow_backward(Node& node, const NdArray& dy) {
  const NdArray& a = node.source(0);
  const NdArray& b = node.source(1);
  const NdArray bases = as_wide(a, dy.shape());
  const NdArray exponents = as_wide(b, dy.shape());
  const auto send = [&](int source, NdArray part, auto stays) {
    Real* to = part.mutable_data();
    for (Index i = 0; i < part.size(); ++i) {
      if (stays(bases.data()[i], exponents.data()[i])) to[i] = 0;
    }
    send_summed(node, source, part);
  };
  if (node.needs(0)) {
    send(0, mul(dy, mul(b, pow(a, sub(b, NdArray::scalar(1))))),
         [](Real, Real exponent) { return exponent == 0; });
  }
  if (node.needs(1)) {
    send(1, mul(dy, mul(node.data, log(a))),
         [](Real base, Real exponent) { return base == 0 && exponent >= 0; });
  }
}

// The gradient of maximum for x: dy where x is the larger one, half of dy where both are equal, and
// all of dy where one is NaN, since then the result is NaN, as in PyTorch.
NdArray share_of_larger(const NdArray& dy, const NdArray& x, const NdArray& other) {
  NdArray out = dy;
  Real* shares = out.mutable_data();
  for (Index i = 0; i < out.size(); ++i) {
    if (x.data()[i] < other.data()[i]) shares[i] = 0;
    if (x.data()[i] == other.data()[i]) shares[i] /= 2;
  }
  return out;
}

void maximum_backward(Node& node, const NdArray& dy) {
  const NdArray a = as_wide(node.source(0), dy.shape());
  const NdArray b = as_wide(node.source(1), dy.shape());
  if (node.needs(0)) send_summed(node, 0, share_of_larger(dy, a, b));
  if (node.needs(1)) send_summed(node, 1, share_of_larger(dy, b, a));
}

constexpr GradFn kAdd{"add", add_backward};
constexpr GradFn kSub{"sub", sub_backward};
constexpr GradFn kMul{"mul", mul_backward};
constexpr GradFn kDiv{"div", div_backward};
constexpr GradFn kPow{"pow", pow_backward};
constexpr GradFn kMaximum{"maximum", maximum_backward};

}  // namespace

Tensor add(const Tensor& a, const Tensor& b) {
  return record(kAdd, add(a.data(), b.data()), {&a, &b});
}

Tensor sub(const Tensor& a, const Tensor& b) {
  return record(kSub, sub(a.data(), b.data()), {&a, &b});
}

Tensor mul(const Tensor& a, const Tensor& b) {
  return record(kMul, mul(a.data(), b.data()), {&a, &b});
}

Tensor div(const Tensor& a, const Tensor& b) {
  return record(kDiv, div(a.data(), b.data()), {&a, &b});
}

Tensor pow(const Tensor& a, const Tensor& b) {
  return record(kPow, pow(a.data(), b.data()), {&a, &b});
}

Tensor maximum(const Tensor& a, const Tensor& b) {
  return record(kMaximum, maximum(a.data(), b.data()), {&a, &b});
}

}  // namespace lanegrad
