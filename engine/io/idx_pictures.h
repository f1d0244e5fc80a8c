// Pictures and labels in IDX files as people have them: of any type of numbers, big-endian as the
// format says or little-endian as programs write it, labels with more columns (QMNIST).
#pragma once

#include "engine/io/picture_parts.h"

namespace lanegrad {

bool is_idx(const PictureFile& file);
void read_idx_pictures(PictureFile file, PictureParts& parts);

}  // namespace lanegrad
