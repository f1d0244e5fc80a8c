// parallel_for runs each tile once.
#include "engine/core/parallel.h"

#include <vector>

#include "tests/engine/catch.h"

namespace lanegrad {
namespace {

TEST_CASE("parallel_for runs every tile exactly once", "[core][parallel]") {
  const std::size_t tiles = GENERATE(0u, 1u, 2u, 7u, 1000u);
  std::vector<int> runs(tiles);
  parallel_for(static_cast<Index>(tiles),
               [&](Index tile) { ++runs[static_cast<std::size_t>(tile)]; });
  CHECK(runs == std::vector<int>(tiles, 1));
}

}  // namespace
}  // namespace lanegrad
