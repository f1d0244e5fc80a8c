// What a training needs of the memory, told from shapes before anything is made.
#pragma once

#include "engine/nets/net_text.h"
#include "engine/training/recipe.h"

namespace lanegrad {

// The bytes of the data, the net with its optimizer, and a batch on its way through them.
struct TrainingMemory {
  // What is in the memory at the same time in any case.
  double least = 0;
  // What is likely to be needed, with buffers that wait for reuse: for large nets at most twice
  // what really is.
  double about = 0;
};

// The need of a training on so many samples, which take `data` bytes in memory with those of the
// test. Throws what describe() throws.
TrainingMemory training_memory(const Recipe& recipe, const NetInput& input, Index samples,
                               double data);

// Throws OutOfMemory where a training needs more than `most` bytes in any case: "training: the net
// and its data need at least 3000 MB of memory, expected at most 2048 MB".
void check_memory(const TrainingMemory& memory, double most);

// The megabytes of the need for people: whole ones, rounded up.
Index megabytes(double bytes);

}  // namespace lanegrad
