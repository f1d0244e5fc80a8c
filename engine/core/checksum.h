// A number that tells data apart: no proof against people, but against mistakes.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>

namespace lanegrad {

// Of the bytes of these, after others whose checksum is given. In the manner of FNV-1a, with words
// of eight bytes.
template <class T>
std::uint64_t checksum(std::span<const T> values, std::uint64_t before = 0xCBF29CE484222325) {
  const auto bytes = std::as_bytes(values);
  std::uint64_t sum = before ^ bytes.size();
  for (std::size_t i = 0; i < bytes.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + i, bytes.size() - i < 8 ? bytes.size() - i : 8);
    sum = (sum ^ word) * 0x9E3779B97F4A7C15;
    sum ^= sum >> 32;
  }
  return sum;
}

}  // namespace lanegrad
