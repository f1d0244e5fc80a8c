// The checks of a checkpoint's numbers: each by itself, and all of them together.
#pragma once

#include <vector>

#include "engine/core/error.h"
#include "engine/io/safetensors.h"
#include "engine/training/recipe.h"

namespace lanegrad {

// The numbers that are copied out of a training before its bytes can be listed. Loading puts them
// back last.
struct Snapshot {
  DataLoader::State data;
  double learning_rate = 0;
  Index stopped = 0;
  std::vector<Index> planned_steps;
  std::vector<double> planned_rates;
  Normalization normalization;
  // The generators of the layers.
  std::vector<Random::State> layers;
};

template <class... Pieces>
[[noreturn]] void refuse(const Pieces&... pieces) {
  fail(ErrorCode::CorruptData, "checkpoint: ", pieces...);
}

// Throws `code` where the entry holds a number that no training has under that name: one that is
// not finite, or one below 0 where it is a count or a mean of squares.
void check_values(const StateView& entry, ErrorCode code);

// Throws CorruptData where a stored random generator has another seed or stream than `own`, the
// state that the training's settings give it at first.
void check_random(const StateView& stored, const StateView& own);

// Checks that all numbers belong to one moment of this training: steps, epochs, position and
// metrics count the same batches, and so on. `entries` are those of `training`, whose state has
// just come from a file; `s` will be put back later. Throws CorruptData where they do not agree.
void check_together(const Training& training, const Snapshot& s,
                    std::span<const StateEntry> entries);

// The entry of this name; null where there is none.
const StateEntry* find_entry(std::span<const StateEntry> entries, std::string_view name);

}  // namespace lanegrad
