// Reads the header of an IDX file and checks it against the number of bytes before anything is
// allocated because of it.
#include "engine/io/idx.h"

#include <limits>
#include <string>
#include <utility>

#include "engine/core/error.h"

namespace lanegrad {

namespace {

constexpr std::size_t kMagicSize = 4;
constexpr std::uint8_t kUnsignedByte = 0x08;
constexpr std::size_t kMaxAxes = 4;

std::string extents_text(const std::vector<Index>& extents) {
  std::string out;
  for (const Index extent : extents) out += str(out.empty() ? "[" : ", ", extent);
  return out + "]";
}

}  // namespace

Index idx_extent(std::span<const std::uint8_t> header, std::size_t axis) {
  const auto bytes = header.subspan(kMagicSize + 4 * axis, 4);
  return Index{bytes[0]} << 24 | Index{bytes[1]} << 16 | Index{bytes[2]} << 8 | Index{bytes[3]};
}

Idx parse_idx(std::span<const std::uint8_t> bytes, std::string_view name) {
  IdxHeader header = parse_idx_header(bytes, bytes.size(), name);
  return {.extents = std::move(header.extents), .values = bytes.subspan(header.size)};
}

IdxHeader parse_idx_header(std::span<const std::uint8_t> bytes, std::size_t size,
                           std::string_view name) {
  const auto refuse = [&](const std::string& what, ErrorCode code = ErrorCode::CorruptData) {
    fail(code, {.op = "idx", .field = std::string(name)}, "idx: ", name, ": ", what);
  };
  if (bytes.empty()) refuse("no bytes, expected an IDX file");
  if (bytes.size() < kMagicSize)
    refuse(str(size, size == 1 ? " byte" : " bytes", ", expected a header of at least 8"));
  if (bytes[0] != 0 || bytes[1] != 0)
    refuse(str("starts with the bytes ", bytes[0], " ", bytes[1], ", expected 0 0"));
  if (bytes[2] != kUnsignedByte)
    refuse(str("values of type ", bytes[2], ", expected ", kUnsignedByte, " (unsigned bytes)"),
           ErrorCode::Unsupported);
  const std::size_t axes = bytes[3];
  if (axes < 1 || axes > kMaxAxes) refuse(str(axes, " axes, expected 1 to ", kMaxAxes));
  const std::size_t header = kMagicSize + 4 * axes;
  if (bytes.size() < header)
    refuse(str(size, " bytes, expected a header of ", header, " for ", axes,
               axes == 1 ? " axis" : " axes"));

  IdxHeader idx{.size = header};
  Index expected = 1;
  bool overflow = false;
  for (std::size_t axis = 0; axis < axes; ++axis) {
    const Index extent = idx_extent(bytes, axis);
    idx.extents.push_back(extent);
    overflow = overflow || (extent > 0 && expected > std::numeric_limits<Index>::max() / extent);
    if (!overflow) expected *= extent;
  }
  const std::string extents = extents_text(idx.extents);
  if (overflow) refuse(str("extents ", extents, " give more values than can be counted"));
  const auto found = static_cast<Index>(size - header);
  if (found != expected)
    refuse(str(found < expected ? "truncated, " : "too long, ", found, " values, expected ",
               expected, " for the extents ", extents));
  return idx;
}

}  // namespace lanegrad
