// Bytes of files.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lanegrad::cli {

// Throws NotFound "train: PATH cannot be read, expected EXPECTED".
std::vector<std::uint8_t> read_file(const std::string& path, std::string_view expected);

// Whoever looks, at whatever moment, and whatever breaks meanwhile: the file has its old bytes or
// all the new ones. Throws InvalidState naming the path and what the system says.
void write_file(const std::string& path, std::span<const std::uint8_t> bytes);

}  // namespace lanegrad::cli
