// All the numbers of a training by name, and where they are in memory: what checkpoints store.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/state.h"
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

enum class Purpose { Save, Load };

// Lists where all the numbers are; `snapshot` gets those that are copied out. Arrays can be written
// to where they are to be loaded; for saving they are only looked at, since a shared one would be
// copied for whoever writes.
std::vector<StateEntry> list_entries(const Training& training, Purpose purpose, Snapshot& snapshot);

// The generators of the layers, each by the name of its entry.
std::vector<std::pair<std::string, Random*>> randoms_of(const Training& training);

// The entry of this name; null where there is none.
const StateEntry* find_entry(std::span<const StateEntry> entries, std::string_view name);

}  // namespace lanegrad
