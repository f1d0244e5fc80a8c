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

// Appends to `out` what the deflated data at the beginning of `packed` stand for, which are at most
// `most` bytes, and returns how many bytes the data have. Throws CorruptData as inflate does.
std::size_t inflate_some(std::span<const std::uint8_t> packed, std::uint64_t most,
                         std::vector<std::uint8_t>& out);

}  // namespace lanegrad
