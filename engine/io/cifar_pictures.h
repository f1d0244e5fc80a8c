// The binary batches of CIFAR-10 and CIFAR-100 (https://www.cs.toronto.edu/~kriz/cifar.html):
// records of a label, or a coarse and a fine one, and 32 × 32 pixels of red, then green, then blue.
#pragma once

#include "engine/io/picture_parts.h"

namespace lanegrad {

bool is_cifar10(const PictureFile& file);
void read_cifar10_pictures(PictureFile file, PictureParts& parts);

bool is_cifar100(const PictureFile& file);
void read_cifar100_pictures(PictureFile file, PictureParts& parts);

}  // namespace lanegrad
