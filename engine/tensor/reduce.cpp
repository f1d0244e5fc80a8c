// Reductions of tensors with their backward: every element of a sum gets the same gradient.
#include "engine/tensor/reduce.h"

#include <algorithm>

#include "engine/ndarray/arithmetic.h"
#include "engine/ndarray/reduce.h"
#include "engine/tensor/node.h"

namespace lanegrad {

namespace {

constexpr int kAllAxes = -1;

// dy broadcast to the shape of the source; axes[0] is the axis that was summed, or kAllAxes.
NdArray spread(const Node& node, const NdArray& dy) {
  const Shape& shape = node.source(0).shape();
  const int axis = node.axes[0];
  const Shape aligned = axis == kAllAxes ? Shape{} : shape.without(axis, true);
  return add(dy.reshape(aligned), NdArray::zeros(shape));
}

void sum_backward(Node& node, const NdArray& dy) { node.send(0, spread(node, dy)); }

void mean_backward(Node& node, const NdArray& dy) {
  const Index count = node.source(0).size() / std::max<Index>(node.data.size(), 1);
  node.send(0, spread(node, div(dy, NdArray::scalar(static_cast<Real>(count)))));
}

void max_backward(Node& node, const NdArray& dy) {
  const Shape& shape = node.source(0).shape();
  const int axis = node.axes[0];
  const Index extent = axis == kAllAxes ? shape.size() : shape[axis];
  Index inner = 1;
  for (int i = axis == kAllAxes ? shape.rank() : axis + 1; i < shape.rank(); ++i) inner *= shape[i];
  NdArray dx = NdArray::zeros(shape);
  Real* to = dx.mutable_data();
  for (Index i = 0; i < dy.size(); ++i) {
    const Index chosen = node.saved_indices.data()[i];
    to[((i / inner) * extent + chosen) * inner + i % inner] = dy.data()[i];
  }
  node.send(0, std::move(dx));
}

constexpr GradFn kSum{"sum", sum_backward};
constexpr GradFn kMean{"mean", mean_backward};
constexpr GradFn kMax{"max", max_backward};

Tensor record_over(const GradFn& fn, NdArray result, const Tensor& x, int axis) {
  Tensor y = record(fn, std::move(result), {&x});
  y.node()->axes[0] = axis;
  return y;
}

}  // namespace

Tensor sum(const Tensor& x) { return record_over(kSum, sum(x.data()), x, kAllAxes); }
Tensor mean(const Tensor& x) { return record_over(kMean, mean(x.data()), x, kAllAxes); }
Tensor max(const Tensor& x) {
  Tensor y = record_over(kMax, max(x.data()), x, kAllAxes);
  if (y.requires_grad()) y.node()->saved_indices = argmax(x.data().reshape({x.size()}), 0);
  return y;
}

Tensor sum(const Tensor& x, int axis, bool keepdims) {
  const int at = normalize_axis("sum", axis, x.shape());
  return record_over(kSum, sum(x.data(), at, keepdims), x, at);
}

Tensor mean(const Tensor& x, int axis, bool keepdims) {
  const int at = normalize_axis("mean", axis, x.shape());
  return record_over(kMean, mean(x.data(), at, keepdims), x, at);
}

Tensor max(const Tensor& x, int axis, bool keepdims) {
  const int at = normalize_axis("max", axis, x.shape());
  Tensor y = record_over(kMax, max(x.data(), at, keepdims), x, at);
  if (y.requires_grad()) y.node()->saved_indices = argmax(x.data(), at);
  return y;
}

}  // namespace lanegrad
