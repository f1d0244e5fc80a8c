// Initial weights, drawn from a random generator.
#pragma once

#include "engine/core/random.h"
#include "engine/ndarray/ndarray.h"

namespace lanegrad {

enum class Init { KaimingUniform, KaimingNormal, XavierUniform, XavierNormal };

// Initial weights [I, O]. Kaiming (He et al. 2015, for ReLU) has the variance 2 / I, Xavier (Glorot
// and Bengio 2010) the variance 2 / (I + O). The uniform kinds are drawn from [-b, b) with b = √(3
// · variance).
NdArray init_weights(Init init, Index inputs, Index outputs, Random& random);

}  // namespace lanegrad
