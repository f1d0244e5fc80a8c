// Nets of random layers.
#pragma once

#include <optional>
#include <string>

#include "engine/core/random.h"
#include "engine/core/shape.h"

namespace lanegrad::test {

struct RandomNet {
  std::string text;
  Index outputs = 0;
};

// A net that can be made for samples of this shape, has weights and gives a row of numbers; nothing
// where the layers that were drawn make no such net.
std::optional<RandomNet> random_net(Random& random, const Shape& sample);

}  // namespace lanegrad::test
