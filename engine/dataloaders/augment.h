// Augmentation of pictures: in every epoch each picture is sheared, rotated, scaled and shifted
// anew by one affine map with bilinear sampling.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/setting.h"
#include "engine/ndarray/images.h"

namespace lanegrad {

// The strengths of augmentation. Each picture gets uniformly random amounts between minus and plus
// these.
struct Augmentation {
  // Pixels, both to the right and down.
  double shift = 0;
  // Degrees, 0 to 180.
  double rotation = 0;
  // A share below 1: 0.1 gives sizes of 0.9 to 1.1.
  double scale = 0;
  // Degrees, below 90.
  double shear = 0;
  bool any() const { return shift > 0 || rotation > 0 || scale > 0 || shear > 0; }
  bool operator==(const Augmentation&) const = default;
};

// The settings of augmentation, as rows.
std::vector<Setting> settings_of(Augmentation& augmentation);

// Throws InvalidArgument for a strength that is out of its range.
void check(const Augmentation& augmentation);

// What happens to one picture: it is sheared, rotated and scaled about its middle, then shifted.
struct Warp {
  double shift_x = 0;   // pixels to the right
  double shift_y = 0;   // pixels down
  double rotation = 0;  // degrees, clockwise
  double scale = 1;
  // Degrees by which upright lines lean to the left.
  double shear = 0;
};

// The warp of a sample in an epoch. It depends on the seed, the epoch and the sample alone, so a
// sample looks the same in whatever order samples are made, on whichever thread, and after a
// training has been resumed.
Warp draw_warp(const Augmentation& augmentation, std::uint64_t seed, Index epoch,
               std::uint32_t sample);

// The map from pixels of the result to places of the original, for pictures of h × w pixels.
Affine affine_of(const Warp& warp, Index h, Index w);

}  // namespace lanegrad
