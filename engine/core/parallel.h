// How kernels spread work: over a number of tiles that is fixed by the shape of the work, never by
// the number of threads, so that results have the same bits however many threads there are.
#pragma once

#include "engine/core/real.h"

namespace lanegrad {

// Calls body(tile) for every tile in 0..tiles-1, in any order and possibly at the same time.
// Here one thread runs them all, in order.
template <class Body>
void parallel_for(Index tiles, Body&& body) {
  for (Index tile = 0; tile < tiles; ++tile) body(tile);
}

}  // namespace lanegrad
