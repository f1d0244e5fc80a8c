// The multi-layer perceptron: Flatten, so that it takes images, too; Dense, Bias and an activation
// for each hidden width; Dense and Bias for the outputs. Layers are called flatten1, dense1, bias1,
// relu1, dense2, bias2, …
#pragma once

#include <span>
#include <string_view>

#include "engine/core/random.h"
#include "engine/nets/net.h"

namespace lanegrad {

enum class Activation { ReLU, Sigmoid, Tanh };

// "relu", "sigmoid" or "tanh"; throws NotFound otherwise.
Activation activation_from_name(std::string_view name);

class Mlp : public Net {
 public:
  // `inputs`: numbers per sample. Widths ≥ 1, else InvalidArgument; no hidden widths give a linear
  // model. Kaiming-uniform weights before ReLU, Xavier-uniform ones otherwise.
  Mlp(Index inputs, std::span<const Index> hidden, Index outputs, Random& random,
      Activation activation = Activation::ReLU);
};

}  // namespace lanegrad
