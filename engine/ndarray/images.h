// Images that are stored as bytes, and become numbers where they are used.
#pragma once

#include <cstdint>
#include <span>

#include "engine/kernels/types.h"
#include "engine/ndarray/ndarray.h"

namespace lanegrad {

using kernels::Affine;
using kernels::ByteMoments;

// Adds Σ x and Σ x² of the bytes x to `moments`.
void add_moments(std::span<const std::uint8_t> x, ByteMoments& moments);

// Row i of out = scale · v + shift for the bytes v of image rows[i]. x: [R, width], where R is more
// than any of rows; out has rows.size() · width elements.
void gather_bytes(const std::uint8_t* x, std::span<const std::uint32_t> rows, Index width,
                  Real scale, Real shift, NdArray& out);

// Image i of out is image rows[i] under maps[i]: scale · v + shift for the value v that is
// interpolated between the four pixels around the place that the map gives (bilinear); pixels
// outside of the image are black. x: [R, h, w], where R is more than any of rows and h · w ≤ 2^24;
// out has rows.size() · h · w elements.
void warp_bytes(const std::uint8_t* x, std::span<const std::uint32_t> rows, const Affine* maps,
                Index h, Index w, Real scale, Real shift, NdArray& out);

}  // namespace lanegrad
