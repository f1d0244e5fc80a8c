// Softmax and its logarithm over the last axis.
#pragma once

#include "engine/ndarray/ndarray.h"

namespace lanegrad {

// exp(x) / Σ exp(x) over the last axis, computed from x − max(x) so that nothing overflows.
// x: [..., C] with C > 0, rank at least 1.
NdArray softmax(const NdArray& x);

// x − log Σ exp(x) over the last axis, computed from x − max(x) so that nothing overflows. x: [...,
// C] with C > 0, rank at least 1.
NdArray log_softmax(const NdArray& x);

}  // namespace lanegrad
