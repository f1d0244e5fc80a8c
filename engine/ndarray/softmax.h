// Softmax, its logarithm and its cross-entropy, over the last axis.
#pragma once

#include "engine/ndarray/index_array.h"
#include "engine/ndarray/ndarray.h"

namespace lanegrad {

// exp(x) / Σ exp(x) over the last axis, computed from x − max(x) so that nothing overflows.
// x: [..., C] with C > 0, rank at least 1.
NdArray softmax(const NdArray& x);

// x − log Σ exp(x) over the last axis, computed from x − max(x) so that nothing overflows. x: [...,
// C] with C > 0, rank at least 1.
NdArray log_softmax(const NdArray& x);

// The gradients of x, given the result y and its gradient dy.
NdArray softmax_backward(const NdArray& y, const NdArray& dy);
NdArray log_softmax_backward(const NdArray& y, const NdArray& dy);

// The mean over the rows of −Σ targets · log_softmax(x), where the targets are 1 − smoothing for
// the row's label, plus smoothing / C for every class. x: [N, C], labels: [N] in 0..C-1, N and C at
// least 1. `difference` receives softmax(x) − targets, [N, C].
Real softmax_cross_entropy(const NdArray& x, const IndexArray& labels, Real smoothing,
                           NdArray& difference);

}  // namespace lanegrad
