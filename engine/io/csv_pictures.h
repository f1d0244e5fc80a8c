// CSV with a picture in each row: its label first, last or in a named column, then its pixels, each
// in a field of its own or, as FER-2013 has them, all in one with blanks between.
// Without a label, as in a competition's test file, the pictures are without labels.
#pragma once

#include "engine/io/picture_parts.h"

namespace lanegrad {

// Whether the file is text whose lines are numbers, enough for a picture.
bool is_csv_of_pixels(const PictureFile& file);
void read_csv_pictures(PictureFile file, PictureParts& parts);

}  // namespace lanegrad
