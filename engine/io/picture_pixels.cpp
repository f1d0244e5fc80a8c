// One picture at a time is put in order, turned into numbers and scaled.
#include "engine/io/picture_pixels.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace lanegrad {

namespace {

std::span<const std::uint8_t> values_of(const Numbers& numbers) {
  return std::span<const std::uint8_t>(numbers.bytes).subspan(numbers.begin);
}

bool is_channels(Index extent) { return extent >= 1 && extent <= 4; }

// Whether the channels of [N, A, B, C] are behind: grey and colour are likelier than 2 or 4
// channels.
bool is_channels_last(const std::vector<Index>& extents) {
  const bool likely = extents[3] == 1 || extents[3] == 3;
  return is_channels(extents[3]) && (likely || (extents[1] != 1 && extents[1] != 3));
}

// The bytes of one picture's numbers, [C, H, W].
void gather(const Numbers& numbers, const PictureLayout& layout, Index picture, bool turned,
            std::vector<std::uint8_t>& raw) {
  const std::size_t size = size_of(numbers.type);
  const std::uint8_t* const values = values_of(numbers).data();
  const Index rows = turned ? layout.width : layout.height;
  const Index columns = turned ? layout.height : layout.width;
  const Index next_row = turned ? layout.next_column : layout.next_row;
  const Index next_column = turned ? layout.next_row : layout.next_column;
  std::uint8_t* to = raw.data();
  for (Index c = 0; c < layout.channels; ++c) {
    for (Index h = 0; h < rows; ++h) {
      Index at = picture * layout.next_picture + c * layout.next_channel + h * next_row;
      for (Index w = 0; w < columns; ++w, at += next_column, to += size) {
        const std::uint8_t* const from = values + static_cast<std::size_t>(at) * size;
        for (std::size_t k = 0; k < size; ++k) to[k] = from[k];
      }
    }
  }
}

std::uint8_t byte_of(double value) {
  return static_cast<std::uint8_t>(std::clamp(std::floor(value + 0.5), 0.0, 255.0));
}

// Appends a picture of `from` channels as one of `to`; alpha, the second or fourth one, is dropped.
void append_channels(const std::uint8_t* pixels, std::size_t area, Index from, Index to,
                     std::vector<std::uint8_t>& out) {
  const bool colour = from >= 3;
  if (colour && to == 1) {
    // The weights of ITU-R BT.601, with which viewers make grey.
    for (std::size_t i = 0; i < area; ++i) {
      out.push_back(
          byte_of(0.299 * pixels[i] + 0.587 * pixels[area + i] + 0.114 * pixels[2 * area + i]));
    }
    return;
  }
  for (Index c = 0; c < to; ++c) {
    const std::uint8_t* const begin = pixels + (colour ? static_cast<std::size_t>(c) * area : 0);
    out.insert(out.end(), begin, begin + area);
  }
}

}  // namespace

PictureLayout layout_of(const Numbers& numbers) {
  const std::vector<Index>& e = numbers.extents;
  std::vector<Index> steps(e.size());
  Index step = 1;
  for (std::size_t i = 0; i < e.size(); ++i) {
    const std::size_t axis = numbers.fortran ? i : e.size() - 1 - i;
    steps[axis] = step;
    step *= e[axis];
  }
  const auto refuse = [&](std::string_view expected) {
    refuse_pictures(numbers.name, "has the shape ", std::string_view(extents_text(e)),
                    ", expected ", expected);
  };
  PictureLayout layout;
  if (e.size() == 2) {
    const Index side = square_side(e[1]);
    if (side == 0) refuse("square pictures such as [60000, 784], or [pictures, height, width]");
    layout = {.channels = e[1] / (side * side),
              .height = side,
              .width = side,
              .next_picture = steps[0],
              .next_channel = side * side * steps[1],
              .next_row = side * steps[1],
              .next_column = steps[1]};
  } else if (e.size() == 3) {
    layout = {.height = e[1],
              .width = e[2],
              .next_picture = steps[0],
              .next_row = steps[1],
              .next_column = steps[2]};
  } else if (e.size() == 4 && is_channels_last(e)) {
    layout = {.channels = e[3],
              .height = e[1],
              .width = e[2],
              .next_picture = steps[0],
              .next_channel = steps[3],
              .next_row = steps[1],
              .next_column = steps[2]};
  } else if (e.size() == 4 && is_channels(e[1])) {
    layout = {.channels = e[1],
              .height = e[2],
              .width = e[3],
              .next_picture = steps[0],
              .next_channel = steps[1],
              .next_row = steps[2],
              .next_column = steps[3]};
  } else {
    refuse("[pictures, height, width], or with 1 or 3 channels behind or before height and width");
  }
  if (layout.height == 0 || layout.width == 0) refuse("pictures of at least 1 × 1");
  return layout;
}

