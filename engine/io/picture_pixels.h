// Makes bytes of numbers: [S, C, H, W] from arrays of any order, type and range.
#pragma once

#include <string>
#include <vector>

#include "engine/io/picture_parts.h"

namespace lanegrad {

// Where the numbers of the pictures of an array stand.
struct PictureLayout {
  Index channels = 1;
  Index height = 0;
  Index width = 0;
  // How far, in numbers, the next picture, channel, row and column are.
  Index next_picture = 0;
  Index next_channel = 0;
  Index next_row = 0;
  Index next_column = 0;
};

// The layout that the extents stand for: [N, H, W], [N, H, W, C], [N, C, H, W] or [N, H·W] of
// squares. Throws CorruptData for others.
PictureLayout layout_of(const Numbers& numbers);

// Which range of numbers becomes 0 … 255, the same for all arrays of a set. A sentence says it
// where it is another one than 0 … 255.
struct PixelScale {
  bool as_they_are = true;
  double low = 0;
  double high = 255;
};
// Throws CorruptData for numbers that are not finite.
PixelScale scale_of(const std::vector<const Numbers*>& arrays, std::vector<std::string>& notes);

// Appends the pictures of an array, [N, channels, H, W], or with rows and columns swapped.
void append_pixels(const Numbers& numbers, const PixelScale& scale, bool turned, Index channels,
                   std::vector<std::uint8_t>& out);

}  // namespace lanegrad
