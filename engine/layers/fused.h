// Runs layers one after the other, neighbours that belong together as one operation.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/layers/layer.h"

namespace lanegrad {

using NamedLayers = std::vector<std::pair<std::string, std::shared_ptr<Layer>>>;

// The output of the last layer. Dense, Bias, ReLU; Dense, Bias; and Conv2D, ReLU run fused, with
// the same bits and the same gradients as layer by layer.
Tensor forward_fused(const NamedLayers& layers, const Tensor& x);

}  // namespace lanegrad
