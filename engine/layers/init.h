// Initial weights, drawn from a given generator.
#pragma once

#include "engine/core/random.h"
#include "engine/ndarray/ndarray.h"

namespace lanegrad {

enum class Init { KaimingUniform, KaimingNormal, XavierUniform, XavierNormal };

// Weights [I, O]. Kaiming (He et al. 2015, for ReLU): variance 2 / I. Xavier (Glorot and Bengio
// 2010): variance 2 / (I + O). The uniform ones are drawn from [-b, b) with b = √(3 · variance).
NdArray init_weights(Init init, Index inputs, Index outputs, Random& random);

}  // namespace lanegrad
