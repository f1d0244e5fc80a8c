// What the numbers of a checkpoint can be: each by itself, and all of them together.
#pragma once

#include <vector>

#include "engine/core/error.h"
#include "engine/training/recipe.h"
#include "engine/training/safetensors.h"

namespace lanegrad {

// What has to be taken out of a training before its bytes can be listed, and is put back last.
struct Snapshot {
  DataLoader::State data;
  double learning_rate = 0;
  Index stopped = 0;
  std::vector<Index> planned_steps;
  std::vector<double> planned_rates;
  Normalization normalization;
};

template <class... Pieces>
[[noreturn]] void refuse(const Pieces&... pieces) {
  fail(ErrorCode::CorruptData, "checkpoint: ", pieces...);
}

// Throws `code` where the tensor holds a number that no training has under its name: one that is
// not finite, or below 0 where it counts or is a mean of squares.
void check_values(const StateEntry& entry, ErrorCode code);

// Throws CorruptData where a random generator's state is of another seed or stream than `own`, the
// state that its settings give it at first.
void check_random(const StateEntry& stored, const StateEntry& own);

// `numbers` are the tensors of `training` by name, whose state has just come from a file, with `s`
// to follow. Throws CorruptData where they cannot be of one moment of this training: steps, epochs,
// position and metrics count the same batches, and so on.
void check_together(const Training& training, const Snapshot& s, const Safetensors& numbers);

}  // namespace lanegrad
