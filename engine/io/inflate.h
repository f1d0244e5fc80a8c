// Unpacks what zip archives call deflated (RFC 1951).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lanegrad {

// Deflate turns at most so many bytes into one: a code of two bits stands for 258 equal bytes.
inline constexpr std::size_t kMostInflation = 1032;

// The bytes that `packed` stands for, which are `size` as the file around it says. Nothing is
// allocated for a size that so few bytes cannot have. Throws CorruptData where the bytes are no
// deflated data, where these end early or late, or where they give another number of bytes.
std::vector<std::uint8_t> inflate(std::span<const std::uint8_t> packed, std::uint64_t size);

}  // namespace lanegrad
