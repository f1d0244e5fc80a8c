// Reductions see an array as [outer, axis, inner].
#include "engine/ndarray/reduce.h"

#include <cmath>

#include "engine/core/error.h"
#include "engine/kernels/kernels.h"
#include "engine/ndarray/arithmetic.h"

namespace lanegrad {

namespace {

struct Extents {
  Index outer = 1;
  Index axis = 1;
  Index inner = 1;

  explicit Extents(const NdArray& x) : axis(x.size()) {}
  Extents(const Shape& shape, int at) : axis(shape[at]) {
    for (int i = 0; i < at; ++i) outer *= shape[i];
    for (int i = at + 1; i < shape.rank(); ++i) inner *= shape[i];
  }
};

NdArray sum_as(const NdArray& x, const Extents& e, const Shape& shape) {
  NdArray out = NdArray::uninitialized(shape);
  kernels::reduce_sum(x.data(), out.mutable_data(), e.outer, e.axis, e.inner);
  return out;
}

NdArray mean_as(const NdArray& x, const Extents& e, const Shape& shape) {
  return div(sum_as(x, e, shape), NdArray::scalar(static_cast<Real>(e.axis)));
}

void require_elements(const char* op, const NdArray& x, const Extents& e) {
  if (e.axis <= 0)
    fail(ErrorCode::InvalidArgument, op, ": shape ", x.shape(),
         " has no elements to choose from, expected at least one");
}

NdArray max_as(const NdArray& x, const Extents& e, const Shape& shape) {
  require_elements("max", x, e);
  NdArray out = NdArray::uninitialized(shape);
  kernels::reduce_max(x.data(), out.mutable_data(), e.outer, e.axis, e.inner);
  return out;
}

}  // namespace

NdArray sum(const NdArray& x) { return sum_as(x, Extents(x), {}); }
NdArray mean(const NdArray& x) { return mean_as(x, Extents(x), {}); }
NdArray max(const NdArray& x) { return max_as(x, Extents(x), {}); }

NdArray sum(const NdArray& x, int axis, bool keepdims) {
  const int at = normalize_axis("sum", axis, x.shape());
  return sum_as(x, Extents(x.shape(), at), x.shape().without(at, keepdims));
}

NdArray mean(const NdArray& x, int axis, bool keepdims) {
  const int at = normalize_axis("mean", axis, x.shape());
  return mean_as(x, Extents(x.shape(), at), x.shape().without(at, keepdims));
}

NdArray max(const NdArray& x, int axis, bool keepdims) {
  const int at = normalize_axis("max", axis, x.shape());
  return max_as(x, Extents(x.shape(), at), x.shape().without(at, keepdims));
}

double sum_of_squares(const NdArray& x) { return kernels::sum_of_squares(x.data(), x.size()); }

double norm(const NdArray& x) { return std::sqrt(sum_of_squares(x)); }

bool all_finite(const NdArray& x) { return kernels::all_finite(x.data(), x.size()); }

IndexArray argmax(const NdArray& x, int axis) {
  const int at = normalize_axis("argmax", axis, x.shape());
  const Extents e(x.shape(), at);
  require_elements("argmax", x, e);
  IndexArray out(x.shape().without(at, false));
  kernels::reduce_argmax(x.data(), out.mutable_data(), e.outer, e.axis, e.inner);
  return out;
}

NdArray sum_to(const NdArray& x, const Shape& shape) {
  if (x.shape() == shape) return x;
  NdArray out = x;
  while (out.rank() > shape.rank()) out = sum(out, 0);
  for (int axis = 0; axis < shape.rank(); ++axis) {
    if (shape[axis] == 1 && out.shape()[axis] != 1) out = sum(out, axis, true);
  }
  return out;
}

}  // namespace lanegrad
