// Gives the kernels of optimizers the memory of arrays.
#include "engine/ndarray/update.h"

#include "engine/kernels/kernels.h"

namespace lanegrad {

void sgd_update(const SgdUpdate& update, Real* w, const NdArray& g, NdArray* velocity) {
  kernels::sgd_update(update, w, g.data(), velocity ? velocity->mutable_data() : nullptr, g.size());
}

void adam_update(const AdamUpdate& update, Real* w, const NdArray& g, NdArray& first_moment,
                 NdArray& second_moment) {
  kernels::adam_update(update, w, g.data(), first_moment.mutable_data(),
                       second_moment.mutable_data(), g.size());
}

void average_update(Real share, const NdArray& w, NdArray& average) {
  kernels::average_update(share, w.data(), average.mutable_data(), w.size());
}

}  // namespace lanegrad
