// Augmentation of pictures: each is shifted, rotated, scaled and sheared anew in every epoch, all
// by one affine map, with bilinear sampling.
#pragma once

#include <cstdint>

#include "engine/kernels/types.h"

namespace lanegrad {

// How far at most; each picture gets a uniformly random part of it, either way.
struct Augmentation {
  double shift = 0;     // pixels, down and to the right each
  double rotation = 0;  // degrees, 0 to 180
  double scale = 0;     // a share below 1: 0.1 gives sizes of 0.9 to 1.1
  double shear = 0;     // degrees, below 90
  bool any() const { return shift > 0 || rotation > 0 || scale > 0 || shear > 0; }
  bool operator==(const Augmentation&) const = default;
};

// Throws InvalidArgument for strengths that make no sense.
void check(const Augmentation& augmentation);

// What happens to one picture, about its middle: sheared, rotated, scaled, then shifted.
struct Warp {
  double shift_x = 0;   // pixels to the right
  double shift_y = 0;   // pixels down
  double rotation = 0;  // degrees, clockwise
  double scale = 1;
  double shear = 0;  // degrees by which upright lines lean to the left
};

// That of a sample in an epoch, from these three numbers alone: in whatever order, by whichever
// thread samples are made, and wherever a training goes on, they look the same.
Warp draw_warp(const Augmentation& augmentation, std::uint64_t seed, Index epoch,
               std::uint32_t sample);

// Where a pixel of the result comes from, in pictures of h × w pixels.
kernels::Affine affine_of(const Warp& warp, Index h, Index w);

}  // namespace lanegrad
