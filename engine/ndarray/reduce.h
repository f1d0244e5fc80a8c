// Sums, means and maxima over one axis or over all elements.
#pragma once

#include "engine/ndarray/index_array.h"
#include "engine/ndarray/ndarray.h"

namespace lanegrad {

// Over all elements: a scalar. The sum of nothing is 0, its mean is NaN, its maximum an error.
NdArray sum(const NdArray& x);
NdArray mean(const NdArray& x);
NdArray max(const NdArray& x);

// Over one axis, which is removed or, with keepdims, stays with extent 1. Axes count from the end
// where negative; one that does not exist throws InvalidArgument.
NdArray sum(const NdArray& x, int axis, bool keepdims = false);
NdArray mean(const NdArray& x, int axis, bool keepdims = false);
NdArray max(const NdArray& x, int axis, bool keepdims = false);

// √Σ x²; infinite where squares are beyond what a float holds.
double norm(const NdArray& x);
// True where every element is finite.
bool all_finite(const NdArray& x);

// The index of the first largest element along `axis`.
IndexArray argmax(const NdArray& x, int axis);

// Sums x over the axes along which `shape` was broadcast to x's shape: the gradient of that.
NdArray sum_to(const NdArray& x, const Shape& shape);

}  // namespace lanegrad
