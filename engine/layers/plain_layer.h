// Layers without settings, by their kinds.
#pragma once

#include <memory>
#include <string_view>

#include "engine/layers/layer.h"

namespace lanegrad {

// A layer of this kind, "ReLU"; null unless it is one that needs no settings.
std::unique_ptr<Layer> make_plain_layer(std::string_view kind);

}  // namespace lanegrad