PixelScale scale_of(const std::vector<const Numbers*>& arrays, std::vector<std::string>& notes) {
  constexpr std::size_t kPiece = 1 << 16;
  double low = 255;
  double high = 0;
  bool whole = true;
  bool pixels = true;
  for (const Numbers* numbers : arrays) {
    if (numbers->are_pixels) {
      low = 0;
      high = 255;
      continue;
    }
    pixels = false;
    const auto values = values_of(*numbers);
    const std::size_t piece = kPiece * size_of(numbers->type);
    for (std::size_t at = 0; at < values.size(); at += piece) {
      for (const Real value : to_reals(values.subspan(at, std::min(piece, values.size() - at)),
                                       numbers->type, numbers->big_endian, numbers->name)) {
        if (!std::isfinite(value))
          refuse_pictures(numbers->name, "holds numbers that are not finite, expected pixels");
        low = std::min(low, static_cast<double>(value));
        high = std::max(high, static_cast<double>(value));
        whole = whole && value == std::floor(value);
      }
    }
  }
  constexpr double kDark = 32;  // numbers of so few steps are no bytes
  if (pixels || high <= low || (whole && low >= 0 && high <= 255 && high > kDark)) return {};
  PixelScale scale{.as_they_are = false};
  if (low >= 0 && high > kDark && high <= 255) {
    notes.emplace_back("Pixels were rounded to whole numbers from 0 to 255.");
    return scale;
  }
  scale = low >= 0 && high <= 1    ? PixelScale{false, 0, 1}
          : low >= -1 && high <= 1 ? PixelScale{false, -1, 1}
                                   : PixelScale{false, std::min(low, 0.0), high};
  notes.push_back(
      str("Numbers from ", scale.low, " to ", scale.high, " became pixels from 0 to 255."));
  return scale;
}

void append_pixels(const Numbers& numbers, const PixelScale& scale, bool turned, Index channels,
                   std::vector<std::uint8_t>& out) {
  const PictureLayout layout = layout_of(numbers);
  const auto area = static_cast<std::size_t>(layout.height * layout.width);
  const std::size_t count = area * static_cast<std::size_t>(layout.channels);
  std::vector<std::uint8_t> raw(count * size_of(numbers.type));
  std::vector<std::uint8_t> pixels(count);
  const double factor = 255 / (scale.high - scale.low);
  for (Index i = 0; i < numbers.count(); ++i) {
    gather(numbers, layout, i, turned, raw);
    if (numbers.type == NumberType::U8 && scale.as_they_are) {
      append_channels(raw.data(), area, layout.channels, channels, out);
      continue;
    }
    const std::vector<Real> values = to_reals(raw, numbers.type, numbers.big_endian, numbers.name);
    for (std::size_t k = 0; k < count; ++k) {
      pixels[k] = byte_of((static_cast<double>(values[k]) - scale.low) * factor);
    }
    append_channels(pixels.data(), area, layout.channels, channels, out);
  }
}

}  // namespace lanegrad
