// Sets samples apart for validation, so that each class has its share in both parts.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/dataloaders/data_loader.h"

namespace lanegrad {

// The numbers of the samples of both parts, ascending.
struct Split {
  std::vector<std::uint32_t> training;
  std::vector<std::uint32_t> validation;
};

// Sets `count` samples, chosen by the seed, apart for validation: from each class its share of
// them, give or take one. Throws InvalidArgument for a label that is not in 0..classes-1, and where
// no sample would be left for training.
Split stratified_split(std::span<const std::int32_t> labels, Index classes, Index count,
                       std::uint64_t seed);
// Sets `count` of all samples that a loader stores apart for validation, from each class its share;
// data without labels count as one class. Throws InvalidArgument where no sample would be left.
Split stratified_split(const DataLoader& loader, Index count, std::uint64_t seed);

}  // namespace lanegrad
