// Finds out which labels belong to which pictures, and which are for the test.
#pragma once

#include <vector>

#include "engine/io/picture_parts.h"

namespace lanegrad {

struct PicturePair {
  Numbers images;
  Labels labels;
};

struct PicturePairs {
  std::vector<PicturePair> train = {};
  std::vector<PicturePair> test = {};
  std::vector<Numbers> unlabeled = {};
};

// Throws CorruptData with the files' names where something is missing, or names are needed to tell
// them apart.
PicturePairs pair_pictures(std::vector<PicturePart> parts, std::vector<std::string>& notes);

}  // namespace lanegrad
