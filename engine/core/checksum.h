// A checksum, which tells data apart. It guards against mistakes, not against forgery.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>

namespace lanegrad {

// The checksum of the bytes of `values`, in the manner of FNV-1a with words of eight bytes. The
// checksum of data in several parts is made part by part: `before` is the checksum of the parts
// that came first.
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
