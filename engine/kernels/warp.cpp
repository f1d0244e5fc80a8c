// Pictures of bytes, moved by affine maps. A picture is first turned into cells, each of which
// holds the four pixels around a place, so that a lane needs one load instead of four.
#include <string.h>  // memset: no inline function of <cstring>, see vector-inl.h

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

// The rows and columns of a picture that are not black: the first, and the one behind the last.
struct Box {
  std::size_t top, bottom, left, right;
};

Box BoxOf(const std::uint8_t* x, std::size_t h, std::size_t w) {
  std::size_t begin = 0;
  std::size_t end = h * w;
  while (begin < end && x[begin] == 0) ++begin;
  while (begin < end && x[end - 1] == 0) --end;
  Box box{begin / w, (end + w - 1) / w, w, 0};
  for (std::size_t row = box.top; row < box.bottom; ++row) {
    const std::uint8_t* const pixels = x + row * w;
    std::size_t left = 0;
    while (left < box.left && pixels[left] == 0) ++left;
    box.left = left;
    std::size_t right = w;
    while (right > box.right && pixels[right - 1] == 0) --right;
    box.right = right;
  }
  return box;
}

// cells: [h + 2, w + 2], made of x: [h, w]. Cell (i, j) holds the pixels (i − 1, j − 1), (i − 1,
// j), (i, j − 1), (i, j), the first in its lowest byte; a pixel outside of the picture is 0. Only
// what touches the box is written, the rest has to be 0.
void MakeCells(const std::uint8_t* x, std::size_t w, const Box& box, std::uint32_t* cells) {
  for (std::size_t i = box.top; i <= box.bottom; ++i) {
    const std::uint8_t* above = i > box.top ? x + (i - 1) * w : nullptr;
    const std::uint8_t* below = i < box.bottom ? x + i * w : nullptr;
    std::uint32_t* cell = cells + i * (w + 2) + box.left;
    std::uint32_t left = 0;  // the pixels of the column before
    for (std::size_t j = box.left; j < box.right; ++j) {
      const std::uint32_t upper = above ? above[j] : 0u;
      const std::uint32_t lower = below ? below[j] : 0u;
      const std::uint32_t right = upper | lower << 16;
      *cell++ = left | right << 8;
      left = right;
    }
    *cell = left;
  }
}

// The places of a row of the result that may show something.
struct Interval {
  float first, last;

  // Leaves those where begin + slope · place is between the pixels `low` and `high`, or half a
  // pixel beside them, which is more than rounding can be.
  void Narrow(float begin, float slope, std::size_t low, std::size_t high) {
    const float before = static_cast<float>(low) - 1.5f - begin;
    const float behind = static_cast<float>(high) + 0.5f - begin;
    if (slope == 0) {
      if (before > 0 || behind < 0) last = -1;
      return;
    }
    const float a = before / slope;
    const float b = behind / slope;
    first = HWY_MAX(first, HWY_MIN(a, b));
    last = HWY_MIN(last, HWY_MAX(a, b));
  }
};

// The whole part of numbers of 0 to 2^23.
HWY_INLINE hn::Vec<hn::RebindToSigned<D>> Whole(V x) {
#if HWY_TARGET == HWY_WASM && defined(__wasm_relaxed_simd__)
  return {wasm_i32x4_relaxed_trunc_f32x4(x.raw)};
#else
  return hn::ConvertTo(hn::RebindToSigned<D>(), x);
#endif
}

