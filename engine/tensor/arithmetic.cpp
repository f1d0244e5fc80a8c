// The backward of each operation, then its forward.
#include "engine/tensor/arithmetic.h"

#include "engine/ndarray/arithmetic.h"
#include "engine/ndarray/reduce.h"
#include "engine/tensor/node.h"

namespace lanegrad {

namespace {

// Source i may have been broadcast: its gradient is the sum over what it was spread to.
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

// d(a/b) = da/b − (a/b)·db/b
void div_backward(Node& node, const NdArray& dy) {
  const NdArray quotient = div(dy, node.source(1));
  if (node.needs(0)) send_summed(node, 0, quotient);
  if (node.needs(1)) send_summed(node, 1, neg(mul(quotient, node.data)));
}

// b − 1, but 0 for b = 0: b·aᵇ⁻¹ is then 0 for a = 0, too, where a⁻¹ is infinite.
NdArray lowered(const NdArray& b) {
  NdArray out = sub(b, NdArray::scalar(1));
  Real* exponents = out.mutable_data();
  for (Index i = 0; i < out.size(); ++i) {
    if (exponents[i] == -1) exponents[i] = 0;
  }
  return out;
}

// d(aᵇ) = b·aᵇ⁻¹·da + aᵇ·ln a·db
void pow_backward(Node& node, const NdArray& dy) {
  const NdArray& a = node.source(0);
  const NdArray& b = node.source(1);
  if (node.needs(0)) send_summed(node, 0, mul(dy, mul(b, pow(a, lowered(b)))));
  if (node.needs(1)) send_summed(node, 1, mul(dy, mul(node.data, log(a))));
}

// The larger side's; half each where both are equal.
void maximum_backward(Node& node, const NdArray& dy) {
  const Shape& shape = node.data.shape();
  const NdArray a = add(node.source(0), NdArray::zeros(shape));
  const NdArray b = add(node.source(1), NdArray::zeros(shape));
  NdArray share = NdArray::uninitialized(shape);  // of a
  Real* shares = share.mutable_data();
  for (Index i = 0; i < share.size(); ++i) {
    shares[i] = a.data()[i] > b.data()[i]   ? Real{1}
                : a.data()[i] < b.data()[i] ? Real{0}
                                            : Real{0.5};
  }
  if (node.needs(0)) send_summed(node, 0, mul(dy, share));
  if (node.needs(1)) send_summed(node, 1, mul(dy, sub(NdArray::scalar(1), share)));
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
