// Trainings that begin with the weights of another one.
#pragma once

#include "engine/io/model.h"
#include "engine/training/recipe.h"

namespace lanegrad {

// Puts the model's numbers into the training's net, which has the same layers. To be called before
// the first step. Where the model normalizes its inputs, and otherwise than the training, the first
// layer is changed so that answers stay the same: a dense layer, or a convolution without padding
// or with nearly the same mean, with a bias or a BatchNorm behind it. Throws ShapeMismatch for
// another net, naming the first tensor that differs, InvalidState after the first step, and
// Unsupported where answers could not stay the same.
void load_weights(Training& training, const Model& model);

}  // namespace lanegrad
