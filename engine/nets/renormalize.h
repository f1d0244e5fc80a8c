// Nets whose inputs come normalized in another way.
#pragma once

#include "engine/io/model.h"

namespace lanegrad {

// Changes the first layer's numbers so that the model answers inputs that are normalized by this
// mean and deviation as it answered those that were normalized its own way: a dense layer, or a
// convolution without padding or with nearly the same mean, with a bias or a BatchNorm behind it. A
// model that does not normalize stays as it is: most files do not say how inputs were normalized,
// and what was done outside of the net then is what is done from now on. Throws Unsupported where
// answers could not stay the same.
void renormalize(Model& model, const PerChannel& mean, const PerChannel& deviation);

}  // namespace lanegrad
