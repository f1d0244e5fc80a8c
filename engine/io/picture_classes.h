// Makes classes of labels, whatever numbers or texts they are.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/io/picture_parts.h"

namespace lanegrad {

// Gives all labels values from 0 to classes - 1 and returns the names of the classes: those that
// are given where there is one for each, else those of a usual set whose name a file has, else the
// labels themselves. Labels that start at 1 are counted from 0; those that are negative, large or
// far from 0 are numbered in their order. Throws CorruptData for less than two classes and for more
// than 256.
std::vector<std::string> make_classes(const std::vector<Labels*>& all,
                                      std::vector<std::string> names,
                                      std::vector<std::string>& notes);

}  // namespace lanegrad
