// Pictures of bytes, moved by affine maps. A picture is first turned into cells, each of which
// holds the four pixels around a place, so that a lane needs one load instead of four.
#include "engine/core/parallel.h"
#include "engine/kernels/kernels.h"
#include "engine/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/warp.cpp"
#include <hwy/foreach_target.h>

#include "engine/kernels/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lanegrad::kernels {
namespace HWY_NAMESPACE {

// cells: [h + 2, w + 2], made of x: [h, w]. Cell (i, j) holds the pixels (i − 1, j − 1), (i − 1,
// j), (i, j − 1), (i, j), the first in its lowest byte; a pixel outside of the picture is 0.
void MakeCells(const std::uint8_t* x, std::size_t h, std::size_t w, std::uint32_t* cells) {
  for (std::size_t i = 0; i < h + 2; ++i) {
    const std::uint8_t* above = i >= 1 && i <= h ? x + (i - 1) * w : nullptr;
    const std::uint8_t* below = i < h ? x + i * w : nullptr;
    std::uint32_t left = 0;  // the pixels of the column before
    for (std::size_t j = 0; j < w; ++j) {
      const std::uint32_t upper = above ? above[j] : 0u;
      const std::uint32_t lower = below ? below[j] : 0u;
      const std::uint32_t right = upper | lower << 16;
      *cells++ = left | right << 8;
      left = right;
    }
    *cells++ = left;
    *cells++ = 0;
  }
}

// Warps the pictures of one tile, one after the other, with the cells in one shared workspace.
void WarpKernel(const std::uint8_t* x, const std::uint32_t* rows, const Affine* maps,
                std::size_t count, std::size_t h, std::size_t w, float scale, float shift,
                std::uint32_t* cells, float* out) {
  const D d;
  const hn::RebindToSigned<D> di;
  const hn::RebindToUnsigned<D> du;
  using VU = hn::Vec<decltype(du)>;
  const V zero = hn::Zero(d);
  const V one = hn::Set(d, 1.0f);
  const V lanes = hn::Iota(d, 0.0f);
  const V right_end = hn::Set(d, static_cast<float>(w + 1));
  const V lower_end = hn::Set(d, static_cast<float>(h + 1));
  const auto row_size = hn::Set(di, static_cast<std::int32_t>(w + 2));
  const VU byte = hn::Set(du, 255u);
  const auto number = [&](VU v) HWY_ATTR { return hn::ConvertTo(d, hn::BitCast(di, v)); };
  for (std::size_t i = 0; i < count; ++i) {
    MakeCells(x + static_cast<std::size_t>(rows[i]) * h * w, h, w, cells);
    const Affine& map = maps[i];
    const V xx = hn::Set(d, map.xx);
    const V yx = hn::Set(d, map.yx);
    for (std::size_t row = 0; row < h; ++row) {
      const auto y = static_cast<float>(row);
      const V begin_x = hn::Set(d, map.xy * y + map.x0);
      const V begin_y = hn::Set(d, map.yy * y + map.y0);
      for (std::size_t column = 0; column < w; column += kLanes, out += kLanes) {
        const V place = hn::Add(hn::Set(d, static_cast<float>(column)), lanes);
        // Coordinates are those of the cells and are clamped to the black cells around the picture.
        const V cell_x = hn::Add(Madd(xx, place, begin_x), one);
        const V cell_y = hn::Add(Madd(yx, place, begin_y), one);
        const V at_x = hn::Min(hn::Max(cell_x, zero), right_end);
        const V at_y = hn::Min(hn::Max(cell_y, zero), lower_end);
        const auto whole_x = hn::ConvertTo(di, at_x);
        const auto whole_y = hn::ConvertTo(di, at_y);
        const V share_x = hn::Sub(at_x, hn::ConvertTo(d, whole_x));
        const V share_y = hn::Sub(at_y, hn::ConvertTo(d, whole_y));
        const auto index = hn::Add(hn::Mul(whole_y, row_size), whole_x);
        const VU cell = hn::GatherIndex(du, cells, index);
        const V upper_left = number(hn::And(cell, byte));
        const V upper_right = number(hn::And(hn::ShiftRight<8>(cell), byte));
        const V lower_left = number(hn::And(hn::ShiftRight<16>(cell), byte));
        const V lower_right = number(hn::ShiftRight<24>(cell));
        const V upper = Madd(share_x, hn::Sub(upper_right, upper_left), upper_left);
        const V lower = Madd(share_x, hn::Sub(lower_right, lower_left), lower_left);
        const V value = Madd(share_y, hn::Sub(lower, upper), upper);
        const V result = Madd(hn::Set(d, scale), value, hn::Set(d, shift));
        if (column + kLanes <= w) {
          hn::StoreU(result, d, out);
        } else {
          StoreTail(result, out, w - column);
          out -= kLanes - (w - column);
        }
      }
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace lanegrad::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lanegrad::kernels {

HWY_EXPORT(WarpKernel);

namespace {

// The number of pictures in a tile: enough pixels to be worth waking other threads for.
Index tile_size(Index h, Index w) {
  constexpr Index kPixels = 8192;
  return h * w < kPixels ? kPixels / (h * w) : 1;
}

Index tiles_of(Index count, Index h, Index w) {
  return (count + tile_size(h, w) - 1) / tile_size(h, w);
}

}  // namespace

Index warp_workspace(Index count, Index h, Index w) {
  return tiles_of(count, h, w) * (h + 2) * (w + 2);
}

void warp_bytes(const std::uint8_t* x, const std::uint32_t* rows, const Affine* maps, Index count,
                Index h, Index w, Real scale, Real shift, std::uint32_t* workspace, Real* out) {
  const auto number = [](Index n) { return static_cast<std::size_t>(n); };
  parallel_for(tiles_of(count, h, w), [=](Index tile) {
    const Index size = tile_size(h, w);
    const Index first = tile * size;
    const Index some = count - first < size ? count - first : size;
    HWY_DYNAMIC_DISPATCH(WarpKernel)
    (x, rows + first, maps + first, number(some), number(h), number(w), scale, shift,
     workspace + tile * (h + 2) * (w + 2), out + first * h * w);
  });
}

}  // namespace lanegrad::kernels
#endif
