// The steps of optimizers, and the average of weights, in place.
#pragma once

#include "engine/kernels/types.h"
#include "engine/ndarray/ndarray.h"

namespace lanegrad {

using kernels::AdamUpdate;
using kernels::SgdUpdate;

// One step on the weights w, as many numbers as their gradient g has, by the formulas in
// engine/kernels/kernels.h. The optimizer's state has the shape of g; velocity may be null where
// the momentum is 0.
void sgd_update(const SgdUpdate& update, Real* w, const NdArray& g, NdArray* velocity);
void adam_update(const AdamUpdate& update, Real* w, const NdArray& g, NdArray& first_moment,
                 NdArray& second_moment);

// average += share · (w − average), both of one shape: an exponential moving average.
void average_update(Real share, const NdArray& w, NdArray& average);

}  // namespace lanegrad
