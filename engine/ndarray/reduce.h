// Sums, means and maxima over one axis or over all elements.
#pragma once

#include "engine/ndarray/index_array.h"
#include "engine/ndarray/ndarray.h"

namespace lanegrad {

// The scalar over all elements. The sum of no elements is 0, their mean is NaN, their maximum an
// error.
NdArray sum(const NdArray& x);
NdArray mean(const NdArray& x);
NdArray max(const NdArray& x);

// The reduction over one axis, which is removed or, with keepdims, stays with extent 1. A negative
// axis counts from the end; one that does not exist throws InvalidArgument.
NdArray sum(const NdArray& x, int axis, bool keepdims = false);
NdArray mean(const NdArray& x, int axis, bool keepdims = false);
NdArray max(const NdArray& x, int axis, bool keepdims = false);

// Σ x², summed in double, so that the squares of large floats do not overflow.
double sum_of_squares(const NdArray& x);
// √Σ x².
double norm(const NdArray& x);
// True where every element is finite.
bool all_finite(const NdArray& x);

// The index of the first largest element along `axis`.
IndexArray argmax(const NdArray& x, int axis);

// The sum of x over the axes along which `shape` was broadcast to x's shape: the gradient of
// broadcasting.
NdArray sum_to(const NdArray& x, const Shape& shape);

}  // namespace lanegrad
