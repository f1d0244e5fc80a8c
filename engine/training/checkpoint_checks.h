// The checks of a checkpoint's numbers: each by itself, and all of them together.
#pragma once

#include <span>

#include "engine/core/error.h"
#include "engine/training/snapshot.h"

namespace lanegrad {

template <class... Pieces>
[[noreturn]] void refuse(const Pieces&... pieces) {
  fail(ErrorCode::CorruptData, "checkpoint: ", pieces...);
}

// Throws `code` where the entry holds a number that no training has under that name: one that is
// not finite, or one below 0 where it is a count or a mean of squares.
void check_values(const StateView& entry, ErrorCode code);

// Throws CorruptData where a random generator from a file has another seed or stream than `first`,
// the state that the training's settings give it at first.
void check_random(const StateView& entry, const Random::State& first);

// Checks that all numbers belong to one moment of this training: steps, epochs, position and
// metrics count the same batches, and so on. `entries` are those of `training`, whose state has
// just come from a file; `s` will be put back later. Throws CorruptData where they do not agree.
void check_together(const Training& training, const Snapshot& s,
                    std::span<const StateEntry> entries);

}  // namespace lanegrad
