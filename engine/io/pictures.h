// Pictures with labels from files, whatever their format: the table of formats stands in
// pictures.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/real.h"

namespace lanegrad {

struct PictureFile {
  std::string name;
  std::vector<std::uint8_t> bytes;
};

// Pictures as the bytes of IDX files.
struct PictureSet {
  Index count = 0;
  // [count, H, W] for grey, [count, 3, H, W] for colour.
  std::vector<std::uint8_t> images = {};
  // [count], each below the number of classes; empty where nobody gave them away.
  std::vector<std::uint8_t> labels = {};
};

struct Pictures {
  std::string format;  // "IDX"
  Index height = 0;
  Index width = 0;
  Index channels = 1;
  std::vector<std::string> class_names = {};
  PictureSet train = {};
  // Those that came apart for the test, and those without labels.
  std::optional<PictureSet> test = std::nullopt;
  std::optional<PictureSet> unlabeled = std::nullopt;
  // Whether rows and columns were swapped.
  bool turned = false;
  // Sentences on what was turned, scaled, converted or left out.
  std::vector<std::string> notes = {};
};

struct PicturesOptions {
  // Whether to swap rows and columns; decided by the files' names where it is not said.
  std::optional<bool> turn = std::nullopt;
  // 1 or 3; 0 stands for what the files have.
  Index channels = 0;
};

// Reads the files of one set, which are used up. Which format a file has is found out by its bytes;
// which is for the test, and which labels belong to which pictures, by their names and counts.
// Archives are opened. Throws CorruptData, Unsupported and OutOfMemory with one sentence that names
// the file and says what was expected.
Pictures read_pictures(std::vector<PictureFile> files, const PicturesOptions& options = {});

// Where no test set came along, holds a fifth of each class back as one. The choice is random but
// the same each time. Throws CorruptData where no class has two pictures.
void hold_back_test(Pictures& pictures);

// How many pictures each class has.
std::vector<Index> class_counts(const PictureSet& set, Index classes);

}  // namespace lanegrad