// Warps the pictures of one tile, one channel after the other, with the cells in one shared
// workspace. What comes from the black around what is drawn is not computed.
void WarpKernel(const std::uint8_t* x, const std::uint32_t* rows, const Affine* maps,
                std::size_t count, std::size_t channels, std::size_t h, std::size_t w,
                const Levels* levels, std::uint32_t* cells, float* out) {
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
  const ToFloat to_float;
  Fetch(x, rows, count, channels * h * w);
  for (std::size_t i = 0; i < count * channels; ++i, out += h * w) {
    const std::size_t channel = i % channels;
    const std::size_t plane = rows[i / channels] * channels + channel;
    const std::uint8_t* const picture = x + plane * h * w;
    const V scale = hn::Set(d, levels[channel].scale);
    const V shift = hn::Set(d, levels[channel].shift);
    std::size_t filled = 0;
    for (; filled + kLanes <= h * w; filled += kLanes) hn::StoreU(shift, d, out + filled);
    for (; filled < h * w; ++filled) out[filled] = levels[channel].shift;
    const Box box = BoxOf(picture, h, w);
    if (box.top == box.bottom) continue;
    memset(cells, 0, (h + 2) * (w + 2) * sizeof(*cells));
    MakeCells(picture, w, box, cells);
    const Affine& map = maps[i / channels];
    const V xx = hn::Set(d, map.xx);
    const V yx = hn::Set(d, map.yx);
    for (std::size_t row = 0; row < h; ++row) {
      const auto y = static_cast<float>(row);
      const float row_x = map.xy * y + map.x0;
      const float row_y = map.yy * y + map.y0;
      Interval places{0, static_cast<float>(w - 1)};
      places.Narrow(row_x, map.xx, box.left, box.right);
      places.Narrow(row_y, map.yx, box.top, box.bottom);
      if (places.first > places.last) continue;
      const V begin_x = hn::Set(d, row_x);
      const V begin_y = hn::Set(d, row_y);
      const auto end = static_cast<std::size_t>(places.last) + 1;
      for (auto column = static_cast<std::size_t>(places.first); column < end; column += kLanes) {
        const V place = hn::Add(hn::Set(d, static_cast<float>(column)), lanes);
        // Coordinates are those of the cells and are clamped to the black cells around the picture.
        const V cell_x = hn::Add(Madd(xx, place, begin_x), one);
        const V cell_y = hn::Add(Madd(yx, place, begin_y), one);
        const V at_x = Smaller(right_end, Larger(zero, cell_x));
        const V at_y = Smaller(lower_end, Larger(zero, cell_y));
        const auto whole_x = Whole(at_x);
        const auto whole_y = Whole(at_y);
        const V share_x = hn::Sub(at_x, hn::ConvertTo(d, whole_x));
        const V share_y = hn::Sub(at_y, hn::ConvertTo(d, whole_y));
        const auto index = hn::Add(hn::Mul(whole_y, row_size), whole_x);
        const VU cell = hn::GatherIndex(du, cells, index);
        const V upper_left = to_float(hn::And(cell, byte));
        const V upper_right = to_float(hn::And(hn::ShiftRight<8>(cell), byte));
        const V lower_left = to_float(hn::And(hn::ShiftRight<16>(cell), byte));
        const V lower_right = to_float(hn::ShiftRight<24>(cell));
        const V upper = Madd(share_x, hn::Sub(upper_right, upper_left), upper_left);
        const V lower = Madd(share_x, hn::Sub(lower_right, lower_left), lower_left);
        const V value = Madd(share_y, hn::Sub(lower, upper), upper);
        const V result = Madd(scale, value, shift);
        float* const to = out + row * w + column;
        if (column + kLanes <= w) {
          hn::StoreU(result, d, to);
        } else {
          StoreTail(result, to, w - column);
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
                Index channels, Index h, Index w, const Levels* levels, std::uint32_t* workspace,
                Real* out) {
  const auto number = [](Index n) { return static_cast<std::size_t>(n); };
  parallel_for(tiles_of(count, h, w), [=](Index tile) {
    const Index size = tile_size(h, w);
    const Index first = tile * size;
    const Index some = count - first < size ? count - first : size;
    HWY_DYNAMIC_DISPATCH(WarpKernel)
    (x, rows + first, maps + first, number(some), number(channels), number(h), number(w), levels,
     workspace + tile * (h + 2) * (w + 2), out + first * channels * h * w);
  });
}

}  // namespace lanegrad::kernels
#endif
