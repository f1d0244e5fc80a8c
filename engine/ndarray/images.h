// Images that are stored as bytes, and become numbers where they are used.
#pragma once

#include <cstdint>
#include <span>

#include "engine/kernels/types.h"
#include "engine/ndarray/ndarray.h"

namespace lanegrad {

using kernels::Affine;
using kernels::ByteMoments;
using kernels::Levels;

// Adds Σ x and Σ x² of the bytes x to `moments`.
void add_moments(std::span<const std::uint8_t> x, ByteMoments& moments);

// Image i of out = scale · v + shift for the bytes v of image rows[i], with the levels of their
// channel. x: [R, C, width], where R is more than any of rows; levels: [C]; out has rows.size() · C
// · width elements.
void gather_bytes(const std::uint8_t* x, std::span<const std::uint32_t> rows, Index width,
                  std::span<const Levels> levels, NdArray& out);

// Image i of out is image rows[i] under maps[i]: in each channel, scale · v + shift for the value v
// that is interpolated between the four pixels around the place that the map gives (bilinear);
// pixels outside of the image are black. x: [R, C, h, w], where R is more than any of rows and h ·
// w ≤ 2^24; levels: [C]; out has rows.size() · C · h · w elements.
void warp_bytes(const std::uint8_t* x, std::span<const std::uint32_t> rows, const Affine* maps,
                Index h, Index w, std::span<const Levels> levels, NdArray& out);

}  // namespace lanegrad
