// Pictures and labels as numpy saves them: .npy, and .npz under the names that people give.
#pragma once

#include "engine/io/picture_parts.h"

namespace lanegrad {

bool is_npy(const PictureFile& file);
void read_npy_pictures(PictureFile file, PictureParts& parts);

// Takes the array `key` of the archive `file`. Arrays that hold no numbers are left out, and said.
void read_npz_pictures(const std::string& file, std::string_view key,
                       std::vector<std::uint8_t> bytes, PictureParts& parts);

}  // namespace lanegrad
