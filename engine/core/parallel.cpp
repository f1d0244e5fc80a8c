// Tiles go to the threads of the current context.
#include "engine/core/parallel.h"

#include <algorithm>

namespace lanegrad {

void share_tiles(Index tiles, ThreadPool::Body body, void* state) {
  ThreadPool* const pool = tiles > 1 ? Context::current().threads() : nullptr;
  if (pool != nullptr) {
    pool->run(tiles, body, state);
  } else {
    for (Index tile = 0; tile < tiles; ++tile) body(state, tile);
  }
}

void share_rows(Index rows, Index width, void (*body)(void* state, Index row, Index count),
                void* state) {
  constexpr Index kElements = 8192;
  const Index most = std::max(Index{1}, kElements / std::max(Index{1}, width));
  parallel_for((rows + most - 1) / most, [=](Index tile) {
    const Index row = tile * most;
    body(state, row, std::min(most, rows - row));
  });
}

}  // namespace lanegrad
