// Unpacks what zip archives call deflated (RFC 1951).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace lanegrad {

// Deflate turns at most so many bytes into one: a code of two bits stands for 258 equal bytes.
inline constexpr std::size_t kMostInflation = 1032;

// The bytes that `packed` stands for, which are `size` as the file around it says. Nothing is
// allocated for a size that so few bytes cannot have. Throws CorruptData where the bytes are no
// deflated data, where these end early or late, or where they give another number of bytes.
std::vector<std::uint8_t> inflate(std::span<const std::uint8_t> packed, std::uint64_t size);

// Unpacks deflated data piece by piece.
class Inflater {
 public:
  // The data stand at the beginning of `packed`, which stays where it is as long as this lives;
  // they stand for at most `most` bytes.
  Inflater(std::span<const std::uint8_t> packed, std::uint64_t most);
  ~Inflater();

  // Appends about `some` more bytes to `out`, which holds the 32 kB before them, and returns
  // whether these are the last ones. Throws CorruptData as inflate does.
  bool run(std::size_t some, std::vector<std::uint8_t>& out);
  // How many bytes the data have, once all are unpacked.
  std::size_t used();

 private:
  class Stream;
  std::unique_ptr<Stream> stream_;
};

}  // namespace lanegrad
