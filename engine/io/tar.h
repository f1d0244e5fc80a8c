// Reads tar archives (POSIX ustar, and what GNU tar makes of it).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace lanegrad {

struct TarMember {
  std::string name = {};
  std::span<const std::uint8_t> bytes = {};
};

// Whether the bytes begin as such an archive does.
bool is_tar(std::span<const std::uint8_t> bytes);

// The plain files of an archive as views of `bytes`; folders and links are passed over. Throws
// CorruptData, naming the archive, where it is cut short or a header is not as the format says.
std::vector<TarMember> read_tar(std::span<const std::uint8_t> bytes, std::string_view name);

}  // namespace lanegrad
