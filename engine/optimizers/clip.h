// Gradient clipping (Pascanu et al., "On the difficulty of training recurrent neural networks",
// 2013).
#pragma once

#include <span>

#include "engine/tensor/tensor.h"

namespace lanegrad {

// Multiplies all gradients by one factor where their norm, √Σ g² over all of them, is above
// `max_norm`; returns the norm before that. Where the norm is not finite, nothing is changed.
// Throws InvalidArgument unless max_norm is above 0.
double clip_gradients(std::span<const Tensor> tensors, double max_norm);

}  // namespace lanegrad
