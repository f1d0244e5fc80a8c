// The header says what the values are; whether its byte order is meant, the values tell.
#include "engine/io/idx_pictures.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/io/idx.h"

namespace lanegrad {

namespace {

constexpr std::size_t kMagic = 4;

std::optional<NumberType> type_of(std::uint8_t code) {
  switch (code) {
    case 0x08:
      return NumberType::U8;
    case 0x09:
      return NumberType::I8;
    case 0x0B:
      return NumberType::I16;
    case 0x0C:
      return NumberType::I32;
    case 0x0D:
      return NumberType::F32;
    case 0x0E:
      return NumberType::F64;
    default:
      return std::nullopt;
  }
}

// How many of the numbers are none that pictures or labels have, in this byte order.
std::size_t count_strange(std::span<const std::uint8_t> bytes, NumberType type, bool big_endian) {
  const bool whole = type == NumberType::I16 || type == NumberType::I32;
  const std::size_t size = size_of(type);
  std::size_t strange = 0;
  for (std::size_t at = 0; at + size <= bytes.size(); at += size) {
    std::uint64_t bits = 0;
    for (std::size_t k = 0; k < size; ++k) {
      bits |= std::uint64_t{bytes[at + k]} << (8 * (big_endian ? size - 1 - k : k));
    }
    if (whole) {
      const auto value = type == NumberType::I16
                             ? static_cast<std::int16_t>(bits)
                             : static_cast<std::int32_t>(static_cast<std::uint32_t>(bits));
      strange += value < -255 || value > 255 ? 1 : 0;
      continue;
    }
    // An exponent that stands for 2^-40 to 2^20, or zero.
    const int exponent = type == NumberType::F32 ? static_cast<int>(bits >> 23 & 0xFF) - 127
                                                 : static_cast<int>(bits >> 52 & 0x7FF) - 1023;
    const bool zero = (bits << (type == NumberType::F32 ? 33 : 1)) == 0;
    strange += !zero && (exponent < -40 || exponent > 20) ? 1 : 0;
  }
  return strange;
}

bool is_little_endian(std::span<const std::uint8_t> values, NumberType type) {
  if (size_of(type) == 1) return false;
  constexpr std::size_t kLookedAt = std::size_t{1} << 20;
  const auto some = values.first(std::min(values.size(), kLookedAt));
  return count_strange(some, type, false) < count_strange(some, type, true);
}

}  // namespace

bool is_idx(const PictureFile& file) {
  const auto& bytes = file.bytes;
  return bytes.size() >= kMagic && bytes[0] == 0 && bytes[1] == 0 && type_of(bytes[2]) &&
         bytes[3] >= 1 && bytes[3] <= 4;
}

void read_idx_pictures(PictureFile file, PictureParts& parts) {
  const std::string& name = file.name;
  const std::span<const std::uint8_t> bytes = file.bytes;
  const NumberType type = type_of(bytes[2]).value_or(NumberType::U8);
  const std::size_t axes = bytes[3];
  const std::size_t header = kMagic + 4 * axes;
  if (bytes.size() < header)
    refuse_pictures(name, "is an IDX file that is cut short: ", bytes.size(),
                    " bytes, expected a header of ", header);
  std::vector<Index> extents;
  // In floating point, in which nothing overflows.
  double expected = static_cast<double>(size_of(type));
  for (std::size_t axis = 0; axis < axes; ++axis) {
    extents.push_back(idx_extent(bytes, axis));
    expected *= static_cast<double>(extents.back());
  }
  const auto found = static_cast<double>(bytes.size() - header);
  if (found < expected)
    refuse_pictures(name, "is an IDX file that is cut short: ", bytes.size(), " bytes, expected ",
                    number_text(expected + static_cast<double>(header), 15), " for ",
                    std::string_view(extents_text(extents)), "; download or copy it again");
  if (found > expected)
    refuse_pictures(name, "is an IDX file that is too long: ", bytes.size(), " bytes, expected ",
                    number_text(expected + static_cast<double>(header), 15), " for ",
                    std::string_view(extents_text(extents)));
  const bool little = is_little_endian(bytes.subspan(header), type);
  if (little)
    parts.notes.push_back(
        str(name, " has its numbers little-endian, though the format says big-endian."));
  Numbers numbers{.name = name,
                  .side = side_of(name),
                  .extents = std::move(extents),
                  .type = type,
                  .big_endian = !little,
                  .are_pixels = type == NumberType::U8,
                  .bytes = {},
                  .begin = header};
  numbers.bytes = std::move(file.bytes);
  if (has_extents_of_labels(numbers.extents)) {
    if (axes == 2 && numbers.extents[1] > 1)
      parts.notes.push_back(str("Of the ", numbers.extents[1], " columns of ", name,
                                ", the first one was taken as the class."));
    parts.parts.push_back({.images = std::nullopt, .labels = labels_of(numbers)});
  } else {
    parts.parts.push_back({.images = std::move(numbers)});
  }
}

}  // namespace lanegrad
