// Files in the format of safetensors, right and wrong ones, for tests.
#pragma once

#include <cstring>
#include <limits>

#include "engine/core/random.h"
#include "engine/io/safetensors.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

using Bytes = std::vector<std::uint8_t>;

// A file of this header and so many bytes of data, 0, 1, 2, …
inline Bytes file(std::string_view header, std::size_t data = 0) {
  Bytes bytes(8 + header.size() + data);
  const std::uint64_t length = header.size();
  std::memcpy(bytes.data(), &length, 8);
  std::memcpy(bytes.data() + 8, header.data(), header.size());
  for (std::size_t i = 0; i < data; ++i) {
    bytes[8 + header.size() + i] = static_cast<std::uint8_t>(i);
  }
  return bytes;
}

// The refusal of such a file, without "CorruptData: safetensors: ".
inline std::string refusal(std::string_view header, std::size_t data = 0) {
  const Bytes bytes = file(header, data);
  const std::string error = error_of([&] { parse_safetensors(bytes); });
  const std::string_view start = "CorruptData: safetensors: ";
  return error.starts_with(start) ? error.substr(start.size()) : error;
}

inline std::string header_of(const Bytes& bytes) {
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  return {bytes.begin() + 8, bytes.begin() + 8 + static_cast<std::ptrdiff_t>(length)};
}

template <class T>
std::span<const std::uint8_t> bytes_of(const std::vector<T>& values) {
  return {reinterpret_cast<const std::uint8_t*>(values.data()), values.size() * sizeof(T)};
}

// A file with tensors of several dtypes and ranks, and text that has to be escaped.
inline Bytes example() {
  static const std::vector<float> weight = {1, -2, 0.5f, std::numeric_limits<float>::infinity(),
                                            0, 6};
  static const std::vector<std::int64_t> steps = {1234567890123};
  static const std::vector<std::uint8_t> mask = {1, 0, 255};
  return write_safetensors(
      {.metadata = {{"version", "1"}, {"quote \" and \\", "line\nend\x01\x1f ü €"}},
       .tensors = {{"mask", "U8", {3}, bytes_of(mask)},
                   {"dense1.weight", "F32", {2, 3}, bytes_of(weight)},
                   {"empty", "F32", {0, 4}, {}},
                   {"steps", "I64", {}, bytes_of(steps)}}});
}

}  // namespace lanegrad::test
