// How kernels spread work: over a number of tiles that is fixed by the shape of the work, never by
// the number of threads, so that results have the same bits however many threads there are.
#pragma once

#include <memory>
#include <type_traits>

#include "engine/core/context.h"
#include "engine/core/real.h"
#include "engine/core/thread_pool.h"

namespace lanegrad {

// parallel_for and parallel_rows call these where there are threads. They take the loop's body as a
// plain function and a pointer to its state, so that the code that shares out tiles is compiled
// once, not for every body.
void share_tiles(Index tiles, ThreadPool::Body body, void* state);
void share_rows(Index rows, Index width, void (*body)(void* state, Index row, Index count),
                void* state);

// Calls body(tile) for every tile in 0..tiles-1, in any order and possibly at the same time on the
// threads of the current context; within a tile one thread does all, in order. The body must not
// throw or allocate, must not touch arrays' handles and must not call parallel_for. Work that is
// not worth waking others for (below some 50 000 operations) is better given as one tile.
template <class Body>
void parallel_for(Index tiles, Body&& body) {
  if constexpr (kHasThreads) {
    using State = std::remove_reference_t<Body>;
    share_tiles(
        tiles, [](void* state, Index tile) { (*static_cast<State*>(state))(tile); },
        const_cast<void*>(static_cast<const void*>(std::addressof(body))));
  } else {
    for (Index tile = 0; tile < tiles; ++tile) body(tile);
  }
}

// Cuts rows of `width` elements into tiles for parallel_for and calls body(row, count), whose
// results must not depend on where the rows are cut. A small number of elements is one tile, since
// waking other threads would take longer than the work.
template <class Body>
void parallel_rows(Index rows, Index width, Body&& body) {
  if constexpr (kHasThreads) {
    using State = std::remove_reference_t<Body>;
    share_rows(
        rows, width,
        [](void* state, Index row, Index count) { (*static_cast<State*>(state))(row, count); },
        const_cast<void*>(static_cast<const void*>(std::addressof(body))));
  } else {
    body(Index{0}, rows);
  }
}

// Cuts n elements into tiles and calls body(begin, count), whose results must not depend on where
// they are cut. A small number of elements is one tile.
template <class Body>
void parallel_elements(Index n, Body&& body) {
  parallel_rows(n, 1, body);
}

}  // namespace lanegrad
